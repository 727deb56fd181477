// GTFS-Fares V1 on feeds of our own: what each column asks for, changes and their limits, and what
// is unknown.
#include "ledger/gtfs/fares_v1.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/small_feed.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::found;
using obverse::gtfs::tests::leg;
using obverse::gtfs::tests::said;
using obverse::gtfs::tests::small_network;
using obverse::gtfs::tests::Texts;

namespace {

Texts feed_with(const std::string& attributes, const std::string& rules) {
  Texts texts = small_network();
  texts["fare_attributes.txt"] =
      "fare_id,price,currency_type,payment_method,transfers,transfer_duration,agency_id\n" +
      attributes;
  if (!rules.empty())
    texts["fare_rules.txt"] = "fare_id,route_id,origin_id,destination_id,contains_id\n" + rules;
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fares_v1)

BOOST_AUTO_TEST_CASE(pairs_of_zones_in_their_direction) {
  const Texts feed =
      feed_with("f1,2.00,EUR,0,0,,\nf2,3.50,EUR,0,0,,\n", "f1,,ZA,ZB,\nf2,,ZB,ZA,\nf2,,ZA,ZC,\n");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "200 f1");
  BOOST_TEST(said(feed, {{leg("", "B", "A")}, "", ""}) == "350 f2");
  BOOST_TEST(said(feed, {{leg("", "C", "A")}, "", ""}) == "NO_RULE");
  BOOST_TEST(said(feed, {{leg("", "A", "A")}, "", ""}) == "NO_RULE");
}

BOOST_AUTO_TEST_CASE(the_cheapest_fare_all_of_whose_conditions_hold) {
  const Texts feed = feed_with("dear,5.00,EUR,0,0,,\ncheap,1.00,EUR,0,0,,\nline,3.00,EUR,0,0,,\n",
                               "dear,,ZA,,\ncheap,R2,ZA,,\nline,R1,,,\n");
  BOOST_TEST(said(feed, {{leg("R1", "A", "B")}, "", ""}) == "300 line");
  BOOST_TEST(said(feed, {{leg("R2", "A", "B")}, "", ""}) == "100 cheap");
  BOOST_TEST(said(feed, {{leg("R2", "B", "A")}, "", ""}) == "NO_RULE");
  // Two rows are two rules: neither lends the other its conditions.
  const Texts rows = feed_with("f,1.00,EUR,0,0,,\n", "f,R1,ZA,ZB,\nf,R2,ZC,ZD,\n");
  BOOST_TEST(said(rows, {{leg("R2", "A", "B")}, "", ""}) == "NO_RULE");
  BOOST_TEST(said(rows, {{leg("R2", "C", "D")}, "", ""}) == "100 f");
}

BOOST_AUTO_TEST_CASE(a_fare_without_rule_counts_everywhere) {
  const Texts feed = feed_with("flat,2.10,EUR,0,0,,\n", "");
  BOOST_TEST(said(feed, {{leg("", "A", "D")}, "", ""}) == "210 flat");
  BOOST_TEST(found(feed, "fare_without_rule") == 1u);
}

BOOST_AUTO_TEST_CASE(contains_names_all_zones_that_are_passed_and_no_others) {
  const Texts feed =
      feed_with("one,1.00,EUR,0,0,,\ntwo,2.00,EUR,0,0,,\nthree,3.00,EUR,0,0,,\n",
                "one,,,,ZA\ntwo,,,,ZA\ntwo,,,,ZB\nthree,,,,ZA\nthree,,,,ZB\nthree,,,,ZC\n");
  const auto passing = [&](const char* to, std::vector<std::string> stops) {
    Leg ride = leg("", "A", to);
    ride.passed = std::move(stops);
    return said(feed, {{ride}, "", ""});
  };
  BOOST_TEST(passing("A", {}) == "100 one");
  BOOST_TEST(passing("B", {}) == "200 two");
  BOOST_TEST(passing("C", {"B"}) == "300 three");
  BOOST_TEST(passing("C", {}) == "NO_RULE");
  BOOST_TEST(passing("D", {"B", "C"}) == "NO_RULE");
  // Not said which stops are passed: it may be any of the fares that have at least these zones.
  BOOST_TEST(said(feed, {{leg("", "A", "C")}, "", ""}) == "FACT_MISSING");
  BOOST_TEST(said(feed, {{leg("", "A", "D")}, "", ""}) == "NO_RULE");
}

BOOST_AUTO_TEST_CASE(changes_none_one_two_and_any) {
  const std::vector<Leg> three{leg("", "A", "B", "08:00:00"), leg("", "B", "C", "08:30:00"),
                               leg("", "C", "D", "09:00:00")};
  const auto cost = [&](const char* transfers) {
    return said(feed_with("f,1.00,EUR,0," + std::string(transfers) + ",,\n", ""), {three, "", ""});
  };
  BOOST_TEST(cost("0") == "300 f f f");
  BOOST_TEST(cost("1") == "200 f f");
  BOOST_TEST(cost("2") == "100 f");
  BOOST_TEST(cost("") == "100 f");
  BOOST_TEST(cost("3") == "AMOUNT_UNREADABLE");
  BOOST_TEST(cost("-1") == "AMOUNT_UNREADABLE");
}

BOOST_AUTO_TEST_CASE(a_change_within_its_time_inclusive_from_the_first_departure) {
  const Texts feed = feed_with("f,1.00,EUR,0,,3600,\n", "");
  const auto cost = [&](const char* second) {
    return said(feed, {{leg("", "A", "B", "08:00:00"), leg("", "B", "C", second)}, "", ""});
  };
  BOOST_TEST(cost("09:00:00") == "100 f");
  BOOST_TEST(cost("09:00:01") == "200 f f");
  BOOST_TEST(cost("") == "FACT_MISSING");
}

BOOST_AUTO_TEST_CASE(zones_of_a_journey_are_of_its_first_and_last_stop) {
  const Texts feed = feed_with("through,3.00,EUR,0,1,,\nleg,2.00,EUR,0,0,,\n",
                               "through,,ZA,ZC,\nleg,,ZA,ZB,\nleg,,ZB,ZC,\n");
  BOOST_TEST(said(feed, {{leg("", "A", "B"), leg("", "B", "C")}, "", ""}) == "300 through");
}

BOOST_AUTO_TEST_CASE(a_fare_of_an_agency_counts_on_its_routes) {
  Texts feed = feed_with("f,1.00,EUR,0,0,,AG\ng,2.00,EUR,0,0,,BG\n", "");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "100 f");  // there is one agency
  feed["agency.txt"] += "BG,Other,https://example.org/,Europe/Berlin\n";
  feed["routes.txt"] = "route_id,agency_id,route_type\nR1,AG,3\nR2,BG,3\n";
  BOOST_TEST(said(feed, {{leg("R1", "A", "B")}, "", ""}) == "100 f");
  BOOST_TEST(said(feed, {{leg("R2", "A", "B")}, "", ""}) == "200 g");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "FACT_MISSING");
}

BOOST_AUTO_TEST_CASE(what_was_not_said_is_not_guessed) {
  const Texts feed = feed_with("cheap,1.00,EUR,0,0,,\ndear,2.00,EUR,0,0,,\n",
                               "cheap,R1,ZA,ZB,\ndear,,ZA,ZB,\ndear,,ZA,ZC,\n");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "FACT_MISSING");
  BOOST_TEST(said(feed, {{leg("R1", "A", "B")}, "", ""}) == "100 cheap");
  BOOST_TEST(said(feed, {{leg("R2", "A", "B")}, "", ""}) == "200 dear");
  BOOST_TEST(said(feed, {{leg("", "A", "C")}, "", ""}) == "200 dear");
}

BOOST_AUTO_TEST_CASE(an_amount_that_cannot_be_read_is_unknown_and_never_0) {
  const auto cost = [&](const std::string& price, const char* currency) {
    return said(feed_with("f," + price + "," + currency + ",0,0,,\n", ""),
                {{leg("", "A", "B")}, "", ""});
  };
  BOOST_TEST(cost("0", "EUR") == "0 f");
  BOOST_TEST(cost("1.2345", "EUR") == "AMOUNT_UNREADABLE");
  BOOST_TEST(cost("-1", "EUR") == "AMOUNT_UNREADABLE");
  BOOST_TEST(cost("", "EUR") == "AMOUNT_UNREADABLE");
  BOOST_TEST(cost("1.00", "ABC") == "AMOUNT_UNREADABLE");
  // It might be cheaper than another that can be read.
  BOOST_TEST(said(feed_with("f,?,EUR,0,0,,\ng,1.00,EUR,0,0,,\n", ""),
                  {{leg("", "A", "B")}, "", ""}) == "AMOUNT_UNREADABLE");
  BOOST_TEST(said(feed_with("f,1.00,USD,0,0,,\ng,1.00,EUR,0,0,,\n", ""),
                  {{leg("", "A", "B")}, "", ""}) == "CURRENCIES_DIFFER");
}

BOOST_AUTO_TEST_CASE(there_are_no_media_and_no_categories) {
  const Texts feed = feed_with("f,1.00,EUR,0,0,,\n", "");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "card", ""}) == "UNKNOWN_MEDIUM");
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", "child"}) == "UNKNOWN_CATEGORY");
}

BOOST_AUTO_TEST_CASE(a_stop_without_zone_is_named) {
  Texts feed = feed_with("f,1.00,EUR,0,0,,\n", "f,,ZA,ZB,\n");
  feed["stops.txt"] += "E,Elder,,0,\n";
  BOOST_TEST(said(feed, {{leg("", "A", "E")}, "", ""}) == "STOP_WITHOUT_ZONE");
}

BOOST_AUTO_TEST_CASE(the_report_says_which_zones_and_pairs_are_odd) {
  const Texts feed = feed_with("f,1.00,EUR,0,0,,\ng,2.00,EUR,0,0,,\n", "f,,ZA,ZB,\ng,,ZA,ZB,\n");
  BOOST_TEST(found(feed, "zone_without_fare") == 2u);
  BOOST_TEST(found(feed, "two_prices") == 1u);
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "100 f");
}

BOOST_AUTO_TEST_SUITE_END()
