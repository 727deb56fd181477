// Threads for what is slow and is no decision: searching faces, stretching PINs, sealing. Work
// waits in a row a lane, each bounded; who wants out goes before who wants in.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "ledger/engine/ledger.h"
#include "threads/lock.h"

namespace obverse {

class Pool {
 public:
  // waiting_max is of each lane, not counting what is being worked on.
  Pool(unsigned threads, std::size_t waiting_max);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Any thread. False: the lane is full, or the pool is stopping; the work will never run. Work
  // must not throw.
  [[nodiscard]] bool run(Lane lane, std::function<void()> work);

  void stop();  // what waits is dropped; returns when what had begun has ended
  std::size_t waiting() const;

 private:
  void serve();

  const std::size_t waiting_max_;
  mutable Mutex mutex_;
  Condition come_;
  std::array<std::deque<std::function<void()>>, lanes_count> rows_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace obverse
