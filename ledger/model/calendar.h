// Days as people count them: civil dates, weekdays, and the days on which banks work. A day is its
// number since 1970-01-01, local; nothing here looks at a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "ledger/model/instant.h"

namespace obverse {

// Of the Gregorian calendar.
struct Date {
  std::int32_t year = 1970;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

// Rising, without Saturdays, Sundays and the turn of the year: those are holidays anyway.
using Holidays = std::vector<std::int64_t>;

std::uint8_t days_in_month(std::int32_t year, std::uint8_t month);
bool is_valid(const Date&);
std::int64_t day_of(const Date&);  // of a valid one
Date date_of(std::int64_t day);
int weekday(std::int64_t day);  // 0 Sunday .. 6 Saturday

// Not a Saturday, a Sunday, one of 31 December to 3 January, or a holiday of the list.
bool is_business_day(std::int64_t day, const Holidays&);
// The count-th business day after this one.
std::int64_t business_day_after(std::int64_t day, unsigned count, const Holidays&);

// When this day begins, where local time is UTC + `offset`.
constexpr Instant start_of(std::int64_t day, Duration offset) {
  return {day * days(1).ms - offset.ms};
}

}  // namespace obverse
