#include "ledger/gtfs/fares.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/gtfs/small_feed.h"

using namespace obverse::gtfs;
using obverse::gtfs::tests::leg;

BOOST_AUTO_TEST_SUITE(fares)

BOOST_AUTO_TEST_CASE(every_reason_has_a_name_and_a_way_out) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Why::currencies_differ); ++i) {
    const Why why = static_cast<Why>(i);
    BOOST_TEST(names.insert(name(why)).second);
    BOOST_TEST(!way_out(why).empty());
  }
  BOOST_TEST(!names.contains("UNKNOWN"));
}

BOOST_AUTO_TEST_CASE(legs_are_of_the_feed_and_not_too_many) {
  const Read<Feed> feed = feed_of(tests::small_network());
  const Places places = places_of(*feed);
  const auto why = [&](const std::vector<Leg>& legs) {
    const auto unknown = unaskable(places, legs);
    return unknown ? std::string(name(unknown->why)) + " " + unknown->about : "";
  };
  BOOST_TEST(why({leg("R1", "A", "B")}) == "");
  BOOST_TEST(why({leg("", "A", "B")}) == "");
  BOOST_TEST(why({leg("R1", "A", "X")}) == "UNKNOWN_STOP X");
  BOOST_TEST(why({leg("R9", "A", "B")}) == "UNKNOWN_ROUTE R9");
  Leg through = leg("R1", "A", "C");
  through.passed = {"X"};
  BOOST_TEST(why({through}) == "UNKNOWN_STOP X");
  BOOST_TEST(why({}) == "NO_LEGS 0 legs");
  BOOST_TEST(why(std::vector<Leg>(legs_max, leg("", "A", "B"))) == "");
  BOOST_TEST(why(std::vector<Leg>(legs_max + 1, leg("", "A", "B"))) == "NO_LEGS 33 legs");
}

// Unknown is no price, whatever it is compared with.
BOOST_AUTO_TEST_CASE(unknown_is_no_price_of_nothing) {
  const Answer unknown = Unknown{};
  const Answer nothing = Price{{0, obverse::Currency::jpy}, {}, "", "single"};
  BOOST_TEST((unknown != nothing));
}

BOOST_AUTO_TEST_SUITE_END()
