// The exact search: every live template of a range of groups against one probe. No shortcut that
// could miss anybody.
#pragma once

#include <cstdint>

#include "matcher/gallery.h"
#include "matcher/kernels/kernels.h"
#include "matcher/top_k.h"

namespace obverse {

// A probe as the kernels take it. Refers to the template; does not own it.
class ScanProbe {
 public:
  explicit ScanProbe(const Template&);
  const KernelProbe& lanes() const { return lanes_; }
  std::uint32_t inverse_norm() const { return inverse_norm_; }

 private:
  KernelProbe lanes_;
  std::uint32_t inverse_norm_;
};

// Groups first to last, last excluded.
void scan(const Faces&, const Kernel&, const ScanProbe&, std::uint32_t first, std::uint32_t last,
          TopTwo& top);

// The greatest score over one person's templates; seat must be of these faces.
MatchScore compare(const Faces&, const Kernel&, const ScanProbe&, const Seat& seat);

}  // namespace obverse
