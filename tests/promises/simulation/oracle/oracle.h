// A second, naive opinion on what the ledger must answer. It shares the nouns (ledger/model) with
// the product and nothing else: whoever wrote it did not read ledger/rules.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/model/reply.h"

namespace obverse::oracle {

// One command as the ledger was given it. `at` is the record's time (the ledger's clock).
struct Asked {
  Actor actor;
  std::optional<Attempt> attempt;
  Instant occurred_at;
  Instant at;
  Command command;
};

// Nobody asked for what a timer did: the command, as its record's events tell it. Nothing if the
// record is no timer's.
std::optional<Command> timer_of(const Record& record);

class Oracle {
 public:
  // `mutant`: the name of one rule that this oracle gets wrong on purpose, of mutants().
  explicit Oracle(const std::string& mutant = "");
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  static const std::vector<std::string>& mutants();

  // What the engine answered and, if it left a record, the record. Empty if that is what must
  // happen (or one of what may); otherwise what should have happened, in words that name the
  // command's kind, the expectation and the answer. Then the oracle goes on from what it expected.
  // Call it once for each decision in the order in which they were decided, timers' records
  // included (actor and attempt as in the record).
  std::string judge(const Asked& asked, const Reply& reply, const std::optional<Record>& record);

  // A retry of a decided attempt must be given the first reply and leave no record; another content
  // is a conflict. (judge() holds this too, for whatever it has seen before under the same
  // attempt.)

  // Its own books, to compare with the ledger's. Balances are by the account's name in words, on
  // the account's normal side (a wallet that holds money is positive); absent: zero.
  std::map<std::string, std::int64_t> balances() const;
  std::set<RiderId> matchable() const;  // whose face may be matched
  std::uint64_t open_holds() const;
  std::uint64_t open_journeys() const;

  std::uint64_t judged() const;
  std::uint64_t left_open() const;  // judgements where the documents allow more than one answer
  std::map<std::string, std::uint64_t> left_open_by_kind() const;  // so that they cannot hide

  // After a crash: forget every decision after `position` (those were never acknowledged). Not
  // further back than what durable_to() said.
  void rewind_to(Position position);
  // A driver that judges only what is durable never goes back, and need not pay for it.
  void never_rewinds();
  // Cheap checkpoints make rewind_to cheap: called by the driver whenever the log is durable.
  void durable_to(Position position);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace obverse::oracle
