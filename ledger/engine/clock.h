// The port to time. The rules never see it: the sequencer reads it once a batch and writes what it
// read into the records, so that a replay needs no clock.
#pragma once

#include <atomic>
#include <chrono>

#include "ledger/model/instant.h"

namespace obverse {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;  // any thread; may step backwards, the sequencer does not
};

class SystemClock final : public Clock {
 public:
  Instant now() override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
  }
};

// For tests, scenarios and simulation: it stands until somebody moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : ms_(start.ms) {}
  Instant now() override { return {ms_.load()}; }
  void set(Instant to) { ms_.store(to.ms); }
  void advance(Duration by) { ms_.fetch_add(by.ms); }

 private:
  std::atomic<std::int64_t> ms_;
};

}  // namespace obverse
