// AVX-512 VNNI: one instruction multiplies and adds a whole line. Four sums run side by side to
// hide its latency.
#include <cstddef>
#include <cstdint>

#include "matcher/kernels/kernels.h"

#if defined(__AVX512VNNI__)
#include <immintrin.h>

namespace obverse {
namespace {

__m512i four_times_sixteen(const std::int8_t* values) {
  std::int32_t four = 0;
  __builtin_memcpy(&four, values, 4);
  return _mm512_set1_epi32(four);
}

__m512i add_line(__m512i sums, const std::uint8_t* lines, const KernelProbe& probe,
                 const std::uint8_t* ahead, std::size_t quad) {
  const std::size_t offset = quad * kernel_line_bytes;
  _mm_prefetch(reinterpret_cast<const char*>(ahead + offset), _MM_HINT_T0);
  return _mm512_dpbusd_epi32(sums, _mm512_load_si512(lines + offset),
                             four_times_sixteen(probe.values + 4 * quad));
}

void dot(const std::uint8_t* lines, const KernelProbe& probe, const std::uint8_t* ahead,
         std::int32_t* dots) {
  // Templates are stored 128 too high: 128 times the probe's sum is taken off at the start.
  __m512i a = _mm512_set1_epi32(-(kernel_zero * probe.sum));
  __m512i b = _mm512_setzero_si512();
  __m512i c = b;
  __m512i d = b;
  std::size_t quad = 0;
  for (; quad + 4 <= probe.quads; quad += 4) {
    a = add_line(a, lines, probe, ahead, quad);
    b = add_line(b, lines, probe, ahead, quad + 1);
    c = add_line(c, lines, probe, ahead, quad + 2);
    d = add_line(d, lines, probe, ahead, quad + 3);
  }
  for (; quad < probe.quads; ++quad) a = add_line(a, lines, probe, ahead, quad);
  _mm512_storeu_si512(dots, _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d)));
}

const Kernel kernel{"avx512", dot};

}  // namespace

const Kernel* avx512_kernel() { return &kernel; }

}  // namespace obverse
#else
namespace obverse {
const Kernel* avx512_kernel() { return nullptr; }
}  // namespace obverse
#endif
