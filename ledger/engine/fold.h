// A log folded into a state: the one way from records to balances, used at the start and by the
// auditor's tool. Reads and computes; decides nothing, writes nothing.
#pragma once

#include <functional>
#include <optional>

#include "ledger/engine/ahead.h"
#include "ledger/log/event_log.h"
#include "ledger/model/record.h"
#include "ledger/rules/machine.h"

namespace obverse {

struct Folded {
  State state;   // knows its own position
  Digest chain;  // at that position
};

using Visitor = std::function<void(const Record&, const Digest& chain)>;

// Every record after `from`, up to and including `until` (or to the end), applied in order.
// Positions must be dense, the chain unbroken, every payload a record of its own position:
// LogDamage otherwise, naming the first that is not. `visit` sees each record after it was applied.
Folded fold(const EventLog& log, Folded from = {}, std::optional<Position> until = std::nullopt,
            const Visitor& visit = nullptr);

// Committed records, each with the chain after it.
// Nothing beyond the end; LogDamage if what is there cannot be read.
std::vector<Stored> stored_from(const EventLog& log, Position from, std::size_t records_max);
std::optional<Stored> stored_at(const EventLog& log, Position position);

}  // namespace obverse
