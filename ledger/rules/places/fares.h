// The price of a journey: published tariffs, compiled to the distance between every two stations.
// Knows stations, amounts and dates; nothing of riders, wallets or gates.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events/operations.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/model/tariff.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

// Of the shortest way between two stations; of equal ways the one with the smaller surcharge.
struct Way {
  std::int64_t metres = 0;
  std::int64_t surcharge_minor = 0;  // adult: the greatest of any track on the way
  friend bool operator==(const Way&, const Way&) = default;
};

// A tariff with what is worked out from it once.
struct Priced {
  TariffVersion version;
  Tariff tariff;
  std::vector<Way> ways;  // of every two stations a <= b, at b * (b + 1) / 2 + a
  friend bool operator==(const Priced&, const Priced&) = default;
};

struct Fares {
  std::map<TariffVersion, Priced> versions;
  // Of each operator, by rising effective_from.
  std::map<OperatorId, std::vector<TariffVersion>> by_operator;
  friend bool operator==(const Fares&, const Fares&) = default;
};

struct Fare {
  Money amount;
  std::int64_t surcharge_minor = 0;  // the part of the amount that is surcharge
  std::int64_t metres = 0;
  std::uint16_t section = 0;  // from 1; 0 where the same station was left
  friend bool operator==(const Fare&, const Fare&) = default;
};

Decision decide(const Fares&, const Parties&, const PublishTariff&, const Moment&);
void apply(Fares&, const TariffPublished&);

// The version in force at an instant: it stays in force until the next one's effective_from.
Outcome<const Priced*> tariff_at(const Fares&, OperatorId, Instant);
const Priced& priced(const Fares&, TariffVersion);  // of a version that was published

Outcome<StationId> station_of(const Tariff&, const Code&);

// Both stations are of the tariff. The same station costs by the time between in and out: nothing
// up to same_station_free inclusive, then the fare of the first section, from the journey window
// on the maximum.
Fare fare(const Priced&, Category, StationId from, StationId to, Duration elapsed);
Money maximum_fare(const Tariff&, Category);
Money entry_minimum(const Tariff&, Category);

}  // namespace obverse
