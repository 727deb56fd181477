// Balances at any position.
#include "replay/rebuild.h"

#include <boost/test/unit_test.hpp>

#include "tests/replay/history.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(balances_sum_to_zero_at_every_position) {
  const Lived lived;
  for (std::uint64_t at = 1; at <= lived.last.value; at += 13) {
    const Rebuilt then = rebuild(lived.log(), Position{at});
    BOOST_TEST(then.at.value == at);
    std::int64_t sum = 0;
    for (const BalanceLine& line : then.lines) sum += line.debits - line.credits;
    BOOST_TEST(sum == 0);
  }
}

BOOST_AUTO_TEST_CASE(the_end_is_the_ledgers_own_state) {
  const Lived lived;
  const Rebuilt now = rebuild(lived.log(), std::nullopt);
  BOOST_TEST((now.state == lived.state));
  BOOST_TEST(!now.lines.empty());
}
