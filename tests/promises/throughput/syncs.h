// How often this process has really synced a file, and which: every call of fdatasync and fsync is
// counted on its way to the C library, so that nobody's own word has to be taken for it.
#pragma once

#include <cstdint>

namespace obverse::promises {

struct Syncs {
  std::uint64_t first_copy = 0;   // RocksDB's write-ahead log
  std::uint64_t second_copy = 0;  // the tail
  friend Syncs operator-(const Syncs& after, const Syncs& before) {
    return {after.first_copy - before.first_copy, after.second_copy - before.second_copy};
  }
};

Syncs syncs_so_far();

}  // namespace obverse::promises
