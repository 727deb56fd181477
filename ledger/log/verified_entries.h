// Entries that a start has read and verified in both copies, in memory until the state has been
// made of them: they need not be fetched from RocksDB once more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/log/segments_ahead.h"

namespace obverse {

class VerifiedEntries {
 public:
  static constexpr std::uint64_t usual_bytes_max = 512U << 20U;
  // Of segments, as they are on disk; what is added beyond it is left to RocksDB.
  explicit VerifiedEntries(std::uint64_t bytes_max = usual_bytes_max) : bytes_max_(bytes_max) {}

  // A piece of the segment with the entries after those of the piece before, or further on.
  void add(const std::shared_ptr<const CheckedSegment>& segment, const CheckedPiece& piece);

  // Entries from `from` on without a gap, up to `last`: none if the first is not among them. Any
  // thread, once nothing is added any more.
  std::vector<StoredEntry> read(Position from, std::size_t entries_max, Position last) const;

 private:
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::vector<std::shared_ptr<const CheckedSegment>> segments_;
  std::vector<const CheckedPiece*> pieces_;  // in rising order, each with entries
};

}  // namespace obverse
