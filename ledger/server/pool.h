// Threads for what is slow and is no decision: searching faces, stretching PINs, sealing. Work
// waits in a row a lane, each bounded; who wants out goes before who wants in. In a row the callers
// take turns, so that one who asks much waits longer, and nobody else does.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
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

  using Work = std::function<void()>;

  // Any thread. False: the lane is full, or the pool is stopping; the work will never run. Work
  // must not throw.
  [[nodiscard]] bool run(Lane lane, TerminalId caller, Work work);

  void stop();  // what waits is dropped; returns when what had begun has ended
  std::size_t waiting() const;

 private:
  // What waits: each caller's in the order in which it came.
  class Row {
   public:
    void push(TerminalId caller, Work work);
    Work take();  // of who has waited longest for a turn
    std::size_t size() const { return size_; }

   private:
    std::map<TerminalId, std::deque<Work>> works_;  // none is empty
    std::deque<TerminalId> turns_;                  // the same callers
    std::size_t size_ = 0;
  };
  void serve();

  const std::size_t waiting_max_;
  mutable Mutex mutex_;
  Condition come_;
  std::array<Row, lanes_count> rows_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace obverse
