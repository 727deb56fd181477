// The naive calculator against the scenarios that it was written from.
#include "tests/naive/fares.h"

#include <boost/test/unit_test.hpp>

#include "tests/naive/world.h"

using namespace obverse::naive;
using namespace obverse::naive::tests;

namespace {

std::vector<std::int64_t> charged(const std::vector<Charge>& charges) {
  std::vector<std::int64_t> out;
  for (const Charge& charge : charges) out.push_back(charge.charged);
  return out;
}

// Journeys that cost these amounts, an hour apart, on buses of a flat fare each.
std::vector<Journey> rides_costing(const std::vector<std::int64_t>& fares, NaiveTariff& tariff,
                                   const std::vector<std::int64_t>& when) {
  std::vector<Journey> out;
  for (std::size_t i = 0; i < fares.size(); ++i) {
    Version version = tariff.versions["OM"].front();
    version.effective_from = when[i];
    version.flat = Amounts{fares[i], fares[i] / 2};
    tariff.versions["OM"].push_back(version);
    out.push_back(ride("A0", when[i], "A1", when[i] + 20 * 60'000));
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(naive_fares)

BOOST_AUTO_TEST_CASE(s02_child_fares) {
  const Version version = omt_1();
  BOOST_TEST(child_fare(version, "A0", "A2").total == 100);
  BOOST_TEST(child_fare(version, "A0", "A9").total == 200);
  BOOST_TEST(adult_fare(version, "A2", "Z").total == 430);
  BOOST_TEST(child_fare(version, "A2", "Z").total == 220);
  BOOST_TEST(child_fare(version, "A2", "Z").surcharge == 50);
  BOOST_TEST(child_fare(version, "A3", "Z").total == 190);
  BOOST_TEST(child_fare(version, "A3", "Z").surcharge == 40);
}

BOOST_AUTO_TEST_CASE(s03_sections_include_their_bound) {
  const Version version = omt_1();
  BOOST_TEST(adult_fare(version, "A0", "A2").total == 190);
  BOOST_TEST(adult_fare(version, "A0", "A4").total == 240);
  BOOST_TEST(adult_fare(version, "A0", "A6").total == 290);
  BOOST_TEST(adult_fare(version, "A0", "A8").total == 340);
  BOOST_TEST(adult_fare(version, "A9", "A0").total == 390);
}

BOOST_AUTO_TEST_CASE(s06_a_pass_pays_its_part_and_never_costs_more) {
  const Version version = omt_1();
  const Pass pass{"A2", "A5", at(2025, 6, 1, 0, 0), at(2025, 7, 1, 0, 0)};
  const auto fare = [&](const char* from, const char* to) {
    return fare_with_pass(version, "adult", pass, from, to).total;
  };
  BOOST_TEST(fare("A2", "A4") == 0);
  BOOST_TEST(fare("A3", "A5") == 0);
  BOOST_TEST(fare("A2", "A7") == 240);
  BOOST_TEST(fare("A0", "A7") == 340);
  BOOST_TEST(fare("A0", "A3") == 190);
  BOOST_TEST(fare("A0", "A1") == 190);
  // Of a child each part is rounded before the cheapest is taken.
  BOOST_TEST(fare_with_pass(version, "child", pass, "A0", "A7").total == 170);
  BOOST_TEST(fare_with_pass(version, "child", pass, "A2", "Z").total == 170);

  Journey taps = ride("A2", clock(8, 0), "A4", clock(8, 20));
  taps.passes = {pass};
  BOOST_TEST(price(taps, tariff_of(version), {}).charged == 0);
  BOOST_TEST(price(taps, tariff_of(version), {}).with_pass);
  taps.entered = pass.until;  // exclusive
  taps.left = taps.entered + 60'000;
  BOOST_TEST(price(taps, tariff_of(version), {}).charged == 240);
}

BOOST_AUTO_TEST_CASE(s07_out_of_station_interchange) {
  const NaiveTariff tariff = tariff_of(omt_1());
  const Journey first = ride("A0", clock(8, 40), "A1", clock(9, 0));
  const Journey in_time = ride("A1'", clock(9, 30), "A6", clock(9, 55));
  const Journey too_late = ride("A1'", clock(9, 30, 1), "A6", clock(9, 55));
  BOOST_TEST(price(first, tariff, {}).charged == 190);
  const Charge through = price(in_time, tariff, {first});
  BOOST_TEST(through.through);
  BOOST_TEST(through.fare == 290);
  BOOST_TEST(through.charged == 100);
  const Charge anew = price(too_late, tariff, {first});
  BOOST_TEST(!anew.through);
  BOOST_TEST(anew.charged == 290);
  // Back in at the same station is a new journey, and so is one after a missing exit.
  BOOST_TEST(!price(ride("A1", clock(9, 10), "A6", clock(9, 55)), tariff, {first}).through);
  Journey lost = first;
  lost.exit = "";
  BOOST_TEST(!price(in_time, tariff, {lost}).through);
  // A through fare that is less gives nothing back.
  const Charge back = price(ride("A1'", clock(9, 10), "A0", clock(9, 30)), tariff, {first});
  BOOST_TEST(back.charged == 0);
}

BOOST_AUTO_TEST_CASE(s08_points_or_a_discount_for_the_bus_after_the_metro) {
  NaiveTariff tariff = tariff_of(omt_1());
  Version bus;
  bus.effective_from = at(2025, 4, 1, 3, 0);
  bus.flat = Amounts{210, 110};
  bus.benefits = {{"OM", 5400, false, 120, 0}, {"OM", {}, true, 60, 0}};
  tariff.versions["CB"] = {bus};
  const Journey metro = ride("A0", clock(9, 40), "A3", clock(10, 0));
  const auto boarding = [&](std::int64_t when) {
    Journey taps = ride("stop 1", when, "stop 2", when + 10 * 60'000);
    taps.transit = "CB";
    return price(taps, tariff, {metro});
  };
  BOOST_TEST(boarding(clock(11, 30)).points == 120);
  BOOST_TEST(boarding(clock(11, 30)).charged == 210);
  BOOST_TEST(boarding(clock(11, 30, 1)).points == 60);
  BOOST_TEST(boarding(clock(26, 59, 59)).points == 60);
  BOOST_TEST(boarding(clock(27, 0)).points == 0);  // the next fare day

  tariff.versions["CB"].front().benefits = {{"OM", 5400, false, 0, 100}};
  BOOST_TEST(boarding(clock(11, 30)).charged == 110);
  BOOST_TEST(boarding(clock(11, 30, 1)).charged == 210);
}

BOOST_AUTO_TEST_CASE(s09_a_daily_cap_in_the_order_of_entry) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().caps = {{Period::day, {640, 320}}};
  const auto rides = rides_costing({210, 260, 260, 210}, tariff,
                                   {clock(8, 0), clock(9, 0), clock(10, 0), clock(11, 0)});
  const auto charges = price_all(rides, tariff);
  BOOST_TEST(charged(charges) == (std::vector<std::int64_t>{210, 260, 170, 0}));
  BOOST_TEST(charges[2].cap_discount == 90);
  BOOST_TEST(charges[3].cap_discount == 210);
  // In whatever order they are given.
  const auto backwards = price_all(std::vector<Journey>(rides.rbegin(), rides.rend()), tariff);
  BOOST_TEST(charged(backwards) == (std::vector<std::int64_t>{0, 170, 260, 210}));
  BOOST_TEST(price(rides[2], tariff, rides).charged ==
             price(rides[2], tariff, {rides[0], rides[1], rides[2]}).charged);
}

BOOST_AUTO_TEST_CASE(s09_a_journey_belongs_to_the_day_of_its_entry) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().caps = {{Period::day, {200, 100}}};
  const Journey evening = ride("A0", clock(20, 0), "A1", clock(20, 20));
  const Journey night = ride("A0", clock(26, 50), "A1", clock(27, 10));
  const Journey morning = ride("A0", clock(27, 0), "A1", clock(27, 20));
  BOOST_TEST(price(night, tariff, {evening}).charged == 10);
  BOOST_TEST(price(morning, tariff, {evening}).charged == 190);
  BOOST_TEST(price(morning, tariff, {night}).charged == 190);
}

BOOST_AUTO_TEST_CASE(s10_a_daily_and_a_weekly_cap_and_a_maximum_fare_beside_them) {
  NaiveTariff tariff;
  tariff.clock_offset_ms = 0;
  tariff.day_start_ms = (4 * 60 + 30) * 60'000;
  Version version = omt_1();
  version.maximum = {940, 470};
  version.caps = {{Period::week, {4470, 2235}}, {Period::day, {890, 445}}};
  version.effective_from = 0;
  tariff.versions["OM"] = {version};
  std::vector<std::int64_t> fares, when;
  for (int day = 0; day < 7; ++day)
    for (int ride = 0; ride < (day == 6 ? 1 : 2); ++ride) {
      fares.push_back(580);
      when.push_back(at(2025, 6, 2 + day, 9 + 9 + 4 * ride, 0));
    }
  std::vector<Journey> rides = rides_costing(fares, tariff, when);
  Journey lost = ride("A0", at(2025, 6, 4, 9 + 11, 0), "", 0);
  rides.push_back(lost);
  const auto charges = price_all(rides, tariff);
  std::int64_t week = 0;
  for (std::size_t i = 0; i + 1 < charges.size(); ++i) week += charges[i].charged;
  BOOST_TEST(week == 4470);
  BOOST_TEST(charges[10].charged == 20);  // Saturday
  BOOST_TEST(charges[12].charged == 0);   // Sunday
  BOOST_TEST(charges.back().maximum);
  BOOST_TEST(charges.back().charged == 940);
}

BOOST_AUTO_TEST_CASE(a_monthly_cap_is_of_the_month_of_the_fare_day) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().caps = {{Period::month, {300, 150}}};
  const Journey june = ride("A0", clock(9, 0), "A1", clock(9, 20));
  // 1 July, 02:59, is still the fare day of 30 June.
  const Journey last = ride("A0", at(2025, 7, 1, 2, 59), "A1", at(2025, 7, 1, 3, 20));
  const Journey july = ride("A0", at(2025, 7, 1, 3, 0), "A1", at(2025, 7, 1, 3, 20));
  BOOST_TEST(price(last, tariff, {june}).charged == 110);
  BOOST_TEST(price(july, tariff, {june}).charged == 190);
}

BOOST_AUTO_TEST_CASE(s11_a_missed_exit_costs_the_maximum_until_it_is_corrected) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().caps = {{Period::day, {300, 150}}};
  Journey lost = ride("A0", clock(18, 0), "", 0);
  BOOST_TEST(price(lost, tariff, {}).charged == 390);
  BOOST_TEST(price(lost, tariff, {}).maximum);
  const Journey later = ride("A5", clock(23, 0), "A4", clock(23, 20));
  BOOST_TEST(price(later, tariff, {lost}).charged == 190);
  lost.exit = "A5";
  lost.left = clock(18, 40);
  BOOST_TEST(price(lost, tariff, {}).charged == 290);
  BOOST_TEST(price(later, tariff, {lost}).charged == 10);  // now it counts toward the cap
  lost.left = clock(22, 0);                                // four hours: too late
  BOOST_TEST(price(lost, tariff, {}).maximum);
}

BOOST_AUTO_TEST_CASE(s37_the_tariff_of_the_entry_holds) {
  NaiveTariff tariff = tariff_of(omt_1());
  Version dearer = omt_1();
  dearer.effective_from = at(2025, 10, 1, 3, 0);
  dearer.sections[0].adult = 200;
  tariff.versions["OM"].push_back(dearer);
  const Journey over = ride("A0", at(2025, 10, 1, 2, 50), "A1", at(2025, 10, 1, 3, 20));
  const Journey after = ride("A0", at(2025, 10, 1, 3, 0), "A1", at(2025, 10, 1, 3, 20));
  BOOST_TEST(price(over, tariff, {}).charged == 190);
  BOOST_TEST(price(after, tariff, {}).charged == 200);
}

BOOST_AUTO_TEST_CASE(s40_a_concession_is_flat_and_the_rest_is_the_sponsors) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().concessions = {{"senior", 50}};
  Journey taps = ride("A0", clock(9, 0), "A3", clock(9, 20));
  taps.category = "senior";
  taps.category_until = clock(9, 0, 1);
  BOOST_TEST(price(taps, tariff, {}).charged == 50);
  BOOST_TEST(price(taps, tariff, {}).sponsored == 190);
  taps.category_until = clock(9, 0);  // expired at entry
  BOOST_TEST(price(taps, tariff, {}).charged == 240);
  BOOST_TEST(price(taps, tariff, {}).sponsored == 0);
}

BOOST_AUTO_TEST_CASE(the_same_station_costs_by_the_time_between) {
  NaiveTariff tariff = tariff_of(omt_1());
  tariff.versions["OM"].front().same_station = {
      {900, {0, 0}, false}, {3600, {190, 100}, false}, {{}, {}, true}};
  const auto cost = [&](std::int64_t out) {
    return price(ride("A0", clock(9, 0), "A0", out), tariff, {}).charged;
  };
  BOOST_TEST(cost(clock(9, 15)) == 0);
  BOOST_TEST(cost(clock(9, 15, 1)) == 190);
  BOOST_TEST(cost(clock(10, 0)) == 190);
  BOOST_TEST(cost(clock(10, 0, 1)) == 390);
}

BOOST_AUTO_TEST_SUITE_END()
