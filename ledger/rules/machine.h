// The door of the rules: everything that is remembered, what is decided on it, and what a fact does
// to it. No clock, no disk, no threads: the same records always give the same state.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/cards.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/payments.h"
#include "ledger/rules/money/settlement.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/actions.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"
#include "ledger/rules/places/fares.h"
#include "ledger/rules/places/journeys.h"
#include "ledger/rules/places/offline.h"
#include "ledger/rules/places/passes.h"

namespace obverse {

// Raised by hand whenever `apply` would make another state of an old event: a snapshot of another
// version is not used.
inline constexpr std::uint32_t rules_version = 2;

struct State {
  Position position;  // of the last record folded in
  Instant at;         // when that was recorded
  Parties parties;
  Enrolments enrolments;
  Book book;
  Holds holds;
  Wallets wallets;
  Payments payments;
  Fares fares;
  Journeys journeys;
  Passes passes;
  Settlement settlement;
  Actions actions;
  Offline offline;
  Cards cards;
  friend bool operator==(const State&, const State&) = default;
};

// Pure. `moment.position` is where the decision will stand if it has events.
Decision decide(const State&, const Command&, const Moment&);

// Cannot fail: whatever is in the log has happened.
void apply(State&, const Event&);
void apply(State&, const Record&);

// The timer that runs out first. Its command, decided at or after `at`, takes it away.
struct Due {
  Instant at;
  Command command;
};
std::optional<Due> next_due(const State&);

}  // namespace obverse
