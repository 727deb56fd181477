#include "ledger/model/calendar.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace obverse {
namespace {

constexpr std::int64_t days_in_400_years = 146'097;
constexpr std::int64_t march_0000 = -719'468;  // 0000-03-01, counted from 1970-01-01

bool is_leap(std::int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t floor_of(std::int64_t dividend, std::int64_t divisor) {
  return dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor);
}

// How many days of a year that begins in March lie before this month of it (0 is March): the
// lengths repeat 31 30 31 30 31 every five months.
std::int64_t days_before_month(std::int64_t from_march) { return (153 * from_march + 2) / 5; }

}  // namespace

std::uint8_t days_in_month(std::int32_t year, std::uint8_t month) {
  static constexpr std::array<std::uint8_t, 12> lengths{31, 28, 31, 30, 31, 30,
                                                        31, 31, 30, 31, 30, 31};
  assert(month >= 1 && month <= 12);
  const bool leap_day = month == 2 && is_leap(year);
  return static_cast<std::uint8_t>(lengths[month - 1U] + (leap_day ? 1 : 0));
}

bool is_valid(const Date& date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
}

// A leap day is the last day of a year that begins in March, so no month moves for it.
std::int64_t day_of(const Date& date) {
  assert(is_valid(date));
  const std::int64_t year = date.month > 2 ? date.year : date.year - 1;
  const std::int64_t month = (date.month + 9) % 12;
  const std::int64_t leaps = floor_of(year, 4) - floor_of(year, 100) + floor_of(year, 400);
  return march_0000 + 365 * year + leaps + days_before_month(month) + date.day - 1;
}

Date date_of(std::int64_t day) {
  const std::int64_t since = day - march_0000;
  const std::int64_t cycle = floor_of(since, days_in_400_years);
  const std::int64_t of_cycle = since - cycle * days_in_400_years;
  const std::int64_t year =
      (of_cycle - of_cycle / 1'460 + of_cycle / 36'524 - of_cycle / (days_in_400_years - 1)) / 365;
  const std::int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const bool next_year = month >= 10;
  return {static_cast<std::int32_t>(cycle * 400 + year + (next_year ? 1 : 0)),
          static_cast<std::uint8_t>(next_year ? month - 9 : month + 3),
          static_cast<std::uint8_t>(of_year - days_before_month(month) + 1)};
}

int weekday(std::int64_t day) {
  const std::int64_t since_sunday = day + 4;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_sunday - floor_of(since_sunday, 7) * 7);
}

bool is_business_day(std::int64_t day, const Holidays& holidays) {
  const int of_week = weekday(day);
  if (of_week == 0 || of_week == 6) return false;
  const Date date = date_of(day);
  if ((date.month == 12 && date.day == 31) || (date.month == 1 && date.day <= 3)) return false;
  return !std::ranges::binary_search(holidays, day);
}

std::int64_t business_day_after(std::int64_t day, unsigned count, const Holidays& holidays) {
  for (unsigned found = 0; found < count;)
    if (is_business_day(++day, holidays)) ++found;
  return day;
}

}  // namespace obverse
