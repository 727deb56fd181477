#include "ledger/rules/places/rides.h"

#include <cassert>

namespace obverse {

std::optional<std::int64_t> remember_ride(Journeys& journeys, const Parties& parties,
                                          const Fares& fares, JourneyId id, const Journey& journey,
                                          std::optional<Instant> ended) {
  const Tariff& tariff = priced(fares, journey.tariff).tariff;
  if (tariff.caps.empty()) return {};
  const auto policy = policy_in_force(parties);
  assert(policy);  // the journey began under one
  Rides& rides = journeys.rides[{journey.rider, journey.transit}];
  Ride ride{id, journey.at, journey.tariff, journey.category, true, journey.full_minor, 0};
  if (const Ride* longer = journey.joined ? find_ride(rides, *journey.joined) : nullptr) {
    ride = *longer;
    ride.full_minor = journey.full_minor;
  }
  put_ride(rides, ride);
  std::int64_t own = 0;
  for (const Charge& each : charges_of(rides, fares, (*policy)->day_offset)) {
    find_ride(rides, each.journey)->charged_minor = each.to_minor;
    if (each.journey == ride.journey) own = each.to_minor;
  }
  if (ended) forget_old_rides(rides, tariff, **policy, *ended);
  return own;
}

void remember_last(Journeys& journeys, const JourneyClosed& event, const Journey& journey) {
  LastRide& last = journeys.last[{journey.rider, journey.transit}];
  if (!journey.joined) {
    last.journey = event.journey;
    last.entry = journey.entry;
    last.entered = journey.at;
  }
  last.tariff = journey.tariff;
  last.category = journey.category;
  last.exit = event.exit;
  last.left = event.at;
  last.full_minor = journey.full_minor;
  last.sponsored_minor = journey.sponsored_minor;
}

}  // namespace obverse
