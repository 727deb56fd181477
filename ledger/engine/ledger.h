// The door of the engine: submit a command, ask a question, follow the log. One writer decides;
// nobody is told anything that is not on disk. Not here: faces, networks, rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/engine/clock.h"
#include "ledger/engine/content.h"
#include "ledger/engine/feed.h"
#include "ledger/log/event_log.h"
#include "ledger/model/commands.h"
#include "ledger/model/record.h"

namespace obverse {

struct State;  // ledger/rules/machine.h

// Who waits in which row. The writer empties them in this order: who wants out is never held up by
// who wants in.
enum class Lane : std::uint8_t { leave, enter, pay, manage, question };
inline constexpr std::size_t lanes_count = 5;
Lane lane_of(const Command&);

struct Asked {
  Actor actor;
  std::optional<Attempt> attempt;  // without one, nothing is remembered under a key
  Instant occurred_at;             // what the terminal said
  Command command;
  std::optional<Instant>
      deadline;  // by the ledger's clock; once it has passed the command is never executed
};

struct Answer {
  // Without a fault, `reply` is the decision. With one, nothing was decided and nothing was written
  // by this call.
  enum class Fault : std::uint8_t {
    none,
    busy,  // the row is full, or the deadline passed before its turn: ask again after retry_after
    stopped,  // the ledger is stopping, or had to: a write may or may not have happened; ask again
              // later, same key
    disk_full,  // under the watermark: nothing was written
  };
  Reply reply;
  Receipt receipt;        // of the record; of the durable head when the decision left no record
  Instant at;             // recorded_at of the record, or the ledger's clock
  bool repeated = false;  // this is the stored reply of an earlier call with the same attempt
  Fault fault = Fault::none;
  Duration retry_after;
};

// How a receipt that a client kept stands to this log.
enum class Standing : std::uint8_t {
  same,     // the log has that place, with that chain
  behind,   // the log ends before it: rolled back, or a copy that lags
  differs,  // the log has another history there
};

class Ledger {
 public:
  struct Settings {
    std::size_t lane_max = 4'096;               // waiting in one row; over it the answer is busy
    std::size_t batch_max = 512;                // decisions of one sync
    std::size_t questions_max = 16;             // answered between two batches
    std::uint64_t snapshot_every = 100'000;     // records; 0: never, not even at the end
    std::size_t recent_attempts_max = 100'000;  // kept in memory; all others are found in the log
    Duration retry_after = milliseconds(50);
    Duration disk_full_retry_after = seconds(5);
    // The outcome of a write is unknown, or another writer has taken over. After it the ledger does
    // nothing any more. Unset: the process aborts, and reads the truth when it starts again.
    std::function<void(std::string_view why)> on_broken;
    bool remember_attempts = true;  // false only in the tests' negative control
  };

  // Takes the log over and recovers: the newest usable snapshot, then every record after it, chain
  // verified. Throws LogDamage if the log cannot be folded.
  Ledger(EventLog& log, Clock& clock, Settings settings);
  Ledger(EventLog& log, Clock& clock) : Ledger(log, clock, Settings()) {}
  ~Ledger();  // whoever still waits is told `stopped`
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Any thread. `done` is called exactly once: on the writer's thread after the sync, or at once,
  // on the caller's, when it is busy or stopped. `done` must not throw, and may submit again.
  void submit(Asked asked, std::function<void(const Answer&)> done);

  // Any thread. The question runs on the writer's thread, against a state that is durable. False:
  // no room or stopped, and the question will never run; a question that was accepted is dropped,
  // not run, if the ledger stops first.
  bool ask(std::function<void(const State&, const Receipt&)> question);

  // Before the first step. Not owned: it must outlive the ledger. The follower gets every record
  // after `after` from the log now, on this thread, then what is committed from here on. Without
  // `after`: only the latter.
  void follow(Follower& follower);
  void follow(Follower& follower, Position after);

  // Any thread: the answer that was given to this attempt, if it is in the log.
  std::optional<Answer> lookup(const Attempt& attempt) const;
  // Any thread. The rollback guard: a server that is not `same` to every receipt it is shown must
  // not serve.
  Standing standing(const Receipt& seen) const;
  Receipt head() const;  // any thread: the durable head

  void run();   // production: the writer's thread; returns after stop()
  void stop();  // any thread, returns at once; what waits is answered `stopped`
  // Simulation and tests, instead of run(): takes one batch, and what timers are due. False if
  // there was nothing to do.
  bool step();
  // The writer's thread, or before it: keeps a snapshot of the durable state now.
  void keep_snapshot();

  // The writer's thread, or while nobody steps: the state itself, and its digest (equal on every
  // compiler and machine).
  const State& state() const;
  Digest state_digest() const;
  std::string recovered() const;  // what was read at the start, in words, for the operator

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse
