// Due time becomes a command: the ledger itself asks for what has run out, and the answer is a
// record like any other.
#pragma once

#include <optional>

#include "ledger/rules/machine.h"

namespace obverse {

class Timers {
 public:
  // The command of the first timer that is due at `now`, unless timers are at rest.
  std::optional<Command> due(const State& state, Instant now) const;
  // When there may be something due: never earlier than the rest ends. Nothing: no timer runs.
  std::optional<Instant> next(const State& state) const;
  // A due command could not be carried out (no room on the disk, or the rules left it as it was):
  // do not try again at once, and let others have their turn.
  void rest_until(Instant instant) { rest_until_ = instant; }

 private:
  Instant rest_until_;
};

}  // namespace obverse
