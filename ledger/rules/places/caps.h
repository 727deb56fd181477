// Fare caps: at most so much for the journeys that begin in one fare day, week or month, in order
// of their entries, whatever the order in which they became known (DOMAIN 2.2, step 8).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/tariff.h"
#include "ledger/rules/places/fares.h"

namespace obverse {

// A journey as caps see it. One that ended at the maximum fare counts for nothing until a desk
// corrects it.
struct Ride {
  JourneyId journey;
  Instant entered;
  TariffVersion tariff;
  Category category = Category::adult;
  bool counts = true;
  std::int64_t full_minor = 0;     // what the rider would pay without caps
  std::int64_t charged_minor = 0;  // what they have paid
  friend bool operator==(const Ride&, const Ride&) = default;
};
using Rides = std::vector<Ride>;  // of one traveller, by entry

// What a ride is to cost from now on.
struct Charge {
  JourneyId journey;
  std::int64_t from_minor = 0;
  std::int64_t to_minor = 0;
  std::optional<CapPeriod> cap;  // that takes the most off
};

// Put in its place by entry; one that is known is replaced.
void put_ride(Rides&, const Ride&);
Ride* find_ride(Rides&, JourneyId);

// Of every ride that counts, in order. `day_offset`: local time is UTC plus this.
std::vector<Charge> charges_of(const Rides&, const Fares&, Duration day_offset);

// Drops what no later journey or correction can need: rides of cap periods that were over a while
// before `now`, unless a desk may still correct one of that period. Without caps nothing is needed.
void forget_old_rides(Rides&, const Tariff&, const Policy&, Instant now);

// The number of the period that an instant falls into; equal numbers, the same period.
std::int64_t period_number(CapPeriod, Instant, const Tariff&, Duration day_offset);

}  // namespace obverse
