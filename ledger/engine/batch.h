// The decisions of one sync: what they will write, and who is owed an answer. Answers nobody by
// itself.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ledger/engine/dedup.h"
#include "ledger/engine/lanes.h"
#include "ledger/engine/ledger.h"
#include "ledger/rules/machine.h"

namespace obverse {

class Batch {
 public:
  struct Means {
    const EventLog& log;
    const Dedup& dedup;
    const Ledger::Settings& settings;
    bool apply_at_once;  // false: the caller applies after the commit, and adds no second command
    const Batch* in_flight = nullptr;  // decided before this one, and not yet known to be on disk
  };

  // Decisions are applied to `state` as they are made, so that the next sees them.
  Batch(State& state, Means means) : state_(state), means_(means) {}

  // Takes `done` over, and only at the end: whoever is not in the batch after a throw is still the
  // caller's to answer.
  void add(Waiting& waiting, Instant now);
  // False if the rules made nothing of it.
  bool add_timer(const Command& command, Instant now);

  // Whoever wants out may still be written where only a reserve of the disk is left. Those of this
  // batch, with what they asked, if its write was refused; they are in it no more.
  std::vector<Waiting> take_back_exits();
  // They are all that it would write: if that is refused, the reserve is used up too.
  bool is_from_reserve() const;

  std::size_t size() const { return owed_.size(); }
  std::span<const Record> records() const { return records_; }

  // Any thread, once, after the last decision; the owner may only read records meanwhile. Throws
  // what the log throws.
  Appended write(EventLog& log, Head& head);

  // Once it is written:
  Receipt last() const { return receipt(records_.size() - 1); }
  void remember(Dedup& dedup) const;
  // The batch that was in flight before this one is on disk and remembered.
  void stands_first();

  // Every answer, once; `head` is durable, and every record of the batch with it.
  void answer(const Receipt& head);
  // Nothing of the batch was written: answers that rest on it are this fault. What had been
  // answered before, still is.
  void answer_fault(Answer::Fault fault, Duration retry_after, const Receipt& head);

 private:
  struct Owed {
    std::function<void(const Answer&)> done;  // empty: the ledger asked itself
    Answer answer;
    std::optional<std::size_t> record = {};  // the one that it tells
    bool is_of_flight = false;               // that one is of the batch in flight
    bool stands_alone = false;               // true whatever becomes of this batch
    std::optional<Asked> exit = {};          // what was asked, by whoever wants out
  };

  Receipt receipt(std::size_t record) const { return {records_[record].position, chains_[record]}; }
  std::optional<std::size_t> mine(const Digest& key) const;
  const Digest& key_at(std::uint32_t record) const;
  // A command as it is decided: what it says, and the key under which it is remembered, if it is.
  struct Known {
    Digest content;
    std::optional<Digest> key;
  };
  std::optional<Owed> answered_before(const Attempt& attempt, const Digest& key,
                                      const Digest& content, Instant now) const;
  std::optional<std::size_t> keep(const Asked& asked, const Known& known, Decision decision,
                                  Instant now);

  State& state_;
  Means means_;
  std::vector<Record> records_;
  std::vector<NewEntry> entries_;  // of each record; the payload comes with write()
  std::vector<Digest> chains_;     // after each record; there once it is written
  DigestIndex mine_;               // its records, by the keys of attempts
  std::vector<Owed> owed_;
};

}  // namespace obverse
