// What RocksDB's journals (its write-ahead logs and its MANIFEST) and CURRENT say, read before
// RocksDB opens them and writes them again. RocksDB says that something is wrong, and seldom where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/rocks_store.h"

namespace obverse {

struct Journal {
  std::string path;
  std::uint64_t end = 0;  // behind its last good record
  bool goes_on = false;   // what stands there is neither a record nor space that was reserved
};

class RocksJournals {
 public:
  RocksJournals(const Disk& disk, std::string folder);

  // What RocksDB must not be given: Debian's ends the process over write-ahead logs whose numbers
  // go back, at every start. They come of a disk that has lost what it had synced: one that was
  // dealt with stands beside its successor again. Or a CURRENT that leads nowhere.
  const std::optional<StoreDamage>& contradiction() const { return contradiction_; }

  // Where its write-ahead logs stop: the first that goes wrong, or the newest. Null without any.
  const Journal* last_log() const;

  // The damage with file and offset, as far as they can be told.
  StoreDamage located(StoreDamage damage) const;

 private:
  void read_logs(const std::vector<std::string>& names);
  void read_manifest(const std::vector<std::string>& names);
  std::string where_all_end() const;

  const Disk& disk_;
  std::string folder_;
  std::vector<Journal> logs_;  // oldest first
  std::optional<Journal> manifest_;
  std::optional<StoreDamage> contradiction_;
};

}  // namespace obverse
