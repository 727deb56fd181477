// One decision as the log keeps it: who asked, when, what was decided and what was answered. All of
// it, or none.
#pragma once

#include <optional>

#include "ledger/model/digest.h"
#include "ledger/model/events.h"
#include "ledger/model/reply.h"

namespace obverse {

struct Record {
  Position position;
  Instant recorded_at;  // the server's clock, never earlier than the record before
  Instant occurred_at;  // what the terminal said
  std::int64_t business_date =
      0;  // days since 1970-01-01, local, stored and never derived at read time
  Actor actor;
  std::optional<Attempt> attempt;
  Digest content;  // of what was asked, without probe, liveness evidence and capture time
  Events events;
  Reply reply;
  friend bool operator==(const Record&, const Record&) = default;
};

// What a decision may know besides the state: where it will stand, and what time it is.
struct Moment {
  Position position;
  Instant now;
  std::optional<Attempt> attempt;
  std::optional<Instant> captured_at = {};  // what the terminal said; else it is now
  std::optional<Digest> action = {};        // of what RequestAction or ApproveAction is about
};

// What a rule decided. A refusal may carry events too (a denial, a wrong PIN): it is remembered
// like any outcome. Without events it changes nothing, and only its reply is kept, for the attempt
// that asked.
struct Decision {
  Events events;
  Reply reply;
};

}  // namespace obverse
