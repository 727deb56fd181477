// What a backup consists of: every file with its size and SHA-256, how far the log goes in it, and
// a seal over all of that under a key made from the key-encryption key. Text, one form only: a
// manifest with one other byte is no manifest.
//
//   obverse backup 1
//   number N                     ; of runs into this folder, from 1
//   head POSITION CHAIN KEYS     ; the last entry, the chain after it, how many entries have a key
//   log NAME BYTES SHA256 FIRST LAST
//   vault NAME BYTES SHA256      ; sealed records, then wrapped keys
//   seal HMAC                    ; of all the lines before it
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/vault/kek.h"

namespace obverse {

struct BackupFile {
  std::string name;  // below the backup's folder
  std::uint64_t bytes = 0;
  Digest digest;
  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct LogPart {
  BackupFile file;
  Position first;
  Position last;
  friend bool operator==(const LogPart&, const LogPart&) = default;
};

struct Manifest {
  std::uint64_t number = 0;
  Position last;
  Digest chain;
  std::uint64_t keys = 0;
  std::vector<LogPart> parts;
  std::vector<BackupFile> vault;  // sealed records, wrapped keys
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

class BackupSeal {
 public:
  explicit BackupSeal(const Kek& kek);
  Digest of(std::string_view text) const;

 private:
  SecretBytes key_;
};

std::string encode_manifest(const Manifest&, const BackupSeal&);

// What is wrong, in words, if these are not the bytes that encode_manifest gives for some manifest
// under that seal.
std::expected<Manifest, std::string> decode_manifest(std::string_view bytes, const BackupSeal&);

}  // namespace obverse
