// The price of legs by GTFS-Fares V2: which rules match each leg, then the cheapest choice of
// products over the whole journey with what changes cost.
#pragma once

#include "ledger/gtfs/fares.h"
#include "ledger/gtfs/rules_v2.h"

namespace obverse::gtfs {

// Legs that a join rule makes one: first and last of them.
struct JoinedLeg {
  std::size_t first = 0;
  std::size_t last = 0;
  friend bool operator==(const JoinedLeg&, const JoinedLeg&) = default;
};
std::vector<JoinedLeg> joined_legs(const FaresV2&, const std::vector<Leg>&);

// Products of that id that this medium and category can have; why there is none.
struct Offers {
  std::vector<const Product*> all;
  Why why = Why::no_rule;
};
Offers offers(const FaresV2&, const std::string& id, const std::string& medium,
              const std::string& category);

// One way to pay for a leg.
struct Choice {
  const LegRule* rule = nullptr;
  Money price;
};
struct Choices {
  std::vector<Choice> all;     // in the order of the rules
  std::optional<Unknown> why;  // there is none, or it cannot be said
};
// `medium` empty: only what needs none.
Choices choices(const FaresV2&, const std::vector<Leg>&, const JoinedLeg&,
                const std::string& medium, const std::string& category);

Answer price(const FaresV2&, const Ask&);

}  // namespace obverse::gtfs
