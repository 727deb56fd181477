// Days by local time.
#include "ledger/model/instant.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(instant)

BOOST_AUTO_TEST_CASE(a_day_begins_where_it_is_said_to) {
  const Duration tokyo = hours(9);
  const Instant new_year{1'735'657'200'000};  // 2025-01-01T00:00+09:00
  const auto day = day_number(new_year, tokyo, hours(0));
  BOOST_TEST(day_number(Instant{new_year.ms - 1}, tokyo, hours(0)) == day - 1);
  BOOST_TEST(day_number(Instant{new_year.ms + days(1).ms - 1}, tokyo, hours(0)) == day);
  BOOST_TEST(day_number(new_year + hours(3), tokyo, hours(3)) == day);
  BOOST_TEST(day_number(Instant{(new_year + hours(3)).ms - 1}, tokyo, hours(3)) == day - 1);
}

BOOST_AUTO_TEST_CASE(days_before_1970_floor) {
  BOOST_TEST(day_number(Instant{-1}, Duration{0}, Duration{0}) == -1);
  BOOST_TEST(day_number(Instant{-86'400'000}, Duration{0}, Duration{0}) == -1);
  BOOST_TEST(day_number(Instant{-86'400'001}, Duration{0}, Duration{0}) == -2);
}

BOOST_AUTO_TEST_SUITE_END()
