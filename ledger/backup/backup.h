// A backup of a data directory, made beside the server that serves from it, and continued by every
// later run into the same folder.
//
//   FOLDER/manifest                 what belongs to it (manifest.h); replaced when a run is
//   complete FOLDER/log/FIRST.part           entries from FIRST on, as frames of the tail; never
//   changed FOLDER/vault/records-N          sealed faces and PINs as of run N; the runs' before are
//   removed FOLDER/vault/keys-N             their wrapped keys; the run's before is overwritten,
//   then removed
//
// What was erased is gone from the backup with the next run: its key is in no file but keys-N, and
// the log never held more than a number. So copies of the folder that are kept elsewhere must leave
// keys-N out, or overwrite theirs too: with an old one and the key-encryption key, what was erased
// since could be read.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "ledger/backup/manifest.h"

namespace obverse {

// Nothing was changed in the backup that was there. what() names the file and the way out.
struct BackupFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct BackupWishes {
  std::uint64_t bytes_a_second = std::uint64_t{32} << 20U;  // so that the server keeps its disk
  std::uint64_t part_bytes = std::uint64_t{256} << 20U;     // then a new part is begun
  std::function<void(Position)> progress = {};              // how far the log was copied
};

struct BackupDone {
  Manifest manifest;
  std::uint64_t entries = 0;  // that this run added
};

// Throws BackupFault, LogDamage (the server's log), VaultFault, DiskFault.
BackupDone make_backup(const std::string& data, const std::string& folder, const BackupSeal& seal,
                       const BackupWishes& wishes = {});

inline constexpr char manifest_name[] = "manifest";

}  // namespace obverse
