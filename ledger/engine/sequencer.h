// The one writer: takes what waits, decides it as one batch, appends it with one sync, and only
// then answers. One thread; the rows in lanes.h are where the others meet it.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/engine/batch.h"
#include "ledger/engine/dedup.h"
#include "ledger/engine/feed.h"
#include "ledger/engine/lanes.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/timers.h"
#include "ledger/rules/machine.h"

namespace obverse {

class Sequencer {
 public:
  // Takes the log over and recovers. Throws LogDamage.
  Sequencer(EventLog& log, Clock& clock, const Ledger::Settings& settings, Lanes& lanes);

  bool step();
  void run();
  void finish();  // everybody who waits is told `stopped`; a snapshot is kept. Again: nothing
  void keep_snapshot();

  Feed& feed() { return feed_; }
  const State& state() const { return state_; }
  const std::string& recovered() const { return recovered_; }
  Receipt durable() const;  // any thread

 private:
  bool decide_batch();
  void fill(Batch& batch);
  void commit(Batch& batch);
  void committed(Batch& batch);
  void refused_for_room(Batch& batch);
  [[noreturn]] void break_down(Batch& batch, const std::string& why);
  bool answer_questions();
  void keep_snapshot_if_due();
  std::chrono::milliseconds longest_sleep();
  Instant now();
  std::size_t batch_max() const;

  EventLog& log_;
  Clock& clock_;
  const Ledger::Settings& settings_;
  Lanes& lanes_;
  Head head_;
  State state_;  // between two steps: exactly what is durable
  Dedup dedup_;
  Feed feed_;
  Timers timers_;
  std::vector<Waiting> held_;  // taken, but timers come first
  std::string recovered_;
  Instant latest_;  // no record is earlier than the one before
  Position last_snapshot_;
  unsigned careful_commits_ =
      0;  // left, after the disk was full: one decision a batch, applied after its commit
  bool is_broken_ = false;
  mutable std::mutex publishing_;
  Receipt durable_;  // guarded by publishing_
};

}  // namespace obverse
