// What a terminal goes by while it has no network, as signed bytes: whose faces and which devices
// are good, and how much may be sold to them. Made by the server, taken by any terminal that has
// the public key. Whoever is on the deny-list is simply not on it.
//
//   list      = body signature
//   body      = "OBVL" version zero made limits-version limits allowed lost
//   version   = %x01
//   zero      = %x00 %x00 %x00
//   made      = 8 bytes, ms since 1970-01-01T00:00:00Z
//   limits    = currency (2) sale rider terminal offline floor list-age clock-skew travel (8 each)
//   allowed   = count (4) *(rider (8) face (4))     by rising rider
//   lost      = count (4) *(rider (8) device (8))   by rising rider and device
//   signature = Ed25519 of body, 64 bytes
// limits-version 4 bytes. Numbers are most significant byte first.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/model/ids.h"
#include "ledger/model/offline.h"
#include "ledger/vault/signing.h"

namespace obverse {

inline constexpr std::size_t allowed_max = 1'000'000;  // people, and lost devices
inline constexpr std::string_view list_key_purpose = "obverse lists";

struct AllowList {
  Instant made;
  LimitsVersion version;
  TerminalLimits limits;
  std::map<RiderId, FaceVersion> allowed;
  std::set<std::pair<RiderId, DeviceId>> lost;
  friend bool operator==(const AllowList&, const AllowList&) = default;
};

std::string make_list(const SigningKey& key, const AllowList& list);

// Nothing where a single bit is another, a byte is missing or too much, or the order is wrong.
std::optional<AllowList> verify_list(const VerifyKey& key, std::string_view bytes);

}  // namespace obverse
