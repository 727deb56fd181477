// Asks CPUID through the compiler's run time, which also asks the operating system about the wide
// registers.
#include "matcher/kernels/choose.h"

#include <stdexcept>

namespace obverse {

std::vector<const Kernel*> kernels_present() {
  std::vector<const Kernel*> present;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (avx512_kernel() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni")) {
    present.push_back(avx512_kernel());
  }
  if (avx2_kernel() && __builtin_cpu_supports("avx2")) present.push_back(avx2_kernel());
#endif
  present.push_back(scalar_kernel());
  return present;
}

std::vector<std::string_view> kernel_names() { return {"avx512", "avx2", "scalar"}; }

const Kernel* choose_kernel(std::string_view name) {
  const std::vector<const Kernel*> present = kernels_present();
  if (name.empty()) return present.front();
  std::string choices;
  for (const Kernel* kernel : present) {
    if (kernel->name == name) return kernel;
    choices += choices.empty() ? "" : ", ";
    choices += kernel->name;
  }
  throw std::invalid_argument("no kernel '" + std::string(name) + "' here; there is: " + choices);
}

}  // namespace obverse
