#include "ledger/vault/receipt_seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <string_view>

#include "ledger/vault/sealing.h"

namespace obverse {
namespace {

constexpr std::string_view purpose = "obverse receipt mark";

void hmac(std::span<const std::byte> key, const void* text, std::size_t size, std::uint8_t* out) {
  unsigned length = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          static_cast<const unsigned char*>(text), size, out, &length);
  if (done == nullptr) throw std::bad_alloc();  // its only cause here
  assert(length == key_bytes);
}

}  // namespace

ReceiptSeal::ReceiptSeal(const Kek& kek) : key_(key_bytes) {
  hmac(kek.key().bytes(), purpose.data(), purpose.size(),
       reinterpret_cast<std::uint8_t*>(key_.writable().data()));
}

ReceiptMark ReceiptSeal::mark(Position position, const Digest& chain) const {
  std::array<std::uint8_t, sizeof position.value + sizeof chain.bytes> text;
  for (std::size_t i = 0; i < sizeof position.value; ++i)
    text[i] = static_cast<std::uint8_t>(position.value >> (8 * i));
  std::ranges::copy(chain.bytes, text.begin() + sizeof position.value);
  std::array<std::uint8_t, key_bytes> whole;
  hmac(key_.bytes(), text.data(), text.size(), whole.data());
  ReceiptMark mark;
  std::copy_n(whole.begin(), mark.size(), mark.begin());
  return mark;
}

bool ReceiptSeal::is_ours(Position position, const Digest& chain,
                          std::span<const std::uint8_t> shown) const {
  const ReceiptMark ours = mark(position, chain);
  return shown.size() == ours.size() && CRYPTO_memcmp(shown.data(), ours.data(), ours.size()) == 0;
}

}  // namespace obverse
