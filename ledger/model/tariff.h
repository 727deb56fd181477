// A tariff as a value: stations, the track between them, and the published amounts. Immutable once
// published, effective from an instant on; amounts are minor units of its currency, distances are
// metres.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"

namespace obverse {

enum class Category : std::uint8_t { adult = 1, child, infant, senior, disabled, student };

// How a tariff names its prices. A matrix, zones and times name every price, for every pair that
// can be ridden: what is not published has no price, and such a tariff is refused.
enum class Pricing : std::uint8_t { sections = 1, flat, zones, matrix, time };

// Track that can be ridden both ways. A surcharge is due once when the shortest path uses an edge
// that has one; the greatest on the path counts.
struct Track {
  StationId a;
  StationId b;
  std::int64_t metres = 0;
  std::int64_t surcharge_minor = 0;  // adult
  friend bool operator==(const Track&, const Track&) = default;
};

struct Section {
  std::int64_t metres_max = 0;  // inclusive
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const Section&, const Section&) = default;
};

// Between two stations, or between two zones, in this direction; rows by rising from, to.
struct PairFare {
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const PairFare&, const PairFare&) = default;
};

// Up to so long after the entry, inclusive; rows by rising `within`. Longer costs the maximum.
struct TimeFare {
  Duration within;
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const TimeFare&, const TimeFare&) = default;
};

// What a category pays: the adult's or the child's column, or a flat amount where that is less. A
// sponsor (0: nobody) is charged what the adult's fare is above what the rider pays.
struct CategoryTerms {
  Category category = Category::adult;
  bool pays_child_fare = false;
  std::optional<std::int64_t> flat_minor;
  SponsorId sponsor;
  friend bool operator==(const CategoryTerms&, const CategoryTerms&) = default;
};

// Out at one of these stations and in again at the other within so long, inclusive: one journey.
struct Interchange {
  StationId a;
  StationId b;
  Duration within;
  friend bool operator==(const Interchange&, const Interchange&) = default;
};

// At most so much for the journeys that begin in one fare day, week (from Monday) or calendar
// month. Maximum fares are charged beside it and do not count. One row a period, shortest first.
enum class CapPeriod : std::uint8_t { day = 1, week, month };
struct Cap {
  CapPeriod period = CapPeriod::day;
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const Cap&, const Cap&) = default;
};

// A commuter pass between two stations whose way is of this section (counted from 1).
struct PassFare {
  std::uint16_t section = 0;
  std::uint8_t months = 1;
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const PassFare&, const PassFare&) = default;
};

struct Tariff {
  Code code;  // "OMT-1"
  OperatorId transit;
  Instant effective_from;
  Currency currency = Currency::jpy;
  std::vector<Code> stations;  // a StationId is an index into this
  std::vector<Track> tracks;
  std::vector<Section>
      sections;  // by rising metres_max; the last has no bound of its own: metres_max INT64_MAX
  // A child's fare with a surcharge is half of the adult total, rounded up to this unit; without
  // one it is published.
  std::int64_t child_rounding_minor = 10;
  std::int64_t maximum_adult_minor =
      0;  // charged when a journey has no exit; also what an entry holds
  std::int64_t maximum_child_minor = 0;
  std::int64_t entry_minimum_adult_minor = 0;  // available needed to enter
  std::int64_t entry_minimum_child_minor = 0;
  Duration journey_window = hours(4);         // after which a journey is incomplete
  Duration same_station_free = seconds(900);  // inclusive: out where you came in, no fare
  Duration travel_time_min =
      minutes(10);  // an entry elsewhere sooner after the last is impossible travel
  Pricing pricing = Pricing::sections;
  bool entry_only = false;  // of a flat tariff: the journey ends where it begins
  std::int64_t flat_adult_minor = 0;
  std::int64_t flat_child_minor = 0;
  std::vector<std::uint16_t> zones;  // of each station
  std::vector<PairFare> pair_fares;  // of zones or of stations (matrix)
  std::vector<TimeFare> time_fares;
  std::vector<CategoryTerms> categories;  // who is not listed pays as an adult
  std::vector<Interchange> interchanges;
  std::vector<Cap> caps;
  Duration fare_day_start = hours(3);  // local time
  std::vector<PassFare> passes;
  Duration pass_sale_ahead = days(14);     // a pass is sold at most so long before its first day
  std::int64_t pass_refund_fee_minor = 0;  // kept when a pass is given back
  friend bool operator==(const Tariff&, const Tariff&) = default;
};

}  // namespace obverse
