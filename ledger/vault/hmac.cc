#include "ledger/vault/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>
#include <cstring>
#include <new>

namespace obverse {
namespace {

void hmac_into(std::span<const std::byte> key, std::span<const std::byte> text, void* out) {
  unsigned length = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                          static_cast<unsigned char*>(out), &length);
  if (done == nullptr) throw std::bad_alloc();  // its only cause here
  assert(length == sizeof(Digest));
}

}  // namespace

Digest hmac(std::span<const std::byte> key, std::span<const std::byte> text) {
  Digest digest;
  hmac_into(key, text, digest.bytes.data());
  return digest;
}

SecretBytes key_for(const Kek& kek, std::string_view purpose) {
  SecretBytes key(sizeof(Digest));
  hmac_into(kek.key().bytes(), std::as_bytes(std::span(purpose)), key.writable().data());
  return key;
}

}  // namespace obverse
