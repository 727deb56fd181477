// Which attempts have had their answer. The recent ones are in memory; every one is in the log,
// under the digest of its terminal and key, for ever.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>

#include "ledger/log/event_log.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/reply.h"

namespace obverse {

// The log's key of an attempt.
Digest key_of(const Attempt& attempt);

// A reply that identified nobody is not remembered: the same attempt may look again. All others
// are.
bool is_remembered(const Reply& reply);

class Dedup {
 public:
  struct Known {
    Position position;
    Digest content;
  };

  Dedup(const EventLog& log, std::size_t recent_max) : log_(log), recent_max_(recent_max) {}

  // The committed record of this attempt, whenever it was. Throws LogDamage if it cannot be read.
  std::optional<Known> find(const Attempt& attempt) const;
  // Of a record that is committed.
  void remember(const Attempt& attempt, const Known& known);

 private:
  const EventLog& log_;
  std::size_t recent_max_;
  std::map<Attempt, Known> recent_;
  std::deque<Attempt> in_order_;  // oldest first
};

}  // namespace obverse
