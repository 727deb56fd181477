#include "ledger/rules/places/journey_price.h"

#include <algorithm>

namespace obverse {
namespace {

Traveller traveller_of(const Journey& journey) { return {journey.rider, journey.transit}; }

// The cheapest that the rider is entitled to.
JourneyPrice entitled(const GateView& view, const Policy& policy, const Journey& journey,
                      StationId from, StationId to, Duration elapsed) {
  const Priced& tariff = priced(view.fares, journey.tariff);
  JourneyPrice out;
  out.fare = fare(tariff, journey.category, from, to, elapsed);
  out.direct = out.fare.amount;
  const std::int64_t day = day_number(journey.at, policy.day_offset, tariff.tariff.fare_day_start);
  const auto with_pass = price_with_pass(view.passes, view.fares, tariff, traveller_of(journey),
                                         journey.category, from, to, out.fare, day);
  if (!with_pass) return out;
  out.fare = with_pass->fare;
  out.pass = with_pass->pass;
  return out;
}

bool is_interchange(const Tariff& tariff, StationId out, StationId in, Duration between) {
  return std::ranges::any_of(tariff.interchanges, [&](const Interchange& each) {
    const bool there = each.a == out && each.b == in;
    const bool back = each.b == out && each.a == in;
    return (there || back) && between <= each.within;
  });
}

// Back where they came from, or nearer to it, is no way that goes on.
bool goes_on(const Priced& tariff, const LastRide& last, StationId exit) {
  return exit != last.entry &&
         metres_between(tariff, last.entry, exit) >= metres_between(tariff, last.entry, last.exit);
}

// With the journey before as one way, if that is not dearer than two.
std::optional<JourneyPrice> joined(const Journeys& journeys, const GateView& view,
                                   const Policy& policy, const Journey& journey, StationId exit,
                                   Instant at, const JourneyPrice& alone) {
  const auto found = journeys.last.find(traveller_of(journey));
  if (found == journeys.last.end()) return {};
  const LastRide& last = found->second;
  const Priced& tariff = priced(view.fares, journey.tariff);
  if (last.tariff != journey.tariff || last.category != journey.category) return {};
  if (!is_interchange(tariff.tariff, last.exit, journey.entry, journey.at - last.left)) return {};
  if (!goes_on(tariff, last, exit)) return {};
  JourneyPrice through = entitled(view, policy, journey, last.entry, exit, at - last.entered);
  if (through.fare.amount.minor > last.full_minor + alone.fare.amount.minor) return {};
  through.fare.amount.minor = std::max(through.fare.amount.minor, last.full_minor);
  through.fare.sponsored_minor = std::max(through.fare.sponsored_minor, last.sponsored_minor);
  through.joined = last.journey;
  through.sponsored_before = last.sponsored_minor;
  return through;
}

// What the ride, and whatever a cap moves with it, is to cost.
std::vector<Charge> charges_with(const Journeys& journeys, const GateView& view,
                                 const Policy& policy, Traveller traveller, const Ride& ride) {
  if (priced(view.fares, ride.tariff).tariff.caps.empty())
    return {{ride.journey, ride.charged_minor, ride.full_minor, {}}};
  const auto found = journeys.rides.find(traveller);
  Rides rides = found == journeys.rides.end() ? Rides{} : found->second;
  put_ride(rides, ride);
  std::vector<Charge> charges = charges_of(rides, view.fares, policy.day_offset);
  std::erase_if(charges, [&](const Charge& each) {
    return each.from_minor == each.to_minor && each.journey != ride.journey;
  });
  return charges;
}

// The earlier journey as a ride, which is now longer.
Ride longer_ride(const Journeys& journeys, Traveller traveller, const LastRide& last) {
  const auto found = journeys.rides.find(traveller);
  if (found != journeys.rides.end())
    for (const Ride& ride : found->second)
      if (ride.journey == last.journey) return ride;
  return {last.journey, last.entered, last.tariff, last.category, true, 0, last.full_minor};
}

}  // namespace

std::int64_t JourneyPrice::change() const {
  std::int64_t sum = 0;
  for (const Charge& each : charges) sum += each.to_minor - each.from_minor;
  return sum;
}

JourneyPrice price_of(const Journeys& journeys, const GateView& view, const Policy& policy,
                      JourneyId id, const Journey& journey, StationId exit, Instant at) {
  const Traveller traveller = traveller_of(journey);
  JourneyPrice price = entitled(view, policy, journey, journey.entry, exit, at - journey.at);
  Ride ride{id, journey.at, journey.tariff, journey.category, true, 0, 0};
  if (auto through = joined(journeys, view, policy, journey, exit, at, price)) {
    price = std::move(*through);
    ride = longer_ride(journeys, traveller, journeys.last.at(traveller));
  }
  ride.full_minor = price.fare.amount.minor;
  price.charges = charges_with(journeys, view, policy, traveller, ride);
  return price;
}

JourneyPrice corrected_price_of(const Journeys& journeys, const GateView& view,
                                const Policy& policy, JourneyId id, const Journey& journey,
                                StationId exit) {
  // Out where they came in is the shortest journey, not a free one.
  const Duration stay{priced(view.fares, journey.tariff).tariff.same_station_free.ms + 1};
  JourneyPrice price = entitled(view, policy, journey, journey.entry, exit, stay);
  price.sponsored_before = journey.sponsored_minor;
  price.charges = charges_with(journeys, view, policy, traveller_of(journey),
                               {id, journey.at, journey.tariff, journey.category, true,
                                price.fare.amount.minor, journey.charged.minor});
  return price;
}

Events words_of(const JourneyPrice& price, JourneyId id, const Journey& journey) {
  const Fare& fare = price.fare;
  const Currency currency = fare.amount.currency;
  Events events{FareCalculated{id, fare.amount, fare.surcharge_minor, fare.metres, fare.section,
                               journey.tariff}};
  if (price.joined) events.push_back(OutOfStationInterchangeJoined{id, *price.joined});
  if (price.pass) events.push_back(PassUsed{id, *price.pass, price.direct});
  if (fare.sponsored_minor != price.sponsored_before)
    events.push_back(FareSponsored{
        id, fare.sponsor, {price.sponsored_before, currency}, {fare.sponsored_minor, currency}});
  for (const Charge& each : price.charges)
    if (each.cap && each.journey == price.joined.value_or(id))
      events.push_back(
          FareCapReached{id, *each.cap, {fare.amount.minor - each.to_minor, currency}});
  return events;
}

}  // namespace obverse
