// A second fare calculator, as plain as can be: what a journey costs, by the domain's pages (2.2
// and the scenarios) and by nothing of ledger/rules. It keeps no state: every price is worked out
// from the first journey of the history on, so that nothing can be carried along wrongly. Amounts
// are minor units, times milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/naive/network.h"

namespace obverse::naive {

struct Section {
  std::optional<std::int64_t> metres_max;  // inclusive; the last has none
  std::int64_t adult = 0;
  std::int64_t child = 0;
};

struct Amounts {
  std::int64_t adult = 0;
  std::int64_t child = 0;
};

// Out where one came in. The first row whose seconds are not exceeded counts.
struct SameStation {
  std::optional<std::int64_t> seconds_max;  // inclusive
  Amounts fare;
  bool maximum = false;  // the maximum fare instead
};

// Two stations between which one may walk outside of the gates.
struct Interchange {
  std::string a;
  std::string b;
  std::int64_t seconds_max = 0;  // inclusive
};

// What one gets for having ridden with another operator just before.
struct Benefit {
  std::string after;                        // that operator
  std::optional<std::int64_t> seconds_max;  // from its exit to this entry, inclusive
  bool same_day = false;                    // the same fare day is enough
  std::int64_t points = 0;
  std::int64_t discount = 0;
};

enum class Period { day, week, month };
struct Cap {
  Period period = Period::day;
  Amounts most;
};

// A category that pays a flat amount; the sponsor pays the rest of the adult fare.
struct Concession {
  std::string category;
  std::int64_t flat = 0;
};

struct Version {
  std::int64_t effective_from = 0;
  Network network;
  std::vector<Section> sections;
  std::optional<Amounts> flat;  // instead of sections: wherever one rides
  std::int64_t child_rounding = 10;
  Amounts maximum;  // where the exit is missing
  std::int64_t journey_window_ms = 4 * 3'600'000;
  std::vector<SameStation> same_station;  // none: nothing is charged
  std::vector<Interchange> interchanges;
  std::vector<Benefit> benefits;  // the first that holds
  std::vector<Cap> caps;          // counted day, week, month, whatever their order here
  std::vector<Concession> concessions;
};

// All versions of the tariffs of one network of operators, by operator.
struct NaiveTariff {
  std::map<std::string, std::vector<Version>> versions;  // by rising effective_from
  std::int64_t clock_offset_ms = 9 * 3'600'000;          // of the local clock, ahead of UTC
  std::int64_t day_start_ms = 3 * 3'600'000;             // a fare day begins here
};

struct Pass {
  std::string a;
  std::string b;
  std::int64_t from = 0;
  std::int64_t until = 0;  // exclusive
};

// The taps of one rider, from gate to gate.
struct Journey {
  std::string transit = "OM";
  std::string category = "adult";
  std::optional<std::int64_t> category_until;  // an adult from then on; judged at entry
  std::string entry;
  std::int64_t entered = 0;
  std::string exit;  // empty: none was seen
  std::int64_t left = 0;
  std::vector<Pass> passes;
};

// The rider's other journeys, in any order; those that began earlier count.
using History = std::vector<Journey>;

struct Charge {
  std::int64_t fare = 0;       // what the ride costs, before discounts
  std::int64_t surcharge = 0;  // the part of it that is one
  std::int64_t already = 0;    // charged before for the same through journey
  std::int64_t sponsored = 0;  // paid by somebody else
  std::int64_t benefit = 0;    // given for a change of operator
  std::int64_t points = 0;     // the same, as points
  std::int64_t cap_discount = 0;
  std::int64_t charged = 0;  // what the rider pays now
  bool maximum = false;      // the exit is missing: counts toward no cap
  bool through = false;      // goes on from the journey before, by an interchange
  bool with_pass = false;
};

// What these taps cost after that history.
Charge price(const Journey& taps, const NaiveTariff&, const History&);

// What every one of them cost, in the order given.
std::vector<Charge> price_all(const std::vector<Journey>&, const NaiveTariff&);

// --- the parts of it
struct Fare {
  std::int64_t total = 0;
  std::int64_t surcharge = 0;
};
const Version& in_force(const NaiveTariff&, const std::string& transit, std::int64_t at);
std::string category_at_entry(const Journey&);
Fare adult_fare(const Version&, const std::string& from, const std::string& to);
Fare child_fare(const Version&, const std::string& from, const std::string& to);
Fare fare_of(const Version&, const std::string& category, const std::string& from,
             const std::string& to);
// The cheapest of: outside of the pass to a station of it, from a station of it to the outside; and
// never more than the direct fare.
Fare fare_with_pass(const Version&, const std::string& category, const Pass&,
                    const std::string& from, const std::string& to);
std::int64_t fare_day(const NaiveTariff&, std::int64_t at);  // days since 1970-01-01

}  // namespace obverse::naive
