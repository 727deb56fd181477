// Whether two walks met the same keys at the same positions, in whatever order each of them went:
// equal sums, equal sets. So all keys are compared by reading both copies from end to end, where
// looking each of them up would read RocksDB at random. The secret keeps whoever can write the
// files from choosing keys that cancel out.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "ledger/log/event_log.h"

namespace obverse {

class KeySum {
 public:
  explicit KeySum(std::uint64_t secret) : secret_(secret) {}

  void add(const Digest& key, Position position) {
    const auto words = std::bit_cast<std::array<std::uint64_t, 4>>(key.bytes);
    std::uint64_t carried = mixed(secret_ ^ position.value);
    for (std::size_t i = 0; i < words.size(); ++i) lanes_[i] += carried = mixed(carried + words[i]);
    ++count_;
  }

  friend bool operator==(const KeySum&, const KeySum&) = default;

 private:
  // Stafford's variant 13 of the finaliser of MurmurHash3: every bit of the sum depends on every
  // one.
  static std::uint64_t mixed(std::uint64_t word) {
    word = (word ^ word >> 30U) * 0xbf58476d1ce4e5b9U;
    word = (word ^ word >> 27U) * 0x94d049bb133111ebU;
    return word ^ word >> 31U;
  }

  std::uint64_t secret_;
  std::uint64_t count_ = 0;
  std::array<std::uint64_t, 4> lanes_{};
};

}  // namespace obverse
