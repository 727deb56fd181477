// The last act: the books balance, and it would be seen if nobody could read them.
#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(the_books_of_the_day_sum_to_zero) {
  shell::Day day;
  BOOST_REQUIRE((day.act("open").ended == Ended::done));
  const auto said = day.act("close");
  BOOST_TEST((said.ended == Ended::done), said.error);
}
