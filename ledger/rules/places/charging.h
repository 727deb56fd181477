// The money of a journey: who pays what is owed for it, from what is held, what is free, or as a
// debt; and what comes back when it turns out to cost less.
#pragma once

#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/holds.h"

namespace obverse {

// What is owed beside what was charged before.
struct Owed {
  PostingReason reason = PostingReason::fare_charged;
  RiderId rider;
  OperatorId transit;
  Money by_rider;
  SponsorId sponsor;
  std::int64_t by_sponsor = 0;
  std::int64_t debt_of_cards = 0;  // of the rider's debt, what cards are asked for
};

struct Settled {
  Events events;  // HoldCaptured or HoldReleased, and Posted where anything is owed
  std::int64_t from_wallet = 0;
};

// Captures the hold (0: there is none) for as much as it covers, takes the rest from what is free,
// and makes a debt of what is still missing. Neither amount is negative.
Outcome<Settled> settle(const Book&, const Holds&, HoldId, const Owed&);

// A change of what was charged: either amount may be negative. What comes back pays a debt of the
// rider first; what is missing is taken only as far as it is free (funds_must_cover_amount). No
// events if nothing changes.
Outcome<Events> adjust(const Book&, const Holds&, const Owed&);

}  // namespace obverse
