// The decisions of one sync while they are being made: what they will write, and who is owed an
// answer. Knows the log only to read earlier answers; writes nothing, answers nobody by itself.
#pragma once

#include <functional>
#include <span>
#include <unordered_map>
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

  // After the last decided record stands `chain`. Decisions are applied to `state` as they are
  // made, so that the next sees them.
  Batch(State& state, const Digest& chain, Means means)
      : state_(state), chain_(chain), means_(means) {}

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
  std::span<const NewEntry> entries() const { return entries_; }
  std::span<const Record> records() const { return records_; }
  const Digest& chain() const { return chain_; }  // after its last record
  Receipt last() const { return {records_.back().position, receipts_.back().chain}; }
  void remember(Dedup& dedup) const;
  // The batch in flight is on disk and remembered.
  void stands_first() { means_.in_flight = nullptr; }

  // Every answer, once; `head` is durable, and every record of the batch with it.
  void answer(const Receipt& head);
  // Nothing of the batch was written: answers that rest on it are this fault. What had been
  // answered before, still is.
  void answer_fault(Answer::Fault fault, Duration retry_after, const Receipt& head);

 private:
  struct Owed {
    std::function<void(const Answer&)> done;  // empty: the ledger asked itself
    Answer answer;
    std::optional<std::size_t> record;  // the one that it tells
    bool stands_alone = false;          // true whatever becomes of this batch
    std::optional<Asked> exit = {};     // what was asked, by whoever wants out
  };

  // A record of this batch or of the one in flight, with its receipt.
  struct Mine {
    const Record& record;
    const Receipt& receipt;
  };
  std::optional<Mine> uncommitted(const Digest& key) const;
  // A command as it is decided: what it says, and the key under which it is remembered, if it is.
  struct Known {
    Digest content;
    std::optional<Digest> key;
  };
  std::optional<Owed> answered_before(const Attempt& attempt, const Known& known,
                                      Instant now) const;
  std::optional<std::size_t> keep(const Asked& asked, const Known& known, Decision decision,
                                  Instant now);

  State& state_;
  Digest chain_;
  Means means_;
  std::vector<NewEntry> entries_;
  std::vector<Record> records_;
  std::vector<Receipt> receipts_;
  std::unordered_map<Digest, std::size_t, KeyHash> mine_;  // its records, by the keys of attempts
  std::vector<Owed> owed_;
};

}  // namespace obverse
