// So many calls a second of one terminal, and a second's worth of them at once after a rest: the
// generic cell rate algorithm of ITU-T I.371. Any thread; takes no lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace obverse {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Pace(std::uint32_t calls_a_second)  // 0: any number
      : each_ns_(calls_a_second == 0 ? 0 : burst_ns / calls_a_second) {}

  // Whether one more may come now; if so, it has.
  [[nodiscard]] bool takes(Time now) {
    const std::int64_t at = now.time_since_epoch() / std::chrono::nanoseconds(1);
    std::int64_t booked = booked_ns_.load(std::memory_order_relaxed);
    std::int64_t next = 0;
    do {
      next = std::max(booked, at) + each_ns_;
      if (next - at > burst_ns) return false;
    } while (!booked_ns_.compare_exchange_weak(booked, next, std::memory_order_relaxed));
    return true;
  }

  // Whether it has forgotten all that came.
  bool is_rested(Time now) const {
    return booked_ns_.load(std::memory_order_relaxed) <=
           now.time_since_epoch() / std::chrono::nanoseconds(1);
  }

 private:
  static constexpr std::int64_t burst_ns = 1'000'000'000;

  const std::int64_t each_ns_;
  std::atomic<std::int64_t> booked_ns_{0};  // until when what came would have come evenly
};

}  // namespace obverse
