// What an instruction set fills in: one probe against sixteen templates at once, in integers.
// Everything that is not this loop is written once, elsewhere. Includes nothing that a kernel's
// flags could turn into other code.
#pragma once

#include <cstddef>
#include <cstdint>

namespace obverse {

// Sixteen templates lie together. A line of 64 bytes holds four dimensions (a quad) of each of
// them:
//   line q, byte 4 * lane + i  =  value of dimension 4 * q + i of template `lane`, plus 128.
// So a line is one operand of AVX-512 VNNI, which wants one side unsigned, and no lane is ever
// summed across.
inline constexpr std::size_t kernel_lanes = 16;
inline constexpr std::size_t kernel_line_bytes = 64;
inline constexpr std::uint8_t kernel_zero = 128;  // how the value 0 is stored

// Four dimensions a quad, zero-padded. Any value -128..127 on both sides is summed without overflow
// up to this length.
inline constexpr std::uint32_t kernel_quads_max = 4096;

struct KernelProbe {
  const std::int8_t* values;  // 4 * quads of them
  std::uint32_t quads;
  std::int32_t sum;  // of all values
};

struct Kernel {
  const char* name;
  // dots[lane] = sum over all dimensions of template value * probe value: exact. lines: quads * 64
  // bytes, aligned to 64. ahead: the next group's lines, hinted to the cache; never read, may be
  // any address.
  void (*dot)(const std::uint8_t* lines, const KernelProbe& probe, const std::uint8_t* ahead,
              std::int32_t* dots);
};

// Null where the program was not built for an instruction set that has it. Whether the CPU has it:
// see choose.h.
const Kernel* scalar_kernel();
const Kernel* avx2_kernel();
const Kernel* avx512_kernel();

}  // namespace obverse
