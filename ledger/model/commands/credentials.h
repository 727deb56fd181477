// What can be asked about devices, codes, lookalikes, locks, custody, dated categories, and about
// who looked at whose data.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/model/credential.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/tariff.h"

namespace obverse {

// Whoever of them was in a group already brings the whole of it along.
struct FormLookalikeGroup {
  TerminalId desk;
  std::vector<RiderId> members;
};
struct DissolveLookalikeGroup {
  TerminalId desk;
  LookalikeId group;
};
struct UnlockFace {
  RiderId rider;
  TerminalId desk;
};
struct ChooseCustody {
  RiderId rider;
  Custody custody = Custody::operator_key;
};
struct LinkDevice {
  RiderId rider;
  Digest key;  // SHA-256 of its public key
};
struct ReportDeviceLost {
  RiderId rider;
  DeviceId device;
};
// For somebody who is inside.
struct IssueExitToken {
  RiderId rider;
};
struct GrantCategory {
  RiderId rider;
  Category category = Category::adult;
  Instant from;
  std::optional<Instant> until;
};
struct EndGuardianship {
  RiderId rider;
  Instant at;
};
// Staff vouch for a person at one gate.
struct GrantOverride {
  TerminalId desk;
  RiderId rider;
  TerminalId terminal;
};
struct ReadPersonalData {
  TerminalId reader;
  RiderId rider;
  PersonalData what = PersonalData::person;
};

// --- the ledger's own timers
struct ExpireGuardianship {
  RiderId rider;
};

}  // namespace obverse
