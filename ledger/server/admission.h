// How many faces may be at work at once, from the door to the durable answer: as many as the
// machine answers in time, found by trying. Who comes on top is told BUSY at once instead of
// waiting in a row, because an answer that comes after the person has left was work for nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "ledger/engine/ledger.h"
#include "ledger/model/digest.h"
#include "ledger/server/pace.h"
#include "threads/lock.h"

namespace obverse {

// The number that is tried: raised a little while answers come sooner than the aim and the number
// was reached, lowered when they come later. Pure: time is a parameter.
class Throttle {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Bounds {
    std::size_t least = 64;
    std::size_t most = 256;
    std::chrono::milliseconds aim{20};  // the mean time from the door to the answer
  };
  explicit Throttle(Bounds bounds) : bounds_(bounds), limit_(bounds.most) {}

  std::size_t limit() const { return limit_; }
  void reached() { was_reached_ = true; }
  void answered(std::chrono::nanoseconds took, Time now);

 private:
  Bounds bounds_;
  std::size_t limit_;
  bool was_reached_ = false;
  std::chrono::nanoseconds sum_{0};  // of what was answered since began_
  std::size_t count_ = 0;
  Time began_{};
};

class Admission {
 public:
  // One terminal's, over all of its connections.
  struct Share {
    explicit Share(std::uint32_t calls_a_second_max) : pace(calls_a_second_max) {}
    std::atomic<std::size_t> at_work{0};
    Pace pace;
  };
  // Ends with the last copy: when the answer has been given, or never will be.
  using Visit = std::shared_ptr<const void>;

  // `calls_a_second_max`: of one terminal; 0: any number.
  explicit Admission(Throttle::Bounds bounds, std::uint32_t calls_a_second_max = 0)
      : calls_a_second_max_(calls_a_second_max), throttle_(bounds), limit_(throttle_.limit()) {}

  // All of these from any thread.
  std::shared_ptr<Share> share_of(const Digest& certificate);  // that it still has, if it was here
  // Whether there is no room, seeing what is awaited; counts as if it had been refused. Who wants
  // out finds twice as much room as who wants to pay, who wants in half as much again; and one
  // terminal does not fill it alone.
  bool turns_away(Lane, const Share&);
  Visit enter(Lane, const std::shared_ptr<Share>&);  // null: full
  // Room for calls that were let on and are on their way to enter(): whoever asks meanwhile must
  // not be promised the same room.
  void keep_free(std::size_t calls) { awaited_ += calls; }
  void give_free(std::size_t calls) { awaited_ -= calls; }
  std::size_t at_work() const { return at_work_; }
  std::size_t limit() const { return limit_; }

 private:
  bool is_full(Lane, const Share&, std::size_t all);
  void leave(Share&, Throttle::Time entered);

  const std::uint32_t calls_a_second_max_;
  std::atomic<std::size_t> at_work_{0};
  std::atomic<std::size_t> awaited_{0};
  std::atomic<bool> was_reached_{false};  // what throttle_ is told with the next answer
  Mutex mutex_;
  Throttle throttle_ GUARDED_BY(mutex_);
  std::atomic<std::size_t> limit_;  // throttle_'s
  std::map<Digest, std::shared_ptr<Share>> shares_ GUARDED_BY(mutex_);
};

}  // namespace obverse
