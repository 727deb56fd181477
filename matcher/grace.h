// How readers say that they are looking, and how the one writer learns that everyone who was
// looking has gone. Readers never wait; the writer does.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace obverse {

// A reader enters, then loads the pointer to what it reads; it leaves when done. The writer first
// publishes a new pointer, then waits: a reader that loaded the old one entered before that, so its
// counter was above zero until it left, and wait() sees each counter at zero once. Two counters,
// taken in turn, so that new readers cannot prolong the wait.
class Grace {
 public:
  unsigned enter() const { return enter_on(phase_.load(std::memory_order_relaxed)); }
  // The side that enter() saw may have changed by now; wait() counts on neither.
  unsigned enter_on(unsigned side) const {
    inside_[side].count.fetch_add(1, std::memory_order_seq_cst);
    return side;
  }
  void leave(unsigned side) const { inside_[side].count.fetch_sub(1, std::memory_order_release); }

  void wait();

 private:
  struct alignas(64) Counter {
    mutable std::atomic<std::uint64_t> count{0};
  };
  std::array<Counter, 2> inside_;
  alignas(64) std::atomic<unsigned> phase_{0};
};

}  // namespace obverse
