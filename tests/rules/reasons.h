// What must stand in one decision beside money that moves, by the reason of the posting.
#pragma once

#include <optional>

#include "tests/rules/history.h"

namespace obverse::laws {

template <class Fact>
bool has(const Decision& decision) {
  return count<Fact>(decision.events) > 0;
}

// Whom the evidence of a decision singled out.
inline std::optional<RiderId> proven(const Decision& decision) {
  if (const auto* face = first<FaceRecognised>(decision.events)) return face->evidence.rider;
  if (const auto* pin = first<PinVerified>(decision.events)) return pin->rider;
  return {};
}

// The half of it that nobody's face or hold has a part in.
inline bool settlement_moves_with_a_reason(const Decision& d, PostingReason reason) {
  switch (reason) {
    case PostingReason::settlement_batch_formed:
      return has<SettlementBatchFormed>(d);
    case PostingReason::settlement_carried_forward:
      return has<SettlementCarriedForward>(d);
    case PostingReason::reserve_released:
      return has<ReserveReleased>(d);
    case PostingReason::payout_confirmed:
      return has<PayoutConfirmed>(d) && (has<StatementEntryMatched>(d) || has<BreakResolved>(d));
    case PostingReason::payout_returned:
      return has<PayoutReturned>(d) && (has<StatementEntryMatched>(d) || has<BreakResolved>(d));
    case PostingReason::payout_rejected:
      return has<PayoutRejected>(d);
    case PostingReason::statement_entry_unmatched:
      return has<StatementEntryUnmatched>(d);
    case PostingReason::break_resolved:
      return has<BreakResolved>(d);
    case PostingReason::apportionment_computed:
      return has<ApportionmentComputed>(d);
    case PostingReason::safeguarding_deposit_adjusted:
      return has<SafeguardingDepositAdjusted>(d);
    case PostingReason::opening:
      return d.events.size() == 1;
    default:
      return false;
  }
}

// What must stand beside money that moves at a desk, by a rail, or by a timer of theirs.
inline bool is_card_reason(PostingReason reason, const Decision& d) {
  switch (reason) {
    case PostingReason::scheme_funding_received:
      return has<SchemeFundingReceived>(d);
    case PostingReason::refund_failed:
      return has<CardRefundFailed>(d);
    case PostingReason::aggregation_charged:
      return has<AggregationCharged>(d) && has<AggregationAuthorised>(d);
    case PostingReason::debt_written_off:
      return has<DebtWrittenOff>(d);
    case PostingReason::provisional_credit_issued:
      return has<ProvisionalCreditIssued>(d);
    case PostingReason::dispute_resolved:
      return has<DisputeResolved>(d);
    case PostingReason::chargeback_received:
      return has<ChargebackReceived>(d);
    case PostingReason::chargeback_won:
      return has<ChargebackWon>(d);
    case PostingReason::chargeback_lost:
      return has<ChargebackLost>(d);
    case PostingReason::misidentification_reversed:
      return has<MisidentificationReversed>(d);
    default:
      return false;
  }
}

inline bool is_reason(PostingReason reason, const Decision& d) {
  switch (reason) {
    case PostingReason::funds_loaded:
      return has<FundsLoaded>(d);
    case PostingReason::debt_recovered:
      return has<DebtRecovered>(d);
    case PostingReason::purchase_captured:
      return has<PurchaseCaptured>(d) &&
             (proven(d) || has<HoldCaptured>(d) || has<CardChargeApproved>(d));
    case PostingReason::purchase_reversed:
      return has<PurchaseReversed>(d);
    case PostingReason::refund_issued:
      return has<RefundIssued>(d);
    case PostingReason::fare_charged:
      return has<FareCharged>(d) && proven(d);
    case PostingReason::maximum_fare_charged:
      return (has<MaximumFareCharged>(d) && has<JourneyIncomplete>(d)) ||
             (has<AggregationCharged>(d) && has<AggregationAuthorised>(d));
    case PostingReason::fare_adjusted:
      return has<JourneyCorrected>(d) || (has<OutOfStationInterchangeJoined>(d) && proven(d));
    case PostingReason::pass_purchased:
      return has<PassPurchased>(d);
    case PostingReason::pass_revenue_recognised:
      return has<PassRevenueRecognised>(d);
    case PostingReason::pass_refunded:
      return has<PassRefunded>(d);
    case PostingReason::offline_accepted:
      return has<OfflineEventAccepted>(d) &&
             (proven(d) || has<TokenAccepted>(d) || has<OperatorActionApproved>(d));
    default:
      return is_card_reason(reason, d) || settlement_moves_with_a_reason(d, reason);
  }
}

}  // namespace obverse::laws
