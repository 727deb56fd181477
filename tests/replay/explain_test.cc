// Why was this person charged?
#include "replay/explain.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/replay/history.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(a_persons_story_names_their_loads_and_ends_with_their_balance) {
  const Lived lived;
  std::ostringstream out;
  BOOST_TEST(explain(lived.log(), {RiderId{1}, std::nullopt}, out) > 5u);
  BOOST_TEST(out.str().find("5,000 JPY loaded") != std::string::npos);
  BOOST_TEST(out.str().find("Now: Wallet") != std::string::npos);
  BOOST_TEST(out.str().find("2010.Wallet:2 ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_receipt_is_one_record_and_a_stranger_has_no_story) {
  const Lived lived;
  std::ostringstream out;
  BOOST_TEST(explain(lived.log(), {std::nullopt, Position{3}}, out) == 1u);
  BOOST_TEST(out.str().starts_with("#3 "));
  BOOST_TEST(explain(lived.log(), {RiderId{99}, std::nullopt}, out) == 0u);
}
