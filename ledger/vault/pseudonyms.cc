#include "ledger/vault/pseudonyms.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "ledger/model/digest.h"
#include "ledger/vault/hmac.h"

namespace obverse {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> little_endian(std::uint64_t number) {
  std::array<std::uint8_t, size> out;
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

}  // namespace

Pseudonyms::Pseudonyms(const Kek& kek) : key_(key_for(kek, "obverse pseudonyms")) {}

Pseudonym Pseudonyms::of(const Party& party, RiderId rider) const {
  assert(party.kind != Party::Kind::everyone);
  std::array<std::uint8_t, 5> name{static_cast<std::uint8_t>(party.kind)};
  std::ranges::copy(little_endian<4>(party.id), name.begin() + 1);
  Digest of_party = hmac(key_.bytes(), std::as_bytes(std::span(name)));
  const auto number = little_endian<8>(rider.value);
  const Digest whole =
      hmac(std::as_bytes(std::span(of_party.bytes)), std::as_bytes(std::span(number)));
  wipe(std::as_writable_bytes(std::span(of_party.bytes)));
  Pseudonym pseudonym;
  std::copy_n(whole.bytes.begin(), pseudonym.size(), pseudonym.begin());
  return pseudonym;
}

}  // namespace obverse
