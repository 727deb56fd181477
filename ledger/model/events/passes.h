// What can have happened to commuter passes, and what makes a journey cheaper than its fare.
#pragma once

#include <cstdint>

#include "ledger/model/ids.h"
#include "ledger/model/money.h"
#include "ledger/model/tariff.h"

namespace obverse {

// Out at one station and in at another near it: the second journey goes on with the first.
struct OutOfStationInterchangeJoined {
  JourneyId journey;
  JourneyId joined;  // the earlier one, whose fare becomes that of the whole way
  friend bool operator==(const OutOfStationInterchangeJoined&,
                         const OutOfStationInterchangeJoined&) = default;
};
struct FareCapReached {
  JourneyId journey;
  CapPeriod period;  // the one that takes the most off
  Money discount;
  friend bool operator==(const FareCapReached&, const FareCapReached&) = default;
};

// Between two stations and all on the way, from the first to the last fare day, both included.
struct PassPurchased {
  EntitlementId pass;
  RiderId rider;
  OperatorId transit;
  TariffVersion tariff;
  Category category;
  StationId from;
  StationId to;
  std::int64_t first_day = 0;
  std::int64_t last_day = 0;
  Money price;
  friend bool operator==(const PassPurchased&, const PassPurchased&) = default;
};
// One day of it has been earned.
struct PassRevenueRecognised {
  EntitlementId pass;
  std::int64_t day = 0;
  Money amount;
  friend bool operator==(const PassRevenueRecognised&, const PassRevenueRecognised&) = default;
};
struct PassRefunded {
  EntitlementId pass;
  Money amount;  // to the rider
  Money fee;     // to the operator, beside what the months begun cost
  friend bool operator==(const PassRefunded&, const PassRefunded&) = default;
};
struct PassUsed {
  JourneyId journey;
  EntitlementId pass;
  Money direct;  // what the journey would cost without it
  friend bool operator==(const PassUsed&, const PassUsed&) = default;
};
// What a sponsor owes for a journey beside what the rider pays; `from` what it owed before.
struct FareSponsored {
  JourneyId journey;
  SponsorId sponsor;
  Money from;
  Money to;
  friend bool operator==(const FareSponsored&, const FareSponsored&) = default;
};

}  // namespace obverse
