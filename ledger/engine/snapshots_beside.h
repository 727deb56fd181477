// Snapshots while the ledger serves, made by another thread as a start would make the state: the
// newest snapshot, and every durable record after it. The writer only says how far the log is
// durable; its state is not touched, and nobody waits for it. There is a second state in memory
// while one is made, and none in between.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>

#include "ledger/engine/feed.h"
#include "ledger/log/event_log.h"
#include "threads/lock.h"

namespace obverse {

class SnapshotsBeside {
 public:
  // One after every `every` records (0: none), the first after `last`. Of the time at most one part
  // in `parts` is worked.
  SnapshotsBeside(EventLog& log, Position last, std::uint64_t every, unsigned parts = 4);
  ~SnapshotsBeside();  // what is being made is given up
  SnapshotsBeside(const SnapshotsBeside&) = delete;
  SnapshotsBeside& operator=(const SnapshotsBeside&) = delete;

  // The writer's thread, after every commit; never waits for work. Where one is still being made,
  // the next is of the latest place that was due.
  void committed(const Receipt& durable);

 private:
  class Paced;
  void run();
  void make(const Receipt& at);

  EventLog& log_;
  const std::uint64_t every_;
  const unsigned parts_;
  Position last_;  // the writer's
  Mutex mutex_;
  bool over_ GUARDED_BY(mutex_) = false;
  Condition changed_;
  std::optional<Receipt> due_ GUARDED_BY(mutex_);
  std::thread thread_;  // none if none is ever due
};

}  // namespace obverse
