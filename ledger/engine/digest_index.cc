#include "ledger/engine/digest_index.h"

#include <random>

namespace obverse {

std::uint64_t digest_salt() {
  static const std::uint64_t drawn =
      (std::uint64_t{std::random_device()()} << 32U) ^ std::random_device()();
  return drawn;
}

}  // namespace obverse
