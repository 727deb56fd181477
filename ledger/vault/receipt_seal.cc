#include "ledger/vault/receipt_seal.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "ledger/vault/hmac.h"

namespace obverse {

ReceiptSeal::ReceiptSeal(const Kek& kek) : key_(key_for(kek, "obverse receipt mark")) {}

ReceiptMark ReceiptSeal::mark(Position position, const Digest& chain) const {
  std::array<std::uint8_t, sizeof position.value + sizeof chain.bytes> text;
  for (std::size_t i = 0; i < sizeof position.value; ++i)
    text[i] = static_cast<std::uint8_t>(position.value >> (8 * i));
  std::ranges::copy(chain.bytes, text.begin() + sizeof position.value);
  const Digest whole = hmac(key_.bytes(), std::as_bytes(std::span(text)));
  ReceiptMark mark;
  std::copy_n(whole.bytes.begin(), mark.size(), mark.begin());
  return mark;
}

bool ReceiptSeal::is_ours(Position position, const Digest& chain,
                          std::span<const std::uint8_t> shown) const {
  const ReceiptMark ours = mark(position, chain);
  return shown.size() == ours.size() && CRYPTO_memcmp(shown.data(), ours.data(), ours.size()) == 0;
}

}  // namespace obverse
