// HMAC-SHA-256 (FIPS 198-1) by OpenSSL, and keys for one purpose each made from the key-encryption
// key: a mark for receipts cannot be passed off as a seal on a backup.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "ledger/model/digest.h"
#include "ledger/vault/kek.h"

namespace obverse {

Digest hmac(std::span<const std::byte> key, std::span<const std::byte> text);

// The key of that purpose: HMAC of the purpose's words under the key-encryption key.
SecretBytes key_for(const Kek& kek, std::string_view purpose);

}  // namespace obverse
