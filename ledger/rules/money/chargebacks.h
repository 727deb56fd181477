// A card's bank takes its money back: what the scheme wants is owed to it at once and stands
// against the merchant only when the chargeback is lost - from the merchant's reserve, then from
// what it is owed, then as its debt.
#pragma once

#include "ledger/rules/money/disputes.h"

namespace obverse {

Decision decide(const AfterSale&, const ReceiveChargeback&, const Moment&);    // Registered
Decision decide(const AfterSale&, const RepresentChargeback&, const Moment&);  // Done
Decision decide(const AfterSale&, const RuleChargeback&, const Moment&);       // Done
// By its timer: lost if it was never answered, won if it was.
Decision advance_chargeback(const AfterSale&, DisputeId, const Moment&);

void apply(Cards&, const ChargebackReceived&);
void apply(Cards&, const ChargebackRepresented&);
void apply(Cards&, const ChargebackWon&);
void apply(Cards&, const ChargebackLost&);

}  // namespace obverse
