// Caps: charges depend on the rides and the order of their entries, and on nothing else (S09, S10,
// invariants 27 to 29).
#include "ledger/rules/places/caps.h"

#include <rapidcheck.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

constexpr Duration tokyo = hours(9);

// A tariff with these caps, published as version 1.
Fares with_caps(std::vector<Cap> caps) {
  PlaceWorld world;
  world.om = {world.add(RegisterOperator{"OM"})};
  Tariff tariff = omt_1(world.om);
  tariff.caps = std::move(caps);
  world.ask(PublishTariff{tariff});
  return world.state.fares;
}

Instant at(int year, unsigned month, unsigned day, Duration since_midnight) {
  const std::chrono::sys_days date{std::chrono::year{year} / std::chrono::month{month} /
                                   std::chrono::day{day}};
  return Instant{date.time_since_epoch().count() * days(1).ms} + since_midnight +
         Duration{-tokyo.ms};
}

Ride ride(std::uint64_t id, Instant entered, std::int64_t full,
          Category category = Category::adult) {
  return {{id}, entered, {1}, category, true, full, 0};
}

std::vector<std::int64_t> amounts(const Rides& rides, const Fares& fares) {
  std::vector<std::int64_t> out;
  for (const Charge& each : charges_of(rides, fares, tokyo)) out.push_back(each.to_minor);
  return out;
}

using Amounts = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(caps)

BOOST_AUTO_TEST_CASE(a_day_has_a_most) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}});
  Rides rides;
  std::uint64_t id = 0;
  for (const std::int64_t full : {210, 260, 260, 210}) {
    ++id;
    put_ride(rides, ride(id, at(2025, 6, 2, hours(8 + static_cast<int>(id))), full));
  }
  BOOST_TEST(amounts(rides, fares) == (Amounts{210, 260, 170, 0}),
             boost::test_tools::per_element());
  put_ride(rides, ride(9, at(2025, 6, 3, hours(3)), 210));  // the day begins at three, inclusive
  BOOST_TEST(amounts(rides, fares).back() == 210);
  put_ride(rides, ride(8, {at(2025, 6, 3, hours(3)).ms - 1}, 210));
  BOOST_TEST(amounts(rides, fares)[4] == 0);
}

BOOST_AUTO_TEST_CASE(a_week_counts_what_the_days_left) {
  const Fares fares = with_caps({{CapPeriod::day, 890, 445}, {CapPeriod::week, 4'470, 2'235}});
  Rides rides;
  for (unsigned day = 2; day <= 8; ++day)  // Monday 2 June 2025 to Sunday
    put_ride(rides, ride(day, at(2025, 6, day, hours(12)), day == 7 ? 1'160 : 900));
  BOOST_TEST(amounts(rides, fares) == (Amounts{890, 890, 890, 890, 890, 20, 0}),
             boost::test_tools::per_element());
  put_ride(rides, ride(9, at(2025, 6, 9, hours(12)), 900));
  BOOST_TEST(amounts(rides, fares).back() == 890);
}

BOOST_AUTO_TEST_CASE(a_month_is_the_calendar_s) {
  const Fares fares = with_caps({{CapPeriod::month, 500, 250}});
  Rides rides;
  put_ride(rides, ride(1, at(2025, 6, 30, hours(22)), 390));
  put_ride(rides, ride(2, at(2025, 7, 1, hours(2)), 390));  // still the fare day of 30 June
  put_ride(rides, ride(3, at(2025, 7, 1, hours(4)), 390));
  BOOST_TEST(amounts(rides, fares) == (Amounts{390, 110, 390}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_child_has_a_cap_of_its_own) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}});
  Rides rides;
  for (std::uint64_t id = 1; id <= 3; ++id)
    put_ride(rides,
             ride(id, at(2025, 6, 2, hours(8 + static_cast<int>(id))), 150, Category::child));
  BOOST_TEST(amounts(rides, fares) == (Amounts{150, 150, 20}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_maximum_fare_counts_for_nothing) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}});
  Rides rides;
  Ride lost = ride(1, at(2025, 6, 2, hours(8)), 0);
  lost.counts = false;
  lost.charged_minor = 390;
  put_ride(rides, lost);
  put_ride(rides, ride(2, at(2025, 6, 2, hours(9)), 640));
  BOOST_TEST(amounts(rides, fares) == Amounts{640}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weeks_before_the_epoch_are_weeks_too) {
  const Tariff tariff;
  const auto week = [&](std::int64_t day) {
    return period_number(CapPeriod::week, {day * days(1).ms + hours(3).ms}, tariff, {});
  };
  BOOST_TEST(week(4) == 1);  // Monday 5 January 1970
  BOOST_TEST(week(3) == 0);
  BOOST_TEST(week(-3) == 0);  // Monday 29 December 1969
  BOOST_TEST(week(-4) == -1);
}

BOOST_AUTO_TEST_CASE(the_order_of_arrival_changes_nothing) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}, {CapPeriod::week, 1'500, 750}});
  BOOST_TEST(rc::check("charges are those of the entries", [&] {
    Rides by_entry;
    const auto many = *rc::gen::inRange<std::size_t>(1, 12);
    for (std::size_t i = 0; i < many; ++i) {
      const Duration when = hours(*rc::gen::inRange(0, 24 * 9));
      put_ride(by_entry, ride(i + 1, at(2025, 6, 2, when), *rc::gen::inRange(0, 400)));
    }
    Rides left = by_entry;
    Rides shuffled;
    while (!left.empty()) {
      const auto next = left.begin() + *rc::gen::inRange<std::ptrdiff_t>(
                                           0, static_cast<std::ptrdiff_t>(left.size()));
      put_ride(shuffled, *next);
      left.erase(next);
    }
    RC_ASSERT(amounts(shuffled, fares) == amounts(by_entry, fares));
    std::map<std::int64_t, std::int64_t> of_day;
    const auto charges = charges_of(by_entry, fares, tokyo);
    for (std::size_t i = 0; i < charges.size(); ++i) {
      RC_ASSERT(charges[i].to_minor >= 0 && charges[i].to_minor <= by_entry[i].full_minor);
      of_day[period_number(CapPeriod::day, by_entry[i].entered, priced(fares, {1}).tariff,
                           tokyo)] += charges[i].to_minor;
    }
    for (const auto& [day, sum] : of_day) RC_ASSERT(sum <= 640);
  }));
}

BOOST_AUTO_TEST_CASE(what_nobody_can_need_is_forgotten) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}});
  const Tariff& tariff = priced(fares, {1}).tariff;
  Rides rides;
  put_ride(rides, ride(1, at(2025, 6, 2, hours(8)), 210));
  forget_old_rides(rides, tariff, {}, at(2025, 6, 3, hours(8)));
  BOOST_TEST(rides.size() == 1U);  // an offline gate may still bring one of that day
  forget_old_rides(rides, tariff, {}, at(2025, 6, 3, hours(9)));
  BOOST_TEST(rides.empty());
}

BOOST_AUTO_TEST_CASE(what_a_desk_may_correct_is_kept_with_its_day) {
  const Fares fares = with_caps({{CapPeriod::day, 640, 320}});
  const Tariff& tariff = priced(fares, {1}).tariff;
  Rides rides;
  put_ride(rides, ride(1, at(2025, 6, 2, hours(8)), 210));
  Ride lost = ride(2, at(2025, 6, 2, hours(9)), 0);
  lost.counts = false;
  put_ride(rides, lost);
  put_ride(rides, ride(3, at(2025, 6, 3, hours(8)), 210));
  forget_old_rides(rides, tariff, {}, at(2025, 6, 20, hours(8)));
  BOOST_TEST(rides.size() == 2U);  // the day of the lost one, whole; the other is gone
  // To the last instant that a desk has: eight weeks after the window of four hours.
  forget_old_rides(rides, tariff, {}, lost.entered + hours(4) + days(56));
  BOOST_TEST(rides.size() == 2U);
  Policy patient;
  patient.correction_window = days(400);
  forget_old_rides(rides, tariff, patient, lost.entered + days(390));
  BOOST_TEST(rides.size() == 2U);
  forget_old_rides(rides, tariff, {}, at(2025, 12, 20, hours(8)));
  BOOST_TEST(rides.empty());
}

BOOST_AUTO_TEST_CASE(without_caps_nothing_is_kept) {
  const Fares fares = with_caps({});
  Rides rides{ride(1, at(2025, 6, 2, hours(8)), 210)};
  forget_old_rides(rides, priced(fares, {1}).tariff, {}, at(2025, 6, 2, hours(9)));
  BOOST_TEST(rides.empty());
}

BOOST_AUTO_TEST_SUITE_END()
