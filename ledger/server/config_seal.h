// A settings file with a flipped bit may still be a settings file: another port, another folder, an
// empty ledger. What nobody can tell from the bytes is told from a seal beside them: FILE.seal has
// the SHA-256 of the settings and of the certificates and keys that they name, and of itself. Not
// in it: the key-encryption key, which the vault knows again by itself, and the revocation list,
// which changes often and is signed by its authority.
#pragma once

#include <filesystem>

#include "ledger/server/config.h"

namespace obverse {

// FILE.seal, written anew, synced. `config` is what was read from `file`. Throws ConfigError.
void seal_config(const std::filesystem::path& file, const Config& config);

// Whether there is a seal. Throws ConfigError, which names the file that is not what was sealed.
bool check_seal(const std::filesystem::path& file, const Config& config);

std::filesystem::path seal_of(const std::filesystem::path& file);

}  // namespace obverse
