// Civil dates, weekdays and bank business days.
#include "ledger/model/calendar.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace obverse;

namespace {

std::int64_t day(int year, unsigned month, unsigned of_month) {
  return day_of({year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(of_month)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calendar)

BOOST_AUTO_TEST_CASE(days_are_counted_from_1970) {
  BOOST_TEST(day(1970, 1, 1) == 0);
  BOOST_TEST(day(2025, 6, 15) == 20'254);
  BOOST_TEST((date_of(20'254) == Date{2025, 6, 15}));
  BOOST_TEST((date_of(-1) == Date{1969, 12, 31}));
  BOOST_TEST(weekday(0) == 4);
  BOOST_TEST(weekday(day(2025, 6, 15)) == 0);
  BOOST_TEST(weekday(-3) == 1);
}

BOOST_AUTO_TEST_CASE(months_have_their_lengths) {
  BOOST_TEST(days_in_month(2025, 2) == 28);
  BOOST_TEST(days_in_month(2024, 2) == 29);
  BOOST_TEST(days_in_month(2000, 2) == 29);
  BOOST_TEST(days_in_month(2100, 2) == 28);
  BOOST_TEST(days_in_month(2025, 12) == 31);
  BOOST_TEST(is_valid(Date{2024, 2, 29}));
  BOOST_TEST(!is_valid(Date{2025, 2, 29}));
  BOOST_TEST(!is_valid(Date{2025, 13, 1}));
  BOOST_TEST(!is_valid(Date{2025, 0, 1}));
  BOOST_TEST(!is_valid(Date{2025, 1, 0}));
}

// Against the standard library, which the model may not use.
BOOST_AUTO_TEST_CASE(every_date_is_that_of_the_standard_calendar) {
  BOOST_TEST(rc::check("dates", [] {
    const auto number = *rc::gen::inRange<std::int64_t>(-800'000, 800'000);
    const std::chrono::sys_days days{std::chrono::days{number}};
    const std::chrono::year_month_day known{days};
    const Date date = date_of(number);
    RC_ASSERT(date.year == static_cast<int>(known.year()));
    RC_ASSERT(date.month == static_cast<unsigned>(known.month()));
    RC_ASSERT(date.day == static_cast<unsigned>(known.day()));
    RC_ASSERT(day_of(date) == number);
    RC_ASSERT(weekday(number) == static_cast<int>(std::chrono::weekday{days}.c_encoding()));
  }));
}

// S24's own calendar checks.
BOOST_AUTO_TEST_CASE(banks_pay_on_the_second_business_day) {
  BOOST_TEST(business_day_after(day(2025, 6, 15), 2, {}) == day(2025, 6, 17));
  BOOST_TEST(business_day_after(day(2025, 6, 30), 2, {}) == day(2025, 7, 2));
  BOOST_TEST(business_day_after(day(2025, 12, 31), 2, {}) == day(2026, 1, 6));
  const Holidays golden_week{day(2025, 4, 29), day(2025, 5, 5), day(2025, 5, 6)};
  BOOST_TEST(business_day_after(day(2025, 4, 28), 1, golden_week) == day(2025, 4, 30));
  BOOST_TEST(business_day_after(day(2025, 5, 2), 1, golden_week) == day(2025, 5, 7));
}

BOOST_AUTO_TEST_CASE(banks_rest_at_the_turn_of_the_year) {
  BOOST_TEST(is_business_day(day(2025, 12, 30), {}));
  for (const std::int64_t rest :
       {day(2025, 12, 31), day(2026, 1, 1), day(2026, 1, 2), day(2026, 1, 3), day(2026, 1, 4)})
    BOOST_TEST(!is_business_day(rest, {}), rest);
  BOOST_TEST(is_business_day(day(2026, 1, 5), {}));
  BOOST_TEST(!is_business_day(day(2026, 1, 5), {day(2026, 1, 5)}));
}

BOOST_AUTO_TEST_CASE(a_day_begins_where_it_is_local) {
  const Instant midnight = start_of(day(2025, 6, 16), hours(9));
  BOOST_TEST(midnight.ms == 1'749'999'600'000);  // 2025-06-15T15:00Z
  BOOST_TEST(day_number(midnight, hours(9), {}) == day(2025, 6, 16));
  BOOST_TEST(day_number({midnight.ms - 1}, hours(9), {}) == day(2025, 6, 15));
}

BOOST_AUTO_TEST_SUITE_END()
