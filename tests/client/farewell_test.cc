// The fourth act.
#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(who_withdraws_inside_leaves_by_pin_and_is_erased) {
  shell::Day day;
  BOOST_REQUIRE((day.act("open").ended == Ended::done));
  const auto said = day.act("farewell");
  BOOST_TEST((said.ended == Ended::done), said.error);
  BOOST_TEST(day.told().find("face erased") != std::string::npos);
}
