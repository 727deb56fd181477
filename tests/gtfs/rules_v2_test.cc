// What is odd about the tables of GTFS-Fares V2, as the report has it.
#include "ledger/gtfs/rules_v2.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/version_two.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::found;
using obverse::gtfs::tests::plain_rules;
using obverse::gtfs::tests::Texts;
using obverse::gtfs::tests::version_two;

namespace {

const std::string rule = plain_rules + "g,metro,,,p\n";
const std::string product = "p,,,1.00,EUR\n";

std::size_t odd_transfer(const std::string& row, const char* kind) {
  return found(version_two(product, rule, row), kind);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules_v2)

BOOST_AUTO_TEST_CASE(a_good_feed_has_no_findings) {
  const Book book = book_from(version_two(product, rule, "g,g,-1,60,1,0,\n"));
  for (const Finding& finding : book.report.findings()) BOOST_ERROR(text(finding));
}

BOOST_AUTO_TEST_CASE(rules_of_changes_that_are_not_whole) {
  BOOST_TEST(odd_transfer("g,g,,,,0,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,g,0,,,0,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,g,-2,,,0,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,g,1,-5,1,0,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,g,1,5,4,0,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,g,1,,,3,\n", "transfer_rule_not_whole") == 1u);
  BOOST_TEST(odd_transfer("g,,1,,,0,\n", "transfer_count_forbidden") == 1u);
}

BOOST_AUTO_TEST_CASE(products_amounts_and_priorities) {
  const auto odd = [&](const std::string& products, const char* kind) {
    return found(version_two(products, rule), kind);
  };
  BOOST_TEST(odd("p,,,1.000,EUR\n", "odd_amount") == 1u);
  BOOST_TEST(odd("p,,,1.001,EUR\n", "odd_amount") == 1u);
  BOOST_TEST(odd("p,,,1.00,ABC\n", "unknown_currency") == 1u);
  BOOST_TEST(odd("p,,,1.00,EUR\nq,,,1.00,EUR\n", "product_without_rule") == 1u);
  BOOST_TEST(odd("p,,child,1.00,EUR\n", "product_without_default_category") == 1u);
  BOOST_TEST(found(version_two(product, "fare_product_id,rule_priority\np,-1\n"), "odd_number") ==
             1u);
}

BOOST_AUTO_TEST_CASE(timeframes_that_never_are) {
  Texts feed = version_two(product, "fare_product_id,from_timeframe_group_id\np,t\np,gone\n");
  feed["timeframes.txt"] =
      "timeframe_group_id,start_time,end_time,service_id\n"
      "t,25:00:00,26:00:00,s\nt,10:00:00,09:00:00,s\nt,10:00:00,,s\n";
  BOOST_TEST(found(feed, "unreadable_time") == 1u);
  BOOST_TEST(found(feed, "empty_timeframe") == 1u);
  BOOST_TEST(found(feed, "half_a_timeframe") == 1u);
  BOOST_TEST(found(feed, "rule_never_matches") == 1u);
}

BOOST_AUTO_TEST_CASE(a_station_without_area_whose_platforms_have_one) {
  Texts feed = version_two(product, rule);
  feed["stops.txt"] += "S,Station,,1,\nS1,Station,,0,S\n";
  feed["stop_areas.txt"] += "in,S1\n";
  BOOST_TEST(found(feed, "station_without_area") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
