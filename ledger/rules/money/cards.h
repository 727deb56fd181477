// All that is remembered of cards, and what every decision is asked about them afterwards.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/after_sale.h"
#include "ledger/rules/money/auto_load.h"
#include "ledger/rules/money/card_fares.h"
#include "ledger/rules/money/card_rides.h"
#include "ledger/rules/money/card_sales.h"
#include "ledger/rules/money/chargebacks.h"
#include "ledger/rules/money/disputes.h"
#include "ledger/rules/money/funding.h"
#include "ledger/rules/money/methods.h"
#include "ledger/rules/money/misidentification.h"
#include "ledger/rules/money/rail_answers.h"
#include "ledger/rules/money/rails.h"

namespace obverse {

struct Cards {
  Methods methods;
  Rails rails;
  CardSales sales;
  Funding funding;
  Disputes disputes;
  Claims claims;
  CardFares fares;
  AutoLoads loads;
  // Charges that wait for a rail, disputes and claims: an erasure waits for their end.
  std::map<RiderId, std::uint64_t> open_business;
  friend bool operator==(const Cards&, const Cards&) = default;
};

bool has_open_business(const Cards&, RiderId);
bool is_contested(const Cards&, PurchaseId);  // disputed, charged back, or claimed
// One thing of the rider's ends with this decision, and a hold of theirs with it if there is one:
// was it what an erasure waited for?
void finish_business(const AfterSale&, RiderId, std::optional<HoldId> ended, Events&);
void business_begins(Cards&, RiderId);
void business_ends(Cards&, RiderId);

// What follows from any decision: declined fares that a load has paid, a wallet that became low.
// Nothing can where nobody rides on a card or has a wallet filled by itself.
inline bool expects_follow_up(const Cards& cards) {
  return !cards.fares.tabs.empty() || !cards.loads.set.empty();
}
void follow_up(const AfterSale&, const Moment&, Decision&);

struct CardDue {
  Instant at;
  Command command;
};
std::optional<CardDue> next_due(const Cards&);

}  // namespace obverse
