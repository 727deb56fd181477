// Purchases that a card pays, whole or beside the wallet: pending until the rail answers, then
// captured or declined; refunds and reversals go back to what had paid. The person is identified
// and the limits are kept as for the wallet (payments.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/payments.h"

namespace obverse {

struct AfterSale;
struct Answered;
struct Cards;

enum class CardSaleStage : std::uint8_t { pending = 1, captured, declined, reversed };

// Minor units of the purchase's currency.
struct CardSale {
  RiderId rider;
  PaymentMethodId method;
  Scheme scheme = Scheme::visa;
  TerminalId terminal;
  RailRequestId asked;
  CardSaleStage stage = CardSaleStage::pending;
  std::int64_t by_card = 0;
  std::int64_t from_wallet = 0;
  std::int64_t back_to_card = 0;  // refunded, and lost in chargebacks
  std::int64_t back_to_wallet = 0;
  friend bool operator==(const CardSale&, const CardSale&) = default;
};
struct CardSales {
  std::map<PurchaseId, CardSale> known;
  friend bool operator==(const CardSales&, const CardSales&) = default;
};

const CardSale* find(const CardSales&, PurchaseId);
inline bool is_pending(const CardSales& sales, PurchaseId id) {
  const CardSale* sale = find(sales, id);
  return sale != nullptr && sale->stage == CardSaleStage::pending;
}

// How a sale is to be paid: nothing by card is the wallet's own way.
struct TenderPlan {
  PaymentMethodId method;
  std::int64_t by_card = 0;
  std::int64_t from_wallet = 0;
};
// As the buyer chose in advance.
TenderPlan tender_plan(const Cards&, const Book&, const Holds&, RiderId, Money);

// All that selling by card looks at.
struct CardTill {
  const Payments& payments;
  const Book& book;
  const Holds& holds;
  const Cards& cards;
};
// Pending. The wallet's part is held without end: the rail's answer, or its deadline, ends it.
Decision sell_by_card(const CardTill&, const Policy&, const Accepted& buyer, const Sale&,
                      const TenderPlan&, const Moment&);

// A part of a purchase on its way back to what had paid it: in proportion (largest remainder) of
// all that went back so far, and never more than is left of each.
struct Parts {
  std::int64_t to_wallet = 0;
  std::int64_t to_card = 0;
};
// `back` is at most what is left of both.
Parts parts_of(const CardSale&, std::int64_t back);

// Captured: from the wallet, from the scheme, to the merchant. Else why it was declined.
void sale_answered(const AfterSale&, const Answered&, const Moment&, Events&);
// Nobody waits any more: reversed.
void sale_unanswered(const AfterSale&, PurchaseId, Events&);

// For after_sale.h, of purchases that a card pays.
Decision reverse_by_card(const AfterSale&, PurchaseId, const Purchase&);
Outcome<Decision> refund_by_card(const AfterSale&, PurchaseId, const Purchase&, Money,
                                 const Moment&);
// Back to the card, as one more thing that the rail is asked.
RailRequested refund_to_card(const Cards&, const Events& so_far, PurchaseId, const CardSale&,
                             Money);

void apply(Cards&, const CardChargePending&);
void apply(Cards&, const CardChargeApproved&);
void apply(Cards&, const CardChargeDeclined&);
void apply(Cards&, const PurchaseReversed&);  // of any purchase
void apply(Cards&, const TendersRefunded&);

}  // namespace obverse
