// What a gate asks of cards: does one pay this ride, may it, and what its fare then becomes.
// Nothing is held and nobody waits: the card is asked when the day is over (card_fares.h).
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

struct Cards;

// The card that the person chose for fares; nothing: their wallet pays. Refuses
// rider_must_not_be_deny_listed, whoever pays, and method_must_be_linked.
Outcome<std::optional<PaymentMethodId>> card_for_ride(const Cards&, RiderId, Instant now);
// The fare day of a journey that is entered now.
CardRideOpened ride_on_card(const Cards&, const Parties&, JourneyId, RiderId, PaymentMethodId,
                            Instant now);
bool is_card_ride(const Cards&, JourneyId);

// All that charging a ride looks at.
struct CardGate {
  const Parties& parties;
  const Book& book;
  const Cards& cards;
};
struct RideFare {
  JourneyId journey;
  OperatorId transit;
};
// The fare joins the others of its day. No fare leaves nothing.
Outcome<Events> charge_ride(const CardGate&, RideFare, PostingReason, Money, const Moment&);
// Of a ride that begins and ends with the decision.
Outcome<Events> charge_opened(const CardGate&, const CardRideOpened&, OperatorId, Money,
                              const Moment&);
// The fare is another one: less of what is still to be charged, or back to the card that has paid.
// Refuses charge_must_not_be_pending while the rail has it, correction_must_be_in_time once it was
// written off.
Outcome<Events> adjust_ride(const CardGate&, RideFare, Money from, Money to, const Moment&);

void apply(Cards&, const CardRideOpened&);
void apply(Cards&, const JourneyClosed&);  // of any journey

}  // namespace obverse
