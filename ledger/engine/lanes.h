// The rows in which callers wait for the writer: bounded, emptied by rank. Threads meet here and
// nowhere else.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <vector>

#include "ledger/engine/ledger.h"
#include "threads/lock.h"

namespace obverse {

struct Waiting {
  Asked asked;
  std::function<void(const Answer&)> done;
};
using Question = std::function<void(const State&, const Receipt&)>;

class Lanes {
 public:
  enum class Pushed : std::uint8_t { waiting, full, closed };

  explicit Lanes(std::size_t lane_max) : lane_max_(lane_max) {}

  // Any thread. The argument is left as it was unless it now waits.
  Pushed push(Waiting& waiting);
  Pushed push(Question& question);
  void close();
  bool is_closed() const;
  bool is_idle() const;  // nothing waits

  // The writer: up to `max`, the first rows first, each in order of arrival.
  std::vector<Waiting> take(std::size_t max);
  std::vector<Question> take_questions(std::size_t max);
  bool has_questions() const;
  // Sleeps until something waits (`for_arrivals`: else until wake() alone), wake() was called since
  // the last sleep, the rows are closed, or the time is over. The first `awake` of it without
  // sleeping.
  void wait(std::chrono::milliseconds longest, bool for_arrivals = true,
            std::chrono::microseconds awake = {});
  void wake();  // any thread

 private:
  bool is_over(bool for_arrivals) const REQUIRES(mutex_) {
    return closed_ || woken_ || (for_arrivals && !is_empty());
  }
  bool is_empty() const REQUIRES(mutex_) { return waiting_ == 0 && questions_.empty(); }

  const std::size_t lane_max_;
  mutable Mutex mutex_;
  Condition arrived_;
  std::array<std::deque<Waiting>, lanes_count - 1> rows_ GUARDED_BY(mutex_);
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;  // in all rows
  std::deque<Question> questions_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
  bool woken_ GUARDED_BY(mutex_) = false;
  std::atomic<unsigned> stirred_ = 0;  // how often anything of the above became true
};

}  // namespace obverse
