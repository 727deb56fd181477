// A sound history verifies; one changed bit is found and located.
#include "replay/verify.h"

#include <boost/test/unit_test.hpp>

#include "tests/replay/history.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(verifying)

BOOST_AUTO_TEST_CASE(a_sound_history_has_no_faults_and_the_state_of_the_ledger) {
  const Lived lived;
  const Verified found = verify(lived.log());
  BOOST_TEST(found.faults.empty());
  BOOST_TEST((found.last == lived.last));
  BOOST_TEST((found.state == lived.state));
  BOOST_TEST((found.totals.at(Currency::jpy).debits == found.totals.at(Currency::jpy).credits));
}

BOOST_AUTO_TEST_CASE(one_changed_bit_is_found_at_its_position) {
  const Lived lived;
  const Verified found = verify(Altered(lived.log(), 20));
  BOOST_REQUIRE(found.faults.size() == 1u);
  BOOST_TEST(found.faults.front().find("position 20") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
