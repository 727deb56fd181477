// The writer's side of Grace.
#include "matcher/grace.h"

#include <thread>

namespace obverse {

void Grace::wait() {
  for (int turn = 0; turn < 2; ++turn) {
    const unsigned side = phase_.load(std::memory_order_relaxed);
    phase_.store(1 - side, std::memory_order_relaxed);
    while (inside_[side].count.load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
  }
}

}  // namespace obverse
