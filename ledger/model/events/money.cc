#include "ledger/model/events/money.h"

#include <array>
#include <cassert>

namespace obverse {

std::string_view name(PostingReason reason) {
  static constexpr std::array<std::string_view, 33> names{"FundsLoaded",
                                                          "DebtRecovered",
                                                          "PurchaseCaptured",
                                                          "PurchaseReversed",
                                                          "RefundIssued",
                                                          "FareCharged",
                                                          "MaximumFareCharged",
                                                          "FareAdjusted",
                                                          "PassPurchased",
                                                          "PassRevenueRecognised",
                                                          "PassRefunded",
                                                          "SettlementBatchFormed",
                                                          "SettlementCarriedForward",
                                                          "ReserveReleased",
                                                          "PayoutConfirmed",
                                                          "PayoutReturned",
                                                          "PayoutRejected",
                                                          "StatementEntryUnmatched",
                                                          "BreakResolved",
                                                          "ApportionmentComputed",
                                                          "SafeguardingDepositAdjusted",
                                                          "Opening",
                                                          "OfflineEventAccepted",
                                                          "SchemeFundingReceived",
                                                          "RefundFailed",
                                                          "AggregationCharged",
                                                          "DebtWrittenOff",
                                                          "ProvisionalCreditIssued",
                                                          "DisputeResolved",
                                                          "ChargebackReceived",
                                                          "ChargebackWon",
                                                          "ChargebackLost",
                                                          "MisidentificationReversed"};
  const auto number = static_cast<std::size_t>(reason);
  assert(number >= 1 && number <= names.size());
  return names[number - 1];
}

}  // namespace obverse
