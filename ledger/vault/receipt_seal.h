// The mark by which this ledger knows a receipt again as one that it gave: HMAC-SHA-256 (FIPS
// 198-1) of position and chain, cut to 16 bytes, under a key made from the key-encryption key. It
// proves that to nobody else, and survives what it guards against: a log put back to an older copy.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/vault/kek.h"

namespace obverse {

using ReceiptMark = std::array<std::uint8_t, 16>;

class ReceiptSeal {
 public:
  // Marks made under another key-encryption key are not known any more.
  explicit ReceiptSeal(const Kek&);

  // Any thread.
  ReceiptMark mark(Position position, const Digest& chain) const;
  bool is_ours(Position position, const Digest& chain, std::span<const std::uint8_t> mark) const;

 private:
  SecretBytes key_;
};

}  // namespace obverse
