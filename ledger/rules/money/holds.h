// Money set aside on a wallet, not yet moved. A hold is resolved exactly once: captured plus
// released (or expired) is its amount. Why it was placed is known to journeys and payments.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/rules/money/book.h"

namespace obverse {

struct Hold {
  RiderId rider;
  Money amount;  // what is still held
  std::optional<Instant> expires;
  friend bool operator==(const Hold&, const Hold&) = default;
};
struct HoldDue {
  Instant at;
  HoldId hold;
  friend constexpr auto operator<=>(const HoldDue&, const HoldDue&) = default;
};
struct Holds {
  std::map<HoldId, Hold> open;
  std::map<Account, std::int64_t> held;  // by wallet: the sum of its open holds; no zero is kept
  std::set<HoldDue> due;                 // open holds that expire, by when
  friend bool operator==(const Holds&, const Holds&) = default;
};

const Hold* find(const Holds&, HoldId);  // only an open one
Money held(const Holds&, RiderId, Currency);
// Posted balance of the wallet less its open holds.
Money available(const Book&, const Holds&, RiderId, Currency);
bool has_open_hold(const Holds&, RiderId);
bool has_open_hold_besides(const Holds&, RiderId, HoldId);

// Without `expires` only a journey ends it. Refuses amount_must_be_positive,
// funds_must_cover_amount.
Outcome<FundsReserved> place_hold(const Book&, const Holds&, HoldId, RiderId, Money,
                                  std::optional<Instant> expires);
// HoldCaptured and, where something is left, HoldReleased. Refuses hold_must_be_open,
// amount_must_be_positive, currency_must_match, capture_must_fit_hold. The posting is the caller's.
Outcome<Events> capture_hold(const Holds&, HoldId, Money);
Outcome<HoldReleased> release_hold(const Holds&, HoldId);             // hold_must_be_open
Outcome<HoldExpired> expire_hold(const Holds&, HoldId, Instant now);  // or timer_must_be_due

// The hold that expires first; its command is ExpireHold, decided in after_sale.h.
std::optional<HoldDue> next_due(const Holds&);

void apply(Holds&, const FundsReserved&);
void apply(Holds&, const HoldCaptured&);
void apply(Holds&, const HoldReleased&);
void apply(Holds&, const HoldExpired&);

}  // namespace obverse
