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
  // Of every two stations a <= b, at b * (b + 1) / 2 + a. None without tracks: then distance does
  // not count.
  std::vector<Way> ways;
  friend bool operator==(const Priced&, const Priced&) = default;
};

struct Fares {
  std::map<TariffVersion, Priced> versions;
  // Of each operator, by rising effective_from.
  std::map<OperatorId, std::vector<TariffVersion>> by_operator;
  friend bool operator==(const Fares&, const Fares&) = default;
};

struct Fare {
  Money amount;                      // what the rider pays
  std::int64_t surcharge_minor = 0;  // the part of the amount that is surcharge
  std::int64_t metres = 0;
  std::uint16_t section = 0;  // from 1; 0 where the same station was left, or no section counts
  SponsorId sponsor;          // of the category; 0: nobody
  std::int64_t sponsored_minor = 0;  // what the sponsor pays beside the amount
  friend bool operator==(const Fare&, const Fare&) = default;
};

Decision decide(const Fares&, const Parties&, const PublishTariff&, const Moment&);
void apply(Fares&, const TariffPublished&);

// The version in force at an instant: it stays in force until the next one's effective_from.
Outcome<const Priced*> tariff_at(const Fares&, OperatorId, Instant);
const Priced& priced(const Fares&, TariffVersion);  // of a version that was published

Outcome<StationId> station_of(const Tariff&, const Code&);

// Both stations are of the tariff. The same station costs by the time between in and out: nothing
// up to same_station_free inclusive, then the least fare, from the journey window on the maximum;
// but for a tariff without exits, whose fare is due where one comes in.
Fare fare(const Priced&, Category, StationId from, StationId to, Duration elapsed);
Money maximum_fare(const Tariff&, Category);
Money entry_minimum(const Tariff&, Category);
bool pays_child_fare(const Tariff&, Category);

// All stations of the shortest ways between two, both included; of a tariff with ways.
std::vector<StationId> stations_between(const Priced&, StationId from, StationId to);
// Of the shortest way; 0 in a tariff without tracks.
std::int64_t metres_between(const Priced&, StationId from, StationId to);

}  // namespace obverse
