// Who pays for a ride: the wallet, now; or the card that the person chose, when its day is over.
// What a sponsor pays of it is the same either way.
#pragma once

#include <optional>

#include "ledger/rules/places/charging.h"
#include "ledger/rules/places/journeys.h"

namespace obverse {

// Of a journey that is known. Neither amount is negative.
Outcome<Settled> pay_ride(const GateView&, JourneyId, const Journey&, const Owed&, const Moment&);
// Of a journey that begins and ends with this decision, where nothing is held.
Outcome<Settled> pay_at_once(const GateView&, const std::optional<CardRideOpened>&, const Owed&,
                             const Moment&);

// It costs more, or less, than it did: `change` may be negative. All of a correction goes to what
// pays the journey that is corrected.
Outcome<Events> pay_change(const GateView&, JourneyId, const Journey&, const Owed& change,
                           const Moment&);

// What may be taken for it at the exit, from what is held and what is free; nothing for a card,
// which is asked later.
std::optional<std::int64_t> at_hand(const GateView&, JourneyId, const Journey&, Currency);

}  // namespace obverse
