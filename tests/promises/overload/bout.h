// A while of calls, as numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/promises/kit/terminal_fleet.h"

namespace obverse::promises {

struct Bout {
  double seconds = 0;
  std::uint64_t offered = 0, done = 0, busy = 0, other = 0;
  std::uint64_t unanswered = 0;
  double in_time_a_second = 0;  // done, and answered before the while was over
  double done_ms_p50 = 0, done_ms_p99 = 0, busy_ms_p99 = 0;

  std::string words() const;
};
Bout count(const std::vector<Sample>& samples, double seconds, double after_s = 0);

}  // namespace obverse::promises
