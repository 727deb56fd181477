// The acts of the day as commands.
#include "ledger/client/demo/demo.h"

#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(an_act_before_the_first_is_refused_with_a_way_out) {
  shell::Day day;
  const auto said = day.act("morning");
  BOOST_TEST((said.ended == Ended::usage));
  BOOST_TEST(said.error.find("demo open") != std::string::npos);
}
