// 32 bytes that stand for other bytes: chain hashes, content digests, certificate fingerprints.
// SHA-256 everywhere.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

namespace obverse {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

}  // namespace obverse
