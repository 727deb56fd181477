#include "ledger/engine/timers.h"

#include <algorithm>

namespace obverse {

std::optional<Command> Timers::due(const State& state, Instant now) const {
  if (now < rest_until_) return std::nullopt;
  auto first = next_due(state);
  if (!first || first->at > now) return std::nullopt;
  return std::move(first->command);
}

std::optional<Instant> Timers::next(const State& state) const {
  const auto first = next_due(state);
  if (!first) return std::nullopt;
  return std::max(first->at, rest_until_);
}

}  // namespace obverse
