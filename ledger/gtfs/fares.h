// What a feed says of fares, asked as a person or a transit planner asks: the price of an ordered
// list of legs. Where the feed does not say, the answer is Unknown with the reason, which is a
// value of its own: never a price of 0, and never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/gtfs/calendar.h"
#include "ledger/gtfs/feed.h"
#include "ledger/model/money.h"

namespace obverse::gtfs {

// One ride. What is not given is not known: a rule that asks for it makes the answer unknown.
struct Leg {
  std::string route;  // empty: not said
  std::string from;   // stops
  std::string to;
  std::optional<LocalTime> depart;
  std::optional<LocalTime> arrive;
  std::optional<std::vector<std::string>> passed;  // stops between, where they are known
};

struct Ask {
  std::vector<Leg> legs;
  std::string medium;    // empty: whatever is cheapest
  std::string category;  // empty: the default one
};

enum class Why {
  no_fares,  // the feed has none
  no_legs,   // nothing, or too much, was asked
  unknown_stop,
  unknown_route,
  unknown_medium,
  unknown_category,
  stop_without_zone,
  no_rule,           // no fare of the feed applies to this
  not_in_force,      // the tariff begins later
  not_with_medium,   // there is a fare, and none with this medium
  not_for_category,  // there is a fare, and none for this category
  fact_missing,      // a rule asks for what was not said
  feed_contradicts,  // a rule that applies is not whole
  amount_unreadable,
  currencies_differ,
};
std::string_view name(Why);
std::string_view way_out(Why);

struct Unknown {
  Why why = Why::no_rule;
  std::string about;  // which stop, which fact
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

struct Price {
  Money amount;
  std::vector<std::string> products;  // fare or product of each leg or group of legs
  std::string medium;                 // with which it can be had; empty where the feed does not say
  // "single", "through" (one fare for all legs), "separate", "transfer:A>B"; where there is more
  // than one change, joined by ";".
  std::string rule;
  friend bool operator==(const Price&, const Price&) = default;
};

using Answer = std::variant<Unknown, Price>;

inline constexpr std::size_t legs_max = 32;

// The stops and routes of the legs are in the feed, and there are not too many of them.
struct Places;
std::optional<Unknown> unaskable(const Places&, const std::vector<Leg>&);

}  // namespace obverse::gtfs
