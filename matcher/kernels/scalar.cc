// The reference: what every kernel must give, written so that it can be read.
#include <cstddef>
#include <cstdint>

#include "matcher/kernels/kernels.h"

namespace obverse {
namespace {

void dot(const std::uint8_t* lines, const KernelProbe& probe, const std::uint8_t* /*ahead*/,
         std::int32_t* dots) {
  for (std::size_t lane = 0; lane < kernel_lanes; ++lane) dots[lane] = 0;
  for (std::size_t quad = 0; quad < probe.quads; ++quad) {
    const std::uint8_t* line = lines + quad * kernel_line_bytes;
    for (std::size_t byte = 0; byte < kernel_line_bytes; ++byte) {
      const std::int32_t value = std::int32_t{line[byte]} - kernel_zero;
      dots[byte / 4] += value * std::int32_t{probe.values[4 * quad + byte % 4]};
    }
  }
}

const Kernel kernel{"scalar", dot};

}  // namespace

const Kernel* scalar_kernel() { return &kernel; }

}  // namespace obverse
