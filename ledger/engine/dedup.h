// Which attempts have had their answer. The recent ones are in memory; every one is in the log,
// under the digest of its terminal and key, for ever.
#pragma once

#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>
#include <unordered_map>

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

// Of a key of the log. Terminals choose their attempts; the salt, which is another in every
// process, keeps them from choosing where these fall in a table.
struct KeyHash {
  std::size_t operator()(const Digest& key) const {
    std::uint64_t word = 0;
    std::memcpy(&word, key.bytes.data(), sizeof word);
    word = (word ^ salt()) * 0x9E37'79B9'7F4A'7C15U;
    return word ^ (word >> 32U);
  }
  static std::uint64_t salt();
};

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
  std::unordered_map<Digest, Known, KeyHash> recent_;
  std::deque<Digest> in_order_;  // oldest first
};

}  // namespace obverse
