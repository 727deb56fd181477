// Civil dates both ways, weekdays, and days on which banks work.
#include "ledger/model/calendar.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(calendar)

// The standard library's calendar is a second opinion, which the rules may not use.
BOOST_AUTO_TEST_CASE(dates_are_those_of_another_calendar) {
  for (std::int64_t day = -200'000; day <= 200'000; ++day) {
    const std::chrono::year_month_day other{std::chrono::sys_days{std::chrono::days{day}}};
    const Date date = date_of(day);
    const bool same = date.year == static_cast<int>(other.year()) &&
                      date.month == static_cast<unsigned>(other.month()) &&
                      date.day == static_cast<unsigned>(other.day());
    if (!same || day_of(date) != day) BOOST_FAIL("day " << day);
    const std::chrono::weekday week{std::chrono::sys_days{std::chrono::days{day}}};
    if (weekday(day) != static_cast<int>(week.c_encoding())) BOOST_FAIL("weekday of " << day);
  }
}

BOOST_AUTO_TEST_CASE(months_have_their_lengths) {
  BOOST_TEST(days_in_month(2024, 2) == 29);
  BOOST_TEST(days_in_month(2025, 2) == 28);
  BOOST_TEST(days_in_month(1900, 2) == 28);
  BOOST_TEST(days_in_month(2000, 2) == 29);
  BOOST_TEST(is_valid(Date{2024, 2, 29}));
  for (const Date& bad : {Date{2025, 2, 29}, Date{2025, 0, 1}, Date{2025, 13, 1}, Date{2025, 6, 0},
                          Date{2025, 6, 31}})
    BOOST_TEST(!is_valid(bad));
}

// S24: 15 June 2025 is a Sunday; 31 December to 3 January are closed, the 4th is a Sunday.
BOOST_AUTO_TEST_CASE(the_second_business_day) {
  const auto second_after = [](const Date& date) {
    return date_of(business_day_after(day_of(date), 2, {}));
  };
  BOOST_TEST((second_after({2025, 6, 15}) == Date{2025, 6, 17}));
  BOOST_TEST((second_after({2025, 6, 30}) == Date{2025, 7, 2}));
  BOOST_TEST((second_after({2025, 12, 31}) == Date{2026, 1, 6}));
  const Holidays holidays{day_of({2025, 6, 16})};
  BOOST_TEST(
      (date_of(business_day_after(day_of({2025, 6, 15}), 2, holidays)) == Date{2025, 6, 18}));
}

BOOST_AUTO_TEST_SUITE_END()
