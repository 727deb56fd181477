#include "ledger/model/reply.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(reply)

BOOST_AUTO_TEST_CASE(copies_and_moves_are_whole) {
  const Reply one = Registered{7};
  Reply copy = one;
  BOOST_TEST((copy == one));
  const Reply moved = std::move(copy);
  BOOST_TEST((moved == one));
  Reply other = Registered{8};
  BOOST_TEST(!(other == one));
  other = one;
  BOOST_TEST((other == one));
  other = Reply(Done{});
  BOOST_TEST(std::holds_alternative<Done>(other));
}

BOOST_AUTO_TEST_SUITE_END()
