// Which attempts have had their answer. The recent ones are in memory; every one is in the log,
// under the digest of its terminal and key, for ever.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ledger/engine/digest_index.h"
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

// Everything here goes by key_of(attempt): whoever asks has it at hand.
class Dedup {
 public:
  struct Known {
    Position position;
    Digest content;
  };

  Dedup(const EventLog& log, std::size_t recent_max) : log_(log), recent_max_(recent_max) {}

  // The committed record of this attempt, whenever it was. Throws LogDamage if it cannot be read.
  std::optional<Known> find(const Digest& key, const Attempt& attempt) const;
  // Of a record that is committed.
  void remember(const Digest& key, const Known& known);

 private:
  const EventLog& log_;
  std::size_t recent_max_;
  struct Recent {
    Digest key;
    Known known;
  };
  std::vector<Recent> recent_;  // a ring: once it is full, the oldest gives way at oldest_
  std::size_t oldest_ = 0;
  DigestIndex places_;  // in recent_
};

}  // namespace obverse
