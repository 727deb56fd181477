#include "ledger/model/commands.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(copies_and_moves_are_whole) {
  RevokeTerminal revoke;
  revoke.terminal = {7};
  const Command one = revoke;
  Command copy = one;
  BOOST_TEST(std::get<RevokeTerminal>(copy).terminal.value == 7u);
  const Command moved = std::move(copy);
  BOOST_TEST(std::get<RevokeTerminal>(moved).terminal.value == 7u);
  Command other = RegisterRider{};
  other = one;
  BOOST_TEST(std::get<RevokeTerminal>(other).terminal.value == 7u);
  other = Command(RegisterRider{});
  BOOST_TEST(std::holds_alternative<RegisterRider>(other));
}

BOOST_AUTO_TEST_SUITE_END()
