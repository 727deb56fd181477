// What may still happen to a purchase: capture, void, reversal, refund, expiry of its hold. None of
// them needs the buyer or their face, so all of them work after an erasure.
#pragma once

#include <functional>

#include "ledger/model/commands.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/payments.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

// Has the rider an open journey? Asked of places by way of the machine, since money does not know
// places: a deferred erasure completes with the last thing that was open.
using HasOpenJourney = std::function<bool(RiderId)>;

struct Cards;  // money/cards.h

// All that these decisions, and those about cards, may look at.
struct AfterSale {
  const Payments& payments;
  const Book& book;
  const Holds& holds;
  const Parties& parties;
  const Enrolments& enrolments;
  const HasOpenJourney& has_open_journey;
  const Cards& cards;
  const Wallets& wallets;
};

// Who asks must be a till of the purchase's own merchant. A refusal under an attempt key leaves
// PurchaseDeclined, so that it is remembered; without a key it leaves nothing. What a card has paid
// goes back the way it came (card_sales.h); while it is asked, only a reversal ends it.
Decision decide(const AfterSale&, const CapturePurchase&, const Moment&);  // Paid
Decision decide(const AfterSale&, const VoidPurchase&, const Moment&);     // Voided
Decision decide(const AfterSale&, const RefundPurchase&, const Moment&);   // Refunded
// By attempt key of the same till. An unknown original is remembered and declined when it arrives;
// a second reversal has no effect and the same reply (it leaves no event).
Decision decide(const AfterSale&, const ReversePurchase&, const Moment&);  // Reversed
// The timer of a hold: HoldExpired, and PurchaseVoided for the purchase behind it.
Decision decide(const AfterSale&, const ExpireHold&, const Moment&);  // Done

}  // namespace obverse
