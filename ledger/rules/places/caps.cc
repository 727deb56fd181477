#include "ledger/rules/places/caps.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include "ledger/model/calendar.h"

namespace obverse {
namespace {

// What a journey that became known late may still need (an offline gate's upload).
constexpr Duration late_arrivals = hours(6);

std::int64_t month_number(std::int64_t day) {
  const Date date = date_of(day);
  return std::int64_t{date.year} * 12 + date.month;
}

using Order = std::tuple<Instant, JourneyId>;
Order order_of(const Ride& ride) { return {ride.entered, ride.journey}; }

struct Period {
  OperatorId transit;
  CapPeriod kind = CapPeriod::day;
  std::int64_t number = 0;
  friend auto operator<=>(const Period&, const Period&) = default;
};

}  // namespace

void put_ride(Rides& rides, const Ride& ride) {
  if (Ride* known = find_ride(rides, ride.journey)) {
    *known = ride;
    return;
  }
  rides.insert(std::ranges::upper_bound(rides, order_of(ride), {}, order_of), ride);
}

Ride* find_ride(Rides& rides, JourneyId journey) {
  const auto found = std::ranges::find(rides, journey, &Ride::journey);
  return found == rides.end() ? nullptr : &*found;
}

std::int64_t period_number(CapPeriod kind, Instant at, const Tariff& tariff, Duration day_offset) {
  const std::int64_t day = day_number(at, day_offset, tariff.fare_day_start);
  switch (kind) {
    case CapPeriod::day:
      return day;
    case CapPeriod::week: {
      const std::int64_t from_monday = day + 3;  // 1970-01-01 was a Thursday
      return from_monday >= 0 ? from_monday / 7 : -((-from_monday + 6) / 7);
    }
    case CapPeriod::month:
      break;
  }
  return month_number(day);
}

std::vector<Charge> charges_of(const Rides& rides, const Fares& fares, Duration day_offset) {
  std::map<Period, std::int64_t> spent;
  std::vector<Charge> out;
  for (const Ride& ride : rides) {
    if (!ride.counts) continue;
    const Tariff& tariff = priced(fares, ride.tariff).tariff;
    const bool child = pays_child_fare(tariff, ride.category);
    Charge charge{ride.journey, ride.charged_minor, ride.full_minor, {}};
    for (const Cap& cap : tariff.caps) {
      const Period period{tariff.transit, cap.period,
                          period_number(cap.period, ride.entered, tariff, day_offset)};
      const std::int64_t most = child ? cap.child_minor : cap.adult_minor;
      const std::int64_t left = std::max<std::int64_t>(0, most - spent[period]);
      if (left >= charge.to_minor) continue;
      charge.to_minor = left;
      charge.cap = cap.period;
    }
    for (const Cap& cap : tariff.caps)
      spent[{tariff.transit, cap.period,
             period_number(cap.period, ride.entered, tariff, day_offset)}] += charge.to_minor;
    out.push_back(charge);
  }
  return out;
}

void forget_old_rides(Rides& rides, const Tariff& tariff, const Policy& policy, Instant now) {
  if (tariff.caps.empty()) return rides.clear();
  const CapPeriod longest = tariff.caps.back().period;
  const auto number = [&](Instant at) {
    return period_number(longest, at, tariff, policy.day_offset);
  };
  const std::int64_t running = number({now.ms - late_arrivals.ms});
  const auto is_correctable = [&](const Ride& ride) {
    return !ride.counts && now <= ride.entered + tariff.journey_window + policy.correction_window;
  };
  std::vector<std::int64_t> awaited;
  for (const Ride& ride : rides)
    if (is_correctable(ride)) awaited.push_back(number(ride.entered));
  std::erase_if(rides, [&](const Ride& ride) {
    const std::int64_t mine = number(ride.entered);
    return mine < running && std::ranges::find(awaited, mine) == awaited.end();
  });
}

}  // namespace obverse
