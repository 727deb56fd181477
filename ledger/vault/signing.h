// Ed25519 (RFC 8032) by OpenSSL: what is signed here is verified by whoever has the public key, and
// without asking anybody. Knows nothing of what the bytes mean: each use begins its text with words
// of its own, so that one can never be passed off as another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ledger/vault/kek.h"
#include "ledger/vault/secret_bytes.h"

struct evp_pkey_st;

namespace obverse {

inline constexpr std::size_t seed_bytes = 32;

struct VerifyKey {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const VerifyKey&, const VerifyKey&) = default;
};
using Signature = std::array<std::uint8_t, 64>;

class SigningKey {
 public:
  // The key of that purpose: made from the key-encryption key, as keys for marks are.
  SigningKey(const Kek& kek, std::string_view purpose);
  // From the seed's seed_bytes bytes; throws std::invalid_argument if they are more or fewer.
  explicit SigningKey(const SecretBytes& seed);

  const VerifyKey& verify_key() const { return verify_key_; }
  // Any thread. The same text has the same signature.
  Signature sign(std::span<const std::byte> text) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
  VerifyKey verify_key_;
};

// Any thread.
bool is_signed(const VerifyKey& key, std::span<const std::byte> text, const Signature& signature);

}  // namespace obverse
