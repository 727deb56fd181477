// The second act: every line of the morning is as it should be.
#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(a_morning_goes_as_the_table_says) {
  shell::Day day;
  BOOST_REQUIRE((day.act("open").ended == Ended::done));
  const auto said = day.act("morning");
  BOOST_TEST((said.ended == Ended::done), said.error);
  BOOST_TEST(day.told().find("WRONG") == std::string::npos);
  BOOST_TEST(day.told().find("refused: PASS_BACK") != std::string::npos);
}
