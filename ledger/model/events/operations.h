// Who takes part, and under which published rules.
#pragma once

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/party.h"
#include "ledger/model/policy.h"
#include "ledger/model/tariff.h"

namespace obverse {

struct OperatorRegistered {
  OperatorId transit;
  Code code;
  friend bool operator==(const OperatorRegistered&, const OperatorRegistered&) = default;
};
struct MerchantRegistered {
  MerchantId merchant;
  Code code;
  Currency currency;
  friend bool operator==(const MerchantRegistered&, const MerchantRegistered&) = default;
};

// A public authority or an employer that pays part of some riders' fares.
struct SponsorRegistered {
  SponsorId sponsor;
  Code code;
  friend bool operator==(const SponsorRegistered&, const SponsorRegistered&) = default;
};

// A gate stands at a station of an operator, a till belongs to a merchant; the desks and auditors
// belong to neither.
struct TerminalRegistered {
  TerminalId terminal;
  Code code;
  Role role;
  OperatorId transit;   // of a gate
  Code station;         // of a gate
  MerchantId merchant;  // of a till
  Digest certificate;   // SHA-256 of its DER form
  friend bool operator==(const TerminalRegistered&, const TerminalRegistered&) = default;
};
struct TerminalRevoked {
  TerminalId terminal;
  friend bool operator==(const TerminalRevoked&, const TerminalRevoked&) = default;
};
struct TariffPublished {
  TariffVersion version;
  Tariff tariff;
  friend bool operator==(const TariffPublished&, const TariffPublished&) = default;
};
struct PolicyPublished {
  PolicyVersion version;
  Policy policy;
  friend bool operator==(const PolicyPublished&, const PolicyPublished&) = default;
};

}  // namespace obverse
