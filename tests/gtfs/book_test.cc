#include "ledger/gtfs/book.h"

#include <boost/test/unit_test.hpp>

#include "tests/gtfs/version_two.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::book_from;
using obverse::gtfs::tests::leg;
using obverse::gtfs::tests::plain_rules;
using obverse::gtfs::tests::said;
using obverse::gtfs::tests::small_network;
using obverse::gtfs::tests::Texts;
using obverse::gtfs::tests::version_two;

namespace {

const char* attributes = "fare_id,price,currency_type,payment_method,transfers\nf,9.00,EUR,0,0\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(book)

BOOST_AUTO_TEST_CASE(version_two_counts_where_both_are_there) {
  Texts feed = version_two("p,,,1.00,EUR\n", plain_rules + "g,metro,,,p\n");
  feed["fare_attributes.txt"] = attributes;
  const Book both = book_from(feed);
  BOOST_TEST(both.kind == "GTFS Fares V2");
  BOOST_TEST(both.report.count("two_versions") == 1u);
  BOOST_TEST(said(price(both, {{leg("M", "A", "B")}, "", ""})) == "100 p");
}

BOOST_AUTO_TEST_CASE(a_feed_without_fares_has_no_fare_of_0) {
  const Book none = book_from(small_network());
  BOOST_TEST(none.kind == "none");
  BOOST_TEST(none.report.count("no_fares") == 1u);
  BOOST_TEST(said(price(none, {{leg("R1", "A", "B")}, "", ""})) == "NO_FARES");
  BOOST_TEST((none.places() == nullptr));
}

BOOST_AUTO_TEST_CASE(the_only_route_need_not_be_said) {
  Texts feed = small_network();
  feed["fare_attributes.txt"] = attributes;
  feed["fare_rules.txt"] = "fare_id,route_id\nf,R1\n";
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "FACT_MISSING");
  feed["routes.txt"] = "route_id,agency_id,route_type\nR1,AG,3\n";
  BOOST_TEST(said(feed, {{leg("", "A", "B")}, "", ""}) == "900 f");
}

BOOST_AUTO_TEST_CASE(kinds_of_version_one) {
  Texts feed = small_network();
  feed["fare_attributes.txt"] = attributes;
  BOOST_TEST(book_from(feed).kind == "GTFS Fares V1");
  feed["agency.txt"] = "agency_id,agency_name,agency_url,agency_timezone\nAG,a,b,Asia/Tokyo\n";
  BOOST_TEST(book_from(feed).kind == "GTFS-JP");
  BOOST_TEST(!read_book("tests/gtfs/none").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
