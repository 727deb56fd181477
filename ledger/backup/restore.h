// From a backup's folder to a data directory that a server can be started on, whole or as of an
// earlier position or time. Nothing is written before everything was verified.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/backup/backup.h"
#include "ledger/model/instant.h"
#include "ledger/vault/kek.h"

namespace obverse {

// Reads every byte. Throws BackupFault, naming the file, and the offset where it can be known.
Manifest verify_backup(const std::string& folder, const BackupSeal& seal,
                       const std::function<void(Position)>& progress = {});

struct Until {
  std::optional<Position> position = {};  // the last entry wanted
  std::optional<Instant> time = {};       // nothing that was recorded after it
};

struct RestoreDone {
  Position last;
  Digest chain;
  std::vector<std::string> vault;  // what opening it said
};

// `data` must not exist, or be empty; it appears in one rename, when all of it is on disk. Faces
// and PINs are those of the backup's last run whatever `until` says: what was erased stays erased,
// and what is newer than the restored log is left out. Throws BackupFault, DiskFault, VaultFault.
RestoreDone restore_backup(const std::string& folder, const std::string& data, const Kek& kek,
                           const Until& until = {},
                           const std::function<void(Position)>& progress = {});

}  // namespace obverse
