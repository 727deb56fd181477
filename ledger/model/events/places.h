// What can have happened at a gate and on the way between two gates.
#pragma once

#include <optional>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/outcome.h"
#include "ledger/model/tariff.h"

namespace obverse {

struct EntryValidated {
  RiderId rider;
  TerminalId gate;
  StationId station;
  friend bool operator==(const EntryValidated&, const EntryValidated&) = default;
};
struct EntryDenied {
  std::optional<RiderId> rider;
  TerminalId gate;
  Refusal refusal;
  friend bool operator==(const EntryDenied&, const EntryDenied&) = default;
};
struct PassBackDetected {
  RiderId rider;
  TerminalId gate;
  JourneyId journey;
  friend bool operator==(const PassBackDetected&, const PassBackDetected&) = default;
};
struct JourneyOpened {
  JourneyId journey;
  RiderId rider;
  OperatorId transit;
  TariffVersion tariff;  // in force at entry: it prices the whole journey
  Category category;
  StationId entry;
  HoldId hold;
  Instant at;
  Instant deadline;  // incomplete from here on
  friend bool operator==(const JourneyOpened&, const JourneyOpened&) = default;
};
struct ExitValidated {
  RiderId rider;
  TerminalId gate;
  StationId station;
  friend bool operator==(const ExitValidated&, const ExitValidated&) = default;
};
struct ExitDenied {
  std::optional<RiderId> rider;
  TerminalId gate;
  Refusal refusal;
  friend bool operator==(const ExitDenied&, const ExitDenied&) = default;
};
struct FareCalculated {
  JourneyId journey;
  Money fare;
  std::int64_t surcharge_minor = 0;  // the part of the fare that is surcharge
  std::int64_t metres = 0;
  std::uint16_t section = 0;  // from 1; 0 where the same station was left
  TariffVersion tariff;
  friend bool operator==(const FareCalculated&, const FareCalculated&) = default;
};
struct FareCharged {
  JourneyId journey;
  Money amount;
  friend bool operator==(const FareCharged&, const FareCharged&) = default;
};
struct JourneyClosed {
  JourneyId journey;
  StationId exit;
  Money fare;
  Instant at;
  friend bool operator==(const JourneyClosed&, const JourneyClosed&) = default;
};
struct JourneyIncomplete {
  JourneyId journey;
  Instant at;
  friend bool operator==(const JourneyIncomplete&, const JourneyIncomplete&) = default;
};
struct MaximumFareCharged {
  JourneyId journey;
  Money amount;
  friend bool operator==(const MaximumFareCharged&, const MaximumFareCharged&) = default;
};
struct JourneyCorrected {
  JourneyId journey;
  StationId exit;
  Money fare;
  TerminalId desk;
  friend bool operator==(const JourneyCorrected&, const JourneyCorrected&) = default;
};
struct FareAdjusted {
  JourneyId journey;
  Money from;
  Money to;
  friend bool operator==(const FareAdjusted&, const FareAdjusted&) = default;
};

}  // namespace obverse
