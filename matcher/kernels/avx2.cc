// AVX2: bytes widened to 16 bits, since its byte multiply saturates; pairs of products added to 32
// bits.
#include <cstddef>
#include <cstdint>

#include "matcher/kernels/kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>

namespace obverse {
namespace {

std::int32_t four_bytes(const std::int8_t* values) {
  std::int32_t four = 0;
  __builtin_memcpy(&four, values, 4);
  return four;
}

__m256i products(const std::uint8_t* templates, __m256i probe) {
  const __m128i bytes = _mm_load_si128(reinterpret_cast<const __m128i*>(templates));
  return _mm256_madd_epi16(_mm256_cvtepu8_epi16(bytes), probe);
}

// sums holds two partial sums for each of four templates; so two of these make eight dots, in the
// order 0145 2367.
__m256i eight_dots(__m256i sums_low, __m256i sums_high, __m256i correction) {
  const __m256i mixed = _mm256_hadd_epi32(sums_low, sums_high);
  return _mm256_sub_epi32(_mm256_permute4x64_epi64(mixed, _MM_SHUFFLE(3, 1, 2, 0)), correction);
}

void dot(const std::uint8_t* lines, const KernelProbe& probe, const std::uint8_t* ahead,
         std::int32_t* dots) {
  __m256i a = _mm256_setzero_si256();
  __m256i b = a;
  __m256i c = a;
  __m256i d = a;
  for (std::size_t quad = 0; quad < probe.quads; ++quad) {
    const std::uint8_t* line = lines + quad * kernel_line_bytes;
    _mm_prefetch(reinterpret_cast<const char*>(ahead + quad * kernel_line_bytes), _MM_HINT_T0);
    const __m256i four = _mm256_cvtepi8_epi16(_mm_set1_epi32(four_bytes(probe.values + 4 * quad)));
    a = _mm256_add_epi32(a, products(line, four));
    b = _mm256_add_epi32(b, products(line + 16, four));
    c = _mm256_add_epi32(c, products(line + 32, four));
    d = _mm256_add_epi32(d, products(line + 48, four));
  }
  // Templates are stored 128 too high: 128 times the probe's sum is taken off again.
  const __m256i correction = _mm256_set1_epi32(kernel_zero * probe.sum);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(dots), eight_dots(a, b, correction));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(dots + 8), eight_dots(c, d, correction));
}

const Kernel kernel{"avx2", dot};

}  // namespace

const Kernel* avx2_kernel() { return &kernel; }

}  // namespace obverse
#else
namespace obverse {
const Kernel* avx2_kernel() { return nullptr; }
}  // namespace obverse
#endif
