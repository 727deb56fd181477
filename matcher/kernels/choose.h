// Which kernels this program and this CPU (and its operating system) have between them, and which
// one to use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "matcher/kernels/kernels.h"

namespace obverse {

// Best first; never empty, since the scalar one needs nothing.
std::vector<const Kernel*> kernels_present();

// The names of all kernels that there are, best first, present or not.
std::vector<std::string_view> kernel_names();

// "" chooses the best present. Throws std::invalid_argument, naming the choices, if the asked one
// is not present.
const Kernel* choose_kernel(std::string_view name);

}  // namespace obverse
