// Who relies on a face and for what; what a terminal may do.
#pragma once

#include <compare>
#include <cstdint>

#include "ledger/model/ids.h"

namespace obverse {

enum class Purpose : std::uint8_t { transit = 1, payment = 2 };

// Consent is given to one relying party, or to every party of that purpose.
struct Party {
  enum class Kind : std::uint8_t { everyone = 1, transit_operator = 2, merchant = 3 };
  Kind kind = Kind::everyone;
  std::uint32_t id = 0;
  friend constexpr auto operator<=>(const Party&, const Party&) = default;
};

inline Party party_of(OperatorId transit) { return {Party::Kind::transit_operator, transit.value}; }
inline Party party_of(MerchantId merchant) { return {Party::Kind::merchant, merchant.value}; }

// A processor settles: it closes windows, forms batches, has payouts made and reads statements.
enum class Role : std::uint8_t {
  gate = 1,
  till,
  enrolment_desk,
  operator_desk,
  auditor,
  processor
};

// Who asked: the ledger itself (timers, first set-up) or a registered terminal.
struct Actor {
  enum class Kind : std::uint8_t { system = 1, terminal = 2 };
  Kind kind = Kind::system;
  TerminalId terminal;
  friend constexpr bool operator==(const Actor&, const Actor&) = default;
};

}  // namespace obverse
