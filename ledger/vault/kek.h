// The key that wraps the vault's epoch keys. It is kept by the operator, outside the vault's
// directory and its backups: a file of 64 characters 0-9 a-f, a line end allowed, that nobody but
// its owner may read.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "ledger/vault/secret_bytes.h"

namespace obverse {

class Kek {
 public:
  // Throws VaultFault where the file is not there, is not plain, is open to others, or holds no
  // key.
  static Kek from_file(const std::filesystem::path& file);

  // systemd's LoadCredential=name: the file of that name in $CREDENTIALS_DIRECTORY.
  static Kek from_credential(std::string_view name);

  // Writes a fresh key to a new file of mode 0600, synced; throws VaultFault if the file is there
  // already.
  static void make_file(const std::filesystem::path& file);

  const SecretBytes& key() const { return key_; }

 private:
  explicit Kek(SecretBytes key) : key_(std::move(key)) {}
  SecretBytes key_;
};

}  // namespace obverse
