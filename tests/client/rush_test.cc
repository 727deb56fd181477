// The third act, without its power cut: every answer that was written down is still the answer, and
// the check sees one that is not.
#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(answers_are_held_against_the_server_and_a_false_one_is_seen) {
  shell::Day day;
  BOOST_REQUIRE((day.act("open").ended == Ended::done));
  BOOST_TEST((day.act("rush --seconds 1").ended == Ended::done));
  BOOST_TEST((day.act("check").ended == Ended::done));
  std::ofstream(day.state() / "rush.journal", std::ios::app)
      << "asked 01900000-0001-7000-8000-00000000000a 1\n"
      << "answered 01900000-0001-7000-8000-00000000000a 7 00\n";
  const auto said = day.act("check");
  BOOST_TEST((said.ended == Ended::refused));
}
