// Entries of the tail, read back by position. For a tail that a survey found good: a bad frame here
// is LogDamage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/rocks_store.h"
#include "ledger/log/segment.h"
#include "threads/lock.h"

namespace obverse {

class TailReader {
 public:
  TailReader(const Disk& disk, std::string folder);

  // In order, from `from` on; fewer than `entries_max` only at the end. Any thread.
  std::vector<KeptEntry> read(Position from, std::size_t entries_max) const;

 private:
  struct Loaded {
    std::uint64_t number = 0;
    std::string bytes;
    std::vector<Piece> pieces;
  };
  void load(std::uint64_t number) const REQUIRES(mutex_);

  const Disk& disk_;
  std::string folder_;
  std::map<std::uint64_t, std::uint64_t> segments_;  // first position -> number
  mutable Mutex mutex_;
  mutable Loaded loaded_ GUARDED_BY(mutex_);  // the segment last read
};

}  // namespace obverse
