#include "ledger/gtfs/calendar.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace obverse::gtfs {
namespace {

constexpr std::int64_t day_seconds = 86'400;

std::int64_t floored(std::int64_t value, std::int64_t unit) {
  return value >= 0 ? value / unit : -((-value + unit - 1) / unit);
}

// The text has exactly this form, where d stands for a digit.
bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char given, char wanted) {
    return wanted == 'd' ? given >= '0' && given <= '9' : given == wanted;
  });
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
  int number = 0;
  for (const char digit : text.substr(from, count)) number = 10 * number + (digit - '0');
  return number;
}

std::optional<std::int64_t> day_number(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// 1970-01-01 was a Thursday.
std::size_t weekday_from_monday(std::int64_t day) {
  return static_cast<std::size_t>(day + 3 - 7 * floored(day + 3, 7));
}

void add_weeks(const Feed& feed, Calendar& calendar, Report& report) {
  constexpr std::array<std::string_view, 7> names{"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
  const Table& weeks = feed.table("calendar.txt");
  for (const Row& row : weeks.rows) {
    Service service;
    const auto first = day_of(weeks.at(row, "start_date"));
    const auto last = day_of(weeks.at(row, "end_date"));
    if (!first || !last) {
      report.add(Weight::error, "unreadable_date", {weeks.file, row.line, "start_date, end_date"},
                 "is no date (YYYYMMDD): the service never runs");
    } else {
      service.first_day = *first;
      service.last_day = *last;
    }
    for (const std::string_view name : names)
      service.weekdays.push_back(weeks.at(row, name) == "1");
    calendar.services[weeks.at(row, "service_id")] = std::move(service);
  }
}

void add_dates(const Feed& feed, Calendar& calendar, Report& report) {
  const Table& dates = feed.table("calendar_dates.txt");
  for (const Row& row : dates.rows) {
    const auto day = day_of(dates.at(row, "date"));
    const std::string& type = dates.at(row, "exception_type");
    if (!day || (type != "1" && type != "2")) {
      report.add(Weight::error, "unreadable_date", {dates.file, row.line, "date, exception_type"},
                 "is no date (YYYYMMDD) with 1 or 2: it is passed over");
      continue;
    }
    Service& service = calendar.services[dates.at(row, "service_id")];
    (type == "1" ? service.added : service.removed).insert(*day);
  }
}

}  // namespace

std::int64_t LocalTime::day() const { return floored(seconds, day_seconds); }
std::int64_t LocalTime::second_of_day() const { return seconds - day_seconds * day(); }

std::optional<std::int64_t> day_of(std::string_view text) {
  if (!has_form(text, "dddddddd")) return std::nullopt;
  return day_number(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2));
}

std::optional<std::int64_t> second_of(std::string_view text) {
  const std::string padded = text.size() == 7 ? "0" + std::string(text) : std::string(text);
  if (!has_form(padded, "dd:dd:dd")) return std::nullopt;
  const int minute = digits(padded, 3, 2);
  const int second = digits(padded, 6, 2);
  const std::int64_t whole = 3'600 * digits(padded, 0, 2) + 60 * minute + second;
  if (minute > 59 || second > 59 || whole > day_seconds) return std::nullopt;
  return whole;
}

std::optional<LocalTime> local_time(std::string_view text) {
  constexpr std::size_t clock_length = 19;
  const std::string_view clock = text.substr(0, clock_length);
  const std::string_view offset = text.substr(std::min(clock_length, text.size()));
  if (!has_form(clock, "dddd-dd-ddTdd:dd:dd")) return std::nullopt;
  const auto day = day_number(digits(clock, 0, 4), digits(clock, 5, 2), digits(clock, 8, 2));
  const auto second = second_of(clock.substr(11));
  if (!day || !second || *second == day_seconds) return std::nullopt;
  LocalTime time{*day * day_seconds + *second, 0};
  if (offset.empty() || offset == "Z") return time;
  if (!has_form(offset, "+dd:dd") && !has_form(offset, "-dd:dd")) return std::nullopt;
  const std::int64_t hours = digits(offset, 1, 2);
  const std::int64_t minutes = digits(offset, 4, 2);
  if (hours > 14 || minutes > 59) return std::nullopt;
  time.offset_seconds = (3'600 * hours + 60 * minutes) * (offset[0] == '-' ? -1 : 1);
  return time;
}

bool Calendar::runs(const std::string& name, std::int64_t day) const {
  const auto found = services.find(name);
  if (found == services.end()) return false;
  const Service& service = found->second;
  if (service.removed.contains(day)) return false;
  if (service.added.contains(day)) return true;
  if (service.weekdays.empty() || day < service.first_day || day > service.last_day) return false;
  return service.weekdays[weekday_from_monday(day)];
}

Calendar calendar_of(const Feed& feed, Report& report) {
  Calendar calendar;
  add_weeks(feed, calendar, report);
  add_dates(feed, calendar, report);
  return calendar;
}

}  // namespace obverse::gtfs
