// A second, naive opinion on what the ledger must answer. It shares the nouns (ledger/model) with
// the product and nothing else: whoever wrote it did not read ledger/rules.
#pragma once

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

class Oracle {
 public:
  Oracle();
  ~Oracle();
  Oracle(const Oracle&) = delete;

  // What the engine answered and, if it left a record, the record. Empty if that is what must
  // happen (or one of what may); otherwise what should have happened, in words that name the
  // command's kind, the expectation and the answer. Then the oracle goes on from what it expected.
  // Call it once for each decision in the order in which they were decided, timers' records
  // included (actor and attempt as in the record).
  std::string judge(const Asked& asked, const Reply& reply, const std::optional<Record>& record);

  // A retry of a decided attempt must be given the first reply; another content a conflict.
  // (judge() does this too, for whatever it has seen before under the same attempt.)

  // Its own books, to compare with the ledger's: posted balance by account (absent: zero), open
  // holds by rider, open journeys, whose face may be matched.
  std::map<std::string, std::int64_t> balances() const;  // key: the account's name in words
  std::set<RiderId> matchable() const;
  std::uint64_t open_holds() const;
  std::uint64_t open_journeys() const;

  std::uint64_t judged() const;
  std::uint64_t left_open() const;  // judgements where the documents allow more than one answer

  // After a crash: forget every decision after `position` (those were never acknowledged).
  void rewind_to(Position position);
  // Cheap checkpoints make rewind_to cheap: called by the driver whenever the log is durable.
  void durable_to(Position position);

 private:
  struct Books;
  std::unique_ptr<Books> books_;
};

}  // namespace obverse::oracle
