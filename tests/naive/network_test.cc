// The naive railway: shortest ways, surcharges, stations on the way.
#include "tests/naive/network.h"

#include <boost/test/unit_test.hpp>

using namespace obverse::naive;

BOOST_AUTO_TEST_SUITE(network)

BOOST_AUTO_TEST_CASE(the_shortest_way_counts_both_ways) {
  const Network ring({{"A", "B", 1000, 0}, {"B", "C", 1000, 0}, {"C", "A", 2500, 0}});
  BOOST_TEST(ring.between("A", "C").metres == 2000);
  BOOST_TEST(ring.between("C", "A").metres == 2000);
  BOOST_TEST(ring.between("B", "B").metres == 0);
}

BOOST_AUTO_TEST_CASE(a_surcharge_is_the_greatest_of_the_way_and_of_equal_ways_the_smaller) {
  const Network both(
      {{"A", "B", 1000, 50}, {"B", "C", 1000, 90}, {"A", "D", 1500, 10}, {"D", "C", 500, 0}});
  BOOST_TEST(both.between("A", "B").surcharge == 50);
  BOOST_TEST(both.between("A", "C").surcharge == 10);
  const Network line({{"A", "B", 1000, 50}, {"B", "C", 1000, 90}});
  BOOST_TEST(line.between("A", "C").surcharge == 90);
}

BOOST_AUTO_TEST_CASE(stations_on_the_way_are_those_that_make_it_no_longer) {
  const Network line({{"A", "B", 1000, 0}, {"B", "C", 1000, 0}, {"B", "X", 10, 0}});
  BOOST_TEST(line.on_the_way("A", "C") == (std::vector<std::string>{"A", "B", "C"}));
  BOOST_TEST(!line.joined("A", "nowhere"));
  BOOST_TEST(line.knows("X"));
  BOOST_TEST(!line.knows("nowhere"));
}

BOOST_AUTO_TEST_SUITE_END()
