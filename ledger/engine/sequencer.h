// The one writer: takes what waits, decides it as one batch, has it appended with one sync, and
// only then answers. One thread decides; the rows in lanes.h are where the others meet it. While
// one batch is on its way to the disk the next is decided on top of it: the state may be one batch
// ahead of the disk, and nobody outside sees it while it is.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ledger/engine/batch.h"
#include "ledger/engine/dedup.h"
#include "ledger/engine/feed.h"
#include "ledger/engine/lanes.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/snapshots_beside.h"
#include "ledger/engine/timers.h"
#include "ledger/log/beside.h"
#include "ledger/rules/machine.h"
#include "threads/lock.h"

namespace obverse {

class Sequencer {
 public:
  // Takes the log over and recovers. Throws LogDamage.
  Sequencer(EventLog& log, Clock& clock, const Ledger::Settings& settings, Lanes& lanes);

  bool step();  // one batch, decided, appended and answered on this thread
  void run();
  void append_beside();  // from now on turn() does not wait for the disk
  bool turn();           // one turn of run(); false if there is nothing to do but to wait
  void finish();  // everybody who waits is told `stopped`; a snapshot is kept. Again: nothing
  void keep_snapshot();

  Feed& feed() { return feed_; }
  const State& state() const { return state_; }
  const std::string& recovered() const { return recovered_; }
  Receipt durable() const;  // any thread

 private:
  bool may_decide() const;
  bool decide();
  void fill(Batch& batch);
  bool begin_commit(bool wait_for_disk);
  void start_beside();
  bool end_commit();
  void committed();
  void refused_for_room();
  void hold_again(std::vector<Waiting> taken_back);
  [[noreturn]] void break_down(const std::string& why);
  void answer_fault(Answer::Fault fault, Duration retry_after);
  bool is_settled() const { return !open_ && !flying_; }
  void settle();
  bool rest();
  bool answer_questions();
  bool is_snapshot_due() const;
  std::chrono::milliseconds longest_sleep();
  Instant now();
  std::size_t batch_max() const;

  EventLog& log_;
  Clock& clock_;
  const Ledger::Settings& settings_;
  Lanes& lanes_;
  Head head_;    // whose append is running may change it
  State state_;  // what is durable, and on top of it what flying_ and open_ decided
  Dedup dedup_;
  Feed feed_;
  Timers timers_;
  std::vector<Waiting> held_;  // taken; from held_next_ on not decided yet
  std::size_t held_next_ = 0;
  std::unique_ptr<Batch> flying_;         // on its way to the disk
  std::unique_ptr<Batch> open_;           // decided after it
  std::unique_ptr<Batch> answered_;       // no more of use
  std::unique_ptr<Batch> landed_before_;  // the same, on its way to who takes it apart beside
  std::unique_ptr<Beside> beside_;        // appends while the writer decides; absent: not wanted
  bool is_beside_ = false;                // it appends flying_
  Appended outcome_ = Appended::unknown;  // of flying_, once it has landed
  std::atomic<bool> landed_ = false;
  bool is_crowded_ = false;  // somebody came while the last batch was on its way
  std::string recovered_;
  Instant latest_;  // no record is earlier than the one before
  Position last_snapshot_;
  std::unique_ptr<SnapshotsBeside> snapshots_;  // absent: the writer makes them itself
  unsigned careful_commits_ =
      0;  // left, after the disk was full: one decision a batch, applied after its commit
  bool is_broken_ = false;
  mutable Mutex publishing_;
  Receipt durable_ GUARDED_BY(publishing_);
};

}  // namespace obverse
