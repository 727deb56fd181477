// GTFS-Fares V2 as it stands in the files: products, rules of legs, of changes and of joining, and
// when timeframes are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/gtfs/calendar.h"
#include "ledger/gtfs/places.h"
#include "ledger/model/money.h"

namespace obverse::gtfs {

struct Product {
  std::string id;
  std::string category;        // empty: any
  std::string medium;          // empty: the feed does not say
  std::optional<Money> price;  // nothing: what stands there cannot be paid
  std::size_t line = 0;
};

struct LegRule {
  std::string group, network, from_area, to_area, from_timeframe, to_timeframe, product;
  std::int64_t priority = 0;
  bool transfer_only = false;  // an extension: counts only behind a change
  std::size_t line = 0;
};

// What a limit is measured between: of the first and of the last leg of the change.
enum class Between { depart_arrive, depart_depart, arrive_depart, arrive_arrive };
// What a change costs: the first leg and the change, both legs and the change, the change.
enum class Cost { from_and_change, both_and_change, change };

struct TransferRule {
  std::string from, to, product;
  std::string held;                   // an extension: the product that the leg before was paid with
  std::optional<std::int64_t> count;  // changes in a row; nothing: no limit
  std::optional<std::int64_t> seconds;
  Between between = Between::depart_depart;
  Cost cost = Cost::from_and_change;
  bool whole = true;  // false: what it needs is missing, so a change it is for cannot be priced
  std::size_t line = 0;
};

struct JoinRule {
  std::string from_network, to_network, from_stop, to_stop;
};

struct Timeframe {
  std::int64_t start = 0;  // seconds of the day, inclusive
  std::int64_t end = 86'400;
  std::string service;
};

struct FaresV2 {
  Places places;
  Calendar calendar;
  std::map<std::string, std::vector<Product>> products;
  std::vector<LegRule> leg_rules;
  std::vector<TransferRule> transfer_rules;
  std::vector<JoinRule> join_rules;
  std::map<std::string, std::vector<Timeframe>> timeframes;
  std::map<std::string, bool> categories;  // whether it is the default one
  std::vector<std::string> media;
  bool has_priority = false;  // rule_priority is a column: an empty field matches anything
  // What stands in a column anywhere: without priorities, an empty field means all others.
  std::set<std::string> networks, from_areas, to_areas, from_groups, to_groups;

  // A moment lies in the timeframe; one that is in no file never does.
  bool in_timeframe(const std::string& group, const LocalTime&) const;
};

bool has_fares_v2(const Feed&);
FaresV2 fares_v2_of(const Feed&, Report&);

// What the rules leave out: products without medium, rules that can never match, groups without
// change.
Report check(const FaresV2&);

}  // namespace obverse::gtfs
