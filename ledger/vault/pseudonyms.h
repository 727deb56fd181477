// The number by which one relying party knows a person: another for every party, so that what two
// of them have been told cannot be joined by it (DOMAIN 3.7, invariant 43). HMAC-SHA-256 of the
// person's number under a key of the party's own, which is made from the key-encryption key; cut to
// 16 bytes. Nobody without that key can tell which person it is, or whether two are the same.
#pragma once

#include <array>
#include <cstdint>

#include "ledger/model/ids.h"
#include "ledger/model/party.h"
#include "ledger/vault/kek.h"

namespace obverse {

using Pseudonym = std::array<std::uint8_t, 16>;

class Pseudonyms {
 public:
  // Under another key-encryption key everybody is somebody else.
  explicit Pseudonyms(const Kek&);

  // Any thread. The same for ever; `everyone` is no party and has none of its own: asking for it is
  // a bug.
  Pseudonym of(const Party& party, RiderId rider) const;

 private:
  SecretBytes key_;
};

}  // namespace obverse
