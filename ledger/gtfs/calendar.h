// Days and times of day as a feed writes them: which service runs on which day, and when an hour of
// the clock lies in a timeframe. All times are of the place's own clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/gtfs/feed.h"

namespace obverse::gtfs {

// A moment on the clock of the place. Durations are taken between moments in UTC, times of day from
// the clock.
struct LocalTime {
  std::int64_t seconds = 0;         // since 1970-01-01T00:00:00 of the local clock
  std::int64_t offset_seconds = 0;  // of the local clock, ahead of UTC
  std::int64_t utc() const { return seconds - offset_seconds; }
  std::int64_t day() const;            // since 1970-01-01
  std::int64_t second_of_day() const;  // 0 to 86,399
  friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

// "2024-10-07T08:00:00", as the local clock says, or with its offset: "...+09:00".
std::optional<LocalTime> local_time(std::string_view);

std::optional<std::int64_t> day_of(std::string_view yyyymmdd);          // "20240920"
std::optional<std::int64_t> second_of(std::string_view hours_minutes);  // "8:00:00", to "24:00:00"

struct Service {
  std::int64_t first_day = 0;
  std::int64_t last_day = -1;  // inclusive
  std::vector<bool> weekdays;  // from Monday; empty where only dates are listed
  std::set<std::int64_t> added;
  std::set<std::int64_t> removed;
};

struct Calendar {
  std::map<std::string, Service> services;
  bool runs(const std::string& service, std::int64_t day) const;
};

// Days that cannot be read are findings, and never run.
Calendar calendar_of(const Feed&, Report&);

}  // namespace obverse::gtfs
