// One leg by GTFS-Fares V2: what empty fields mean, priorities, timeframes, media, categories,
// joined legs; and what is unknown.
#include "ledger/gtfs/fares_v2.h"

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

const std::string prices = "p1,,,1.00,EUR\np2,,,2.00,EUR\np3,,,3.00,EUR\n";

std::string one(const Texts& texts, const std::string& route, const std::string& from,
                const std::string& to) {
  return said(texts, {{leg(route, from, to, "08:00:00", "08:20:00")}, "", ""});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fares_v2)

BOOST_AUTO_TEST_CASE(without_priorities_an_empty_field_is_what_its_column_does_not_list) {
  const Texts feed =
      version_two(prices, plain_rules + "g,metro,in,out,p1\ng,metro,in,,p2\ng,bus,,,p3\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "100 p1");
  BOOST_TEST(one(feed, "M", "A", "C") == "200 p2");  // far is not listed in to_area_id
  BOOST_TEST(one(feed, "M", "A", "D") == "200 p2");  // a stop without area
  BOOST_TEST(one(feed, "M", "B", "A") == "NO_RULE");
  BOOST_TEST(one(feed, "B", "C", "D") == "300 p3");
  BOOST_TEST(one(feed, "B", "A", "C") == "NO_RULE");  // "in" is listed, and not with the bus
  BOOST_TEST(one(feed, "B", "C", "B") == "NO_RULE");  // so is "out"
  BOOST_TEST(one(feed, "X", "C", "D") == "NO_RULE");  // no rule is for other networks
}

BOOST_AUTO_TEST_CASE(an_empty_network_is_every_network_not_listed) {
  const Texts feed = version_two(prices, plain_rules + "g,metro,,,p1\ng,,,,p2\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "100 p1");
  BOOST_TEST(one(feed, "B", "A", "B") == "200 p2");
  BOOST_TEST(one(feed, "X", "A", "B") == "200 p2");
}

BOOST_AUTO_TEST_CASE(an_exact_rule_counts_before_one_with_empty_fields) {
  Texts feed = version_two(prices, plain_rules + "g,metro,in,out,p3\ng,metro,,out,p1\n");
  feed["stop_areas.txt"] += "far,A\n";  // A is in a listed and in an unlisted area
  BOOST_TEST(one(feed, "M", "A", "B") == "300 p3");
  BOOST_TEST(one(feed, "M", "C", "B") == "100 p1");
}

BOOST_AUTO_TEST_CASE(with_priorities_an_empty_field_matches_anything_and_the_highest_counts) {
  const Texts feed =
      version_two(prices,
                  "network_id,from_area_id,to_area_id,fare_product_id,rule_priority\n"
                  "metro,,,p1,\nmetro,in,,p2,1\nmetro,in,out,p3,2\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "300 p3");
  BOOST_TEST(one(feed, "M", "A", "C") == "200 p2");
  BOOST_TEST(one(feed, "M", "B", "A") == "100 p1");
  BOOST_TEST(one(feed, "B", "B", "A") == "NO_RULE");
}

BOOST_AUTO_TEST_CASE(of_rules_of_one_priority_the_cheapest) {
  const Texts feed = version_two(prices, plain_rules + "g,metro,,,p2\nh,metro,,,p1\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "100 p1");
}

BOOST_AUTO_TEST_CASE(timeframes_by_day_and_hour_end_exclusive) {
  Texts feed = version_two(prices,
                           "network_id,fare_product_id,from_timeframe_group_id,"
                           "to_timeframe_group_id\nmetro,p3,peak,\nmetro,p1,off,\nbus,p2,,off\n");
  feed["timeframes.txt"] =
      "timeframe_group_id,start_time,end_time,service_id\n"
      "peak,07:00:00,09:00:00,week\noff,00:00:00,07:00:00,week\noff,09:00:00,24:00:00,week\n"
      "off,,,sunday\n";
  feed["calendar.txt"] =
      "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
      "week,1,1,1,1,1,1,0,20241001,20241031\nsunday,0,0,0,0,0,0,1,20241001,20241031\n";
  const auto at = [&](const char* route, const char* day, const char* depart, const char* arrive) {
    Leg ride = leg(route, "A", "B");
    ride.depart = local_time(day + std::string("T") + depart);
    if (*arrive != '\0') ride.arrive = local_time(day + std::string("T") + arrive);
    return said(feed, {{ride}, "", ""});
  };
  BOOST_TEST(at("M", "2024-10-07", "06:59:59", "") == "100 p1");
  BOOST_TEST(at("M", "2024-10-07", "07:00:00", "") == "300 p3");
  BOOST_TEST(at("M", "2024-10-07", "08:59:59", "") == "300 p3");
  BOOST_TEST(at("M", "2024-10-07", "09:00:00", "") == "100 p1");
  BOOST_TEST(at("M", "2024-10-06", "08:00:00", "") == "100 p1");   // Sunday
  BOOST_TEST(at("M", "2024-11-04", "08:00:00", "") == "NO_RULE");  // beyond the calendar
  BOOST_TEST(at("B", "2024-10-07", "08:00:00", "09:00:00") == "200 p2");
  BOOST_TEST(at("B", "2024-10-07", "08:00:00", "08:59:59") == "NO_RULE");
  BOOST_TEST(at("B", "2024-10-07", "08:00:00", "") == "FACT_MISSING");
}

BOOST_AUTO_TEST_CASE(a_timeframe_that_is_nowhere_never_is) {
  const Texts feed = version_two(
      prices, "network_id,fare_product_id,from_timeframe_group_id\nmetro,p1,gone\nmetro,p2,\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "200 p2");
  BOOST_TEST(said(feed, {{leg("M", "A", "B")}, "", ""}) == "200 p2");
}

BOOST_AUTO_TEST_CASE(media_and_categories) {
  Texts feed = version_two(
      "p,cash,,3.00,EUR\np,card,,2.00,EUR\np,card,child,1.00,EUR\n"
      "open,,,4.00,EUR\n",
      plain_rules + "g,metro,,,p\ng,bus,,,open\n");
  feed["fare_media.txt"] = "fare_media_id,fare_media_type\ncash,0\ncard,2\napp,4\n";
  feed["rider_categories.txt"] =
      "rider_category_id,rider_category_name,is_default_fare_category\nadult,Adult,1\n"
      "child,Child,0\n";
  const auto cost = [&](const char* route, const char* medium, const char* category) {
    return said(feed, {{leg(route, "A", "B")}, medium, category});
  };
  BOOST_TEST(cost("M", "cash", "") == "300 p");
  BOOST_TEST(cost("M", "card", "") == "200 p");
  BOOST_TEST(cost("M", "card", "child") == "100 p");
  BOOST_TEST(cost("M", "cash", "child") == "300 p");  // a product for any category
  BOOST_TEST(cost("M", "", "") == "200 p");
  BOOST_TEST(cost("M", "app", "") == "NOT_WITH_MEDIUM");
  BOOST_TEST(cost("B", "app", "") == "400 open");
  BOOST_TEST(cost("M", "watch", "") == "UNKNOWN_MEDIUM");
  BOOST_TEST(cost("M", "cash", "senior") == "UNKNOWN_CATEGORY");
  const Answer answer = price(book_from(feed), {{leg("M", "A", "B")}, "", ""});
  BOOST_TEST(std::get<Price>(answer).medium == "card");
}

BOOST_AUTO_TEST_CASE(a_product_for_children_only_is_not_for_everybody) {
  Texts feed = version_two("p,,child,1.00,EUR\nq,,adult,2.00,EUR\n",
                           plain_rules + "g,metro,,,p\ng,bus,,,q\n");
  feed["rider_categories.txt"] =
      "rider_category_id,rider_category_name,is_default_fare_category\nadult,Adult,1\n"
      "child,Child,0\n";
  BOOST_TEST(one(feed, "M", "A", "B") == "NOT_FOR_CATEGORY");
  BOOST_TEST(one(feed, "B", "A", "B") == "200 q");
  BOOST_TEST(said(feed, {{leg("M", "A", "B")}, "", "child"}) == "100 p");
}

BOOST_AUTO_TEST_CASE(joined_legs_are_priced_as_one) {
  Texts feed = version_two(prices, plain_rules +
                                       "g,metro,in,far,p3\ng,metro,in,out,p2\n"
                                       "g,metro,out,far,p2\n");
  const std::vector<Leg> both{leg("M", "A", "B"), leg("M", "B", "C")};
  BOOST_TEST(said(feed, {both, "", ""}) == "400 p2 p2");
  feed["fare_leg_join_rules.txt"] =
      "from_network_id,to_network_id,from_stop_id,to_stop_id\n"
      "metro,metro,,\n";
  BOOST_TEST(said(feed, {both, "", ""}) == "300 p3");
  // Not at the same station, unless a rule names both.
  const std::vector<Leg> apart{leg("M", "A", "B"), leg("M", "D", "C")};
  BOOST_TEST(said(feed, {apart, "", ""}) == "NO_RULE");
  feed["fare_leg_join_rules.txt"] += "metro,metro,B,D\n";
  BOOST_TEST(said(feed, {apart, "", ""}) == "300 p3");
  const Book book = book_from(feed);
  const auto& fares = std::get<FaresV2>(book.fares);
  BOOST_TEST((joined_legs(fares, both) == std::vector<JoinedLeg>{{0, 1}}));
  BOOST_TEST((joined_legs(fares, {leg("M", "A", "B"), leg("B", "B", "C")}) ==
              std::vector<JoinedLeg>{{0, 0}, {1, 1}}));
}

BOOST_AUTO_TEST_CASE(what_the_feed_does_not_say_is_unknown) {
  const Texts feed =
      version_two(prices + "bad,,,1.005,EUR\n", plain_rules + "g,metro,,,bad\ng,bus,,,none\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "AMOUNT_UNREADABLE");
  BOOST_TEST(one(feed, "B", "A", "B") == "FEED_CONTRADICTS");  // a product that is not there
  BOOST_TEST(one(feed, "X", "A", "B") == "NO_RULE");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "FACT_MISSING");  // which route
  BOOST_TEST(one(version_two(prices, plain_rules), "M", "A", "B") == "NO_FARES");
}

BOOST_AUTO_TEST_CASE(a_fare_of_0_is_a_fare) {
  const Texts feed = version_two("free,,,0.00,EUR\n", plain_rules + "g,metro,,,free\n");
  BOOST_TEST(one(feed, "M", "A", "B") == "0 free");
}

BOOST_AUTO_TEST_SUITE_END()
