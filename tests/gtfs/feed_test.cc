#include "ledger/gtfs/feed.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/gtfs/small_feed.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::small_network;

BOOST_AUTO_TEST_SUITE(feed)

BOOST_AUTO_TEST_CASE(tables_by_name_and_nothing_where_a_file_is_missing) {
  auto texts = small_network();
  texts["shapes.txt"] = "\xFF never read";
  const Read<Feed> feed = feed_of(texts);
  BOOST_REQUIRE(feed.has_value());
  BOOST_TEST(feed->table("stops.txt").rows.size() == 4u);
  BOOST_TEST(feed->table("fare_rules.txt").rows.empty());
  BOOST_TEST(!feed->has("shapes.txt"));
  BOOST_TEST(feed->has_any("shapes.txt"));
}

BOOST_AUTO_TEST_CASE(one_file_that_cannot_be_read_is_no_feed) {
  auto texts = small_network();
  texts["routes.txt"] = "a,b\n1,2,3\n";
  const Read<Feed> feed = feed_of(texts);
  BOOST_REQUIRE(!feed.has_value());
  BOOST_TEST(feed.error().place.file == "routes.txt");
  BOOST_TEST(feed.error().place.line == 2u);
}

BOOST_AUTO_TEST_CASE(a_folder_without_files_of_a_feed_is_none) {
  const Read<Feed> feed = read_feed("tests/tidy");
  BOOST_REQUIRE(!feed.has_value());
  BOOST_TEST(feed.error().what.find("stops.txt") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
