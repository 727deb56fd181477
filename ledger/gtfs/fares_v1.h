// GTFS-Fares V1, and GTFS-JP, which has the same two files: a fare class, and where it counts. Of
// several fares all of whose stated conditions hold, the cheapest counts; a journey may be paid in
// parts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/gtfs/fares.h"
#include "ledger/gtfs/places.h"

namespace obverse::gtfs {

struct FareClass {
  std::string id;
  std::optional<Money> price;  // nothing: what stands there cannot be paid
  std::string agency;
  std::optional<std::int64_t> transfers;         // nothing: as many as one likes
  std::optional<std::int64_t> transfer_seconds;  // from the first departure to the last, inclusive
  std::size_t line = 0;
};

// Rows that differ in contains_id only are one rule: all of these zones, and no others, are passed.
struct ZoneRule {
  std::string route;  // empty: any
  std::string origin;
  std::string destination;
  std::set<std::string> contains;
  std::size_t line = 0;
};

struct FaresV1 {
  Places places;
  std::vector<FareClass> fares;                        // as the file has them
  std::map<std::string, std::vector<ZoneRule>> rules;  // by fare; none: it counts everywhere
};

bool has_fares_v1(const Feed&);
FaresV1 fares_v1_of(const Feed&, Report&);
Answer price(const FaresV1&, const Ask&);

// What the rules leave out or say twice: zones without fare, pairs with two prices, fares that no
// rule names.
Report check(const FaresV1&);

}  // namespace obverse::gtfs
