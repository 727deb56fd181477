// Journeys of several legs by GTFS-Fares V2: the three kinds of cost, counts, the four kinds of
// limit, empty groups, and the extensions of one operator.
#include "ledger/gtfs/journey_v2.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/version_two.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::leg;
using obverse::gtfs::tests::plain_rules;
using obverse::gtfs::tests::said;
using obverse::gtfs::tests::Texts;
using obverse::gtfs::tests::version_two;

namespace {

const std::string prices = "m,,,3.00,EUR\nb,,,2.00,EUR\nab,,,0.50,EUR\nless,,,-1.00,EUR\n";
const std::string rules = plain_rules + "metro,metro,,,m\nbus,bus,,,b\n";

Leg metro(const char* depart, const char* arrive) { return leg("M", "A", "B", depart, arrive); }
Leg bus(const char* depart, const char* arrive) { return leg("B", "B", "C", depart, arrive); }

std::string cost(const std::string& transfers, const std::vector<Leg>& legs) {
  return said(version_two(prices, rules, transfers), {legs, "", ""});
}

const std::vector<Leg> metro_and_bus{metro("08:00:00", "08:20:00"), bus("08:30:00", "08:50:00")};

std::string rule_of(const std::string& transfers, const std::vector<Leg>& legs) {
  const Book book = book_from(version_two(prices, rules, transfers));
  const Answer answer = price(book, {legs, "", ""});
  const auto* found = std::get_if<Price>(&answer);
  return found == nullptr ? "" : found->rule;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journey_v2)

BOOST_AUTO_TEST_CASE(without_a_rule_legs_are_paid_apart) {
  BOOST_TEST(cost("", metro_and_bus) == "500 m b");
  BOOST_TEST(rule_of("", metro_and_bus) == "separate");
  // A rule is for one direction.
  BOOST_TEST(cost("bus,metro,,,,0,\n", metro_and_bus) == "500 m b");
}

BOOST_AUTO_TEST_CASE(the_three_kinds_of_cost) {
  BOOST_TEST(cost("metro,bus,,,,0,\n", metro_and_bus) == "300 m b");
  BOOST_TEST(cost("metro,bus,,,,0,ab\n", metro_and_bus) == "350 m b");
  BOOST_TEST(cost("metro,bus,,,,1,less\n", metro_and_bus) == "400 m b");
  BOOST_TEST(cost("metro,bus,,,,1,\n", metro_and_bus) == "500 m b");
  BOOST_TEST(cost("metro,bus,,,,2,ab\n", metro_and_bus) == "50 m b");
  BOOST_TEST(cost("metro,bus,,,,2,\n", metro_and_bus) == "0 m b");
  BOOST_TEST(rule_of("metro,bus,,,,0,\n", metro_and_bus) == "transfer:metro>bus");
}

// As the table of the reference has it: behind the first change everything before counts once.
BOOST_AUTO_TEST_CASE(three_legs_add_up_as_the_reference_has_it) {
  std::vector<Leg> legs = metro_and_bus;
  legs.push_back(leg("M", "C", "D", "09:00:00", "09:20:00"));
  BOOST_TEST(cost("metro,bus,,,,0,ab\nbus,metro,,,,0,ab\n", legs) == "400 m b m");
  BOOST_TEST(cost("metro,bus,,,,0,ab\nbus,metro,,,,1,less\n", legs) == "550 m b m");
  BOOST_TEST(cost("metro,bus,,,,0,ab\nbus,metro,,,,2,ab\n", legs) == "400 m b m");
  BOOST_TEST(cost("metro,bus,,,,2,ab\nbus,metro,,,,2,ab\n", legs) == "100 m b m");
  // No change before it: the second leg's own price is not counted.
  BOOST_TEST(cost("bus,metro,,,,2,ab\n", legs) == "350 m b m");
  BOOST_TEST(rule_of("bus,metro,,,,2,ab\n", legs) == "separate;transfer:bus>metro");
}

BOOST_AUTO_TEST_CASE(how_many_changes_in_a_row) {
  const std::vector<Leg> four{bus("08:00:00", "08:10:00"), bus("08:20:00", "08:30:00"),
                              bus("08:40:00", "08:50:00"), bus("09:00:00", "09:10:00")};
  BOOST_TEST(cost("bus,bus,1,,,0,\n", four) == "400 b b b b");
  BOOST_TEST(cost("bus,bus,2,,,0,\n", four) == "400 b b b b");
  BOOST_TEST(cost("bus,bus,3,,,0,\n", four) == "200 b b b b");
  BOOST_TEST(cost("bus,bus,-1,,,0,\n", four) == "200 b b b b");
  // The smallest count that is enough: the first change is free, the second costs.
  BOOST_TEST(cost("bus,bus,1,,,0,\nbus,bus,3,,,0,ab\n", four) == "300 b b b b");
}

BOOST_AUTO_TEST_CASE(a_count_that_must_be_there_and_is_not) {
  const std::vector<Leg> two{bus("08:00:00", "08:10:00"), bus("08:20:00", "08:30:00")};
  BOOST_TEST(cost("bus,bus,,,,0,\n", two) == "FEED_CONTRADICTS");
  BOOST_TEST(cost("bus,bus,0,,,0,\n", two) == "FEED_CONTRADICTS");
  BOOST_TEST(cost("bus,bus,-1,,,7,\n", two) == "FEED_CONTRADICTS");
  BOOST_TEST(cost("bus,bus,-1,60,,0,\n", two) == "FEED_CONTRADICTS");
  BOOST_TEST(cost("bus,bus,-1,soon,1,0,\n", two) == "FEED_CONTRADICTS");
  // A change that it is not for has its price.
  BOOST_TEST(cost("bus,bus,,,,0,\n", metro_and_bus) == "500 m b");
}

// Metro 08:00 to 08:20, bus 08:30 to 08:50.
BOOST_AUTO_TEST_CASE(the_four_kinds_of_limit_are_inclusive) {
  const auto within = [&](int seconds, int type) {
    return cost("metro,bus,," + std::to_string(seconds) + "," + std::to_string(type) + ",0,\n",
                metro_and_bus) == "300 m b";
  };
  BOOST_TEST(within(3000, 0));
  BOOST_TEST(!within(2999, 0));
  BOOST_TEST(within(1800, 1));
  BOOST_TEST(!within(1799, 1));
  BOOST_TEST(within(600, 2));
  BOOST_TEST(!within(599, 2));
  BOOST_TEST(within(1800, 3));
  BOOST_TEST(!within(1799, 3));
}

BOOST_AUTO_TEST_CASE(within_one_group_the_limit_is_from_its_first_leg) {
  const std::vector<Leg> three{bus("08:00:00", "08:10:00"), bus("08:40:00", "08:50:00"),
                               bus("09:20:00", "09:30:00")};
  BOOST_TEST(cost("bus,bus,-1,4800,1,0,\n", three) == "200 b b b");
  BOOST_TEST(cost("bus,bus,-1,4799,1,0,\n", three) == "400 b b b");
  // Between two groups it is from the leg before.
  std::vector<Leg> mixed = three;
  mixed[0] = metro("08:00:00", "08:10:00");
  BOOST_TEST(cost("metro,bus,,4799,1,0,\nbus,bus,-1,4799,1,0,\n", mixed) == "300 m b b");
}

BOOST_AUTO_TEST_CASE(a_limit_is_measured_in_utc) {
  // At 03:00 clocks go back to 02:00: an hour passes twice.
  Leg first = leg("M", "A", "B"), second = leg("B", "B", "C");
  first.depart = local_time("2024-10-27T02:50:00+02:00");
  second.depart = local_time("2024-10-27T02:10:00+01:00");
  BOOST_TEST(cost("metro,bus,,1200,1,0,\n", {first, second}) == "300 m b");
  BOOST_TEST(cost("metro,bus,,1199,1,0,\n", {first, second}) == "500 m b");
}

BOOST_AUTO_TEST_CASE(times_that_were_not_said) {
  const std::vector<Leg> legs{metro("08:00:00", ""), bus("08:30:00", "")};
  BOOST_TEST(cost("metro,bus,,3600,1,0,\n", legs) == "300 m b");
  BOOST_TEST(cost("metro,bus,,3600,0,0,\n", legs) == "FACT_MISSING");
  BOOST_TEST(cost("metro,bus,,3600,2,0,\n", legs) == "FACT_MISSING");
}

BOOST_AUTO_TEST_CASE(an_empty_group_is_every_group_not_listed) {
  BOOST_TEST(cost(",bus,,,,0,\n", metro_and_bus) == "300 m b");
  BOOST_TEST(cost("metro,,,,,0,\n", metro_and_bus) == "300 m b");
  BOOST_TEST(cost(",,,,,0,\n", metro_and_bus) == "300 m b");
  // The metro is listed in from_leg_group_id, so the empty one is not for it.
  BOOST_TEST(cost(",bus,,,,0,\nmetro,metro,-1,,,0,\n", metro_and_bus) == "500 m b");
}

BOOST_AUTO_TEST_CASE(legs_without_group_have_no_change) {
  const Texts feed = version_two(prices, plain_rules + ",metro,,,m\n,bus,,,b\n", ",,,,,0,\n");
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "500 m b");
}

BOOST_AUTO_TEST_CASE(the_cheapest_choice_of_products_over_the_whole_journey) {
  // The dearer product of the first leg makes the second one free.
  const Texts feed = version_two(
      "single,,,1.00,EUR\nday,,,2.50,EUR\nb,,,2.00,EUR\n",
      plain_rules + "once,metro,,,single\nday,metro,,,day\nbus,bus,,,b\n", "day,bus,,,,0,\n");
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "250 day b");
  BOOST_TEST(said(feed, {{metro_and_bus[0]}, "", ""}) == "100 single");
}

BOOST_AUTO_TEST_CASE(one_medium_for_the_whole_journey) {
  Texts feed = version_two("m,cash,,3.00,EUR\nm,card,,2.00,EUR\nb,cash,,2.00,EUR\n", rules);
  feed["fare_media.txt"] = "fare_media_id,fare_media_type\ncash,0\ncard,2\n";
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "500 m b");
  BOOST_TEST(said(feed, {metro_and_bus, "card", ""}) == "NOT_WITH_MEDIUM");
  BOOST_TEST(said(feed, {metro_and_bus, "cash", ""}) == "500 m b");
}

BOOST_AUTO_TEST_CASE(a_change_that_cannot_be_bought_leaves_the_legs_apart) {
  Texts feed =
      version_two("m,,,3.00,EUR\nb,,,2.00,EUR\nab,card,,0.50,EUR\n", rules, "metro,bus,,,,0,ab\n");
  feed["fare_media.txt"] = "fare_media_id,fare_media_type\ncash,0\ncard,2\n";
  BOOST_TEST(said(feed, {metro_and_bus, "card", ""}) == "350 m b");
  BOOST_TEST(said(feed, {metro_and_bus, "cash", ""}) == "500 m b");
}

BOOST_AUTO_TEST_CASE(the_extensions_of_mbta) {
  const std::string held =
      "from_leg_group_id,to_leg_group_id,fare_transfer_type,"
      "filter_fare_product_id\nmetro,bus,0,m\nmetro,free,0,\n";
  Texts feed = version_two(prices + "m2,,,2.50,EUR\nnone,,,0.00,EUR\n",
                           "leg_group_id,network_id,fare_product_id,transfer_only\n"
                           "metro,metro,m,\nmetro,metro,m2,\nbus,bus,b,\n");
  feed["fare_transfer_rules.txt"] = held;
  // The cheaper metro product does not open the change.
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "300 m b");
  feed["fare_leg_rules.txt"] += "free,bus,none,1\n";
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "250 m2 none");
  BOOST_TEST(said(feed, {{metro_and_bus[1]}, "", ""}) == "200 b");  // never without a change
  // Nor behind a change that no rule is for.
  const std::vector<Leg> buses{bus("08:00:00", "08:10:00"), bus("08:20:00", "08:30:00")};
  BOOST_TEST(said(feed, {buses, "", ""}) == "400 b b");
}

BOOST_AUTO_TEST_CASE(a_sum_below_0_is_no_fare) {
  const Texts feed =
      version_two("m,,,0.50,EUR\nb,,,0.20,EUR\nless,,,-1.00,EUR\n", rules, "metro,bus,,,,1,less\n");
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "FEED_CONTRADICTS");
}

BOOST_AUTO_TEST_CASE(two_currencies_have_no_sum) {
  const Texts feed = version_two("m,,,3.00,EUR\nb,,,2.00,USD\n", rules);
  BOOST_TEST(said(feed, {metro_and_bus, "", ""}) == "CURRENCIES_DIFFER");
}

BOOST_AUTO_TEST_SUITE_END()
