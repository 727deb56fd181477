// A till: who is buying, and may this merchant rely on their face. What the purchase
// then does to money is decided in money/payments.h and money/after_sale.h.
#pragma once

#include "ledger/model/commands.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/after_sale.h"
#include "ledger/rules/money/cards.h"
#include "ledger/rules/money/payments.h"
#include "ledger/rules/people/acceptance.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

// All that a decision at a till may look at.
struct TillView {
  const Parties& parties;
  const Enrolments& enrolments;
  const Payments& payments;
  const Book& book;
  const Holds& holds;
  const Wallets& wallets;
  const Cards& cards;
};

Decision decide(const TillView&, const Pay&, const Moment&);
Decision decide(const TillView&, const AuthorisePurchase&, const Moment&);

}  // namespace obverse
