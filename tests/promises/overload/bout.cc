// See the header.
#include "tests/promises/overload/bout.h"

#include "tests/promises/kit/trial.h"

namespace obverse::promises {

Bout count(const std::vector<Sample>& samples, double seconds, double after_s) {
  Bout bout{.seconds = seconds};
  std::vector<double> done_ms, busy_ms;
  std::uint64_t in_time = 0;
  for (const Sample& each : samples) {
    if (each.due_s < after_s) continue;
    ++bout.offered;
    switch (each.verdict) {
      case Verdict::done:
        done_ms.push_back(each.ms);
        if (each.due_s + each.ms / 1'000 <= seconds) ++in_time;
        break;
      case Verdict::busy:
        busy_ms.push_back(each.ms);
        break;
      case Verdict::none:
      case Verdict::lost:
        ++bout.unanswered;
        break;
      default:
        ++bout.other;
    }
  }
  bout.done = done_ms.size();
  bout.busy = busy_ms.size();
  bout.in_time_a_second = static_cast<double>(in_time) / seconds;
  bout.done_ms_p50 = quantile(done_ms, 0.5);
  bout.done_ms_p99 = quantile(done_ms, 0.99);
  bout.busy_ms_p99 = quantile(busy_ms, 0.99);
  return bout;
}

std::string Bout::words() const {
  return std::to_string(offered) + " offered in " + fixed(seconds, 1) + " s, " +
         std::to_string(done) + " done (" + fixed(in_time_a_second, 0) + " a second, p50 " +
         fixed(done_ms_p50, 1) + " ms, p99 " + fixed(done_ms_p99, 1) + " ms), " +
         std::to_string(busy) + " told BUSY (p99 " + fixed(busy_ms_p99, 1) + " ms), " +
         std::to_string(other) + " otherwise, " + std::to_string(unanswered) + " unanswered";
}

}  // namespace obverse::promises
