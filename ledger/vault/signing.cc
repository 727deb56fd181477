#include "ledger/vault/signing.h"

#include <openssl/evp.h>

#include <new>
#include <stdexcept>

#include "ledger/vault/hmac.h"

namespace obverse {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* bytes_of(std::span<const std::byte> text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void SigningKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

SigningKey::SigningKey(const Kek& kek, std::string_view purpose)
    : SigningKey(key_for(kek, purpose)) {}

SigningKey::SigningKey(const SecretBytes& seed) {
  if (seed.size() != seed_bytes) throw std::invalid_argument("a signing key is made of 32 bytes");
  key_.reset(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed.bytes()), seed.size()));
  std::size_t length = verify_key_.bytes.size();
  if (!key_ || EVP_PKEY_get_raw_public_key(key_.get(), verify_key_.bytes.data(), &length) != 1)
    throw std::bad_alloc();  // its only cause here
}

Signature SigningKey::sign(std::span<const std::byte> text) const {
  Signature signature{};
  std::size_t length = signature.size();
  const Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, bytes_of(text), text.size()) != 1)
    throw std::bad_alloc();  // its only cause here
  return signature;
}

bool is_signed(const VerifyKey& key, std::span<const std::byte> text, const Signature& signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> verify_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()),
      &EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new());
  return verify_key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, verify_key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace obverse
