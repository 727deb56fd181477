// Time as data. An Instant is what somebody's clock said, in milliseconds since
// 1970-01-01T00:00:00Z; the model never looks at a clock itself. Durations are milliseconds too.
#pragma once

#include <compare>
#include <cstdint>

namespace obverse {

struct Duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

struct Instant {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

constexpr Duration milliseconds(std::int64_t n) { return {n}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

// The bounds of the clock are those of limits.h, so sums of an accepted instant and a configured
// duration cannot wrap.
constexpr Instant operator+(Instant t, Duration d) { return {t.ms + d.ms}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }

// Which day an instant falls on, where days begin `day_start` after local midnight and local time
// is UTC + `offset`. Counted from 1970-01-01; floors, so it is right before 1970 too.
constexpr std::int64_t day_number(Instant t, Duration offset, Duration day_start) {
  const std::int64_t local = t.ms + offset.ms - day_start.ms;
  const std::int64_t day = days(1).ms;
  return local >= 0 ? local / day : -((-local + day - 1) / day);
}

}  // namespace obverse
