// What a journey costs when its exit is known: the way, passes, an interchange with the journey
// before, concessions and caps, in the order of DOMAIN 2.2.
#pragma once

#include <optional>
#include <vector>

#include "ledger/rules/places/journeys.h"

namespace obverse {

struct JourneyPrice {
  Fare fare;                          // without caps; of the whole way where it is joined
  std::optional<EntitlementId> pass;  // that makes it cheaper
  Money direct;                       // what it would cost without
  std::optional<JourneyId> joined;
  std::int64_t sponsored_before = 0;  // of the joined one
  // What changes by it: what this journey (or the joined one) costs now, and whatever else a cap
  // moves; journeys whose charge stays are left out, but for its own.
  std::vector<Charge> charges;

  std::int64_t change() const;  // the sum
};

// `id` is known or about to be opened; `at` is when it ends there.
JourneyPrice price_of(const Journeys&, const GateView&, const Policy&, JourneyId id, const Journey&,
                      StationId exit, Instant at);

// Of an incomplete journey that a desk found the exit of: nobody knows when.
JourneyPrice corrected_price_of(const Journeys&, const GateView&, const Policy&, JourneyId id,
                                const Journey&, StationId exit);

// Told before the charge: what was calculated, the pass, the sponsor, the caps.
Events words_of(const JourneyPrice&, JourneyId id, const Journey&);

}  // namespace obverse
