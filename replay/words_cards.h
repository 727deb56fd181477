// Events about cards, rails and disputes in words, for words.cc.
#pragma once

#include <string>

#include "ledger/model/events.h"

namespace obverse {

struct CardWords {
  std::string operator()(const CardTermsPublished& e) const;
  std::string operator()(const PaymentMethodLinked& e) const;
  std::string operator()(const PaymentMethodUnlinked& e) const;
  std::string operator()(const PaymentMethodExpired& e) const;
  std::string operator()(const TenderChosen& e) const;
  std::string operator()(const FareTenderChosen& e) const;
  std::string operator()(const AutoLoadSet& e) const;
  std::string operator()(const AutoLoadStopped& e) const;
  std::string operator()(const RailRequested& e) const;
  std::string operator()(const RailAnswered& e) const;
  std::string operator()(const RailAbandoned& e) const;
  std::string operator()(const CardChargePending& e) const;
  std::string operator()(const CardChargeApproved& e) const;
  std::string operator()(const CardChargeDeclined& e) const;
  std::string operator()(const TendersRefunded& e) const;
  std::string operator()(const CardRefundFailed& e) const;
  std::string operator()(const SchemeFundingReceived& e) const;
  std::string operator()(const AutoLoadTriggered& e) const;
  std::string operator()(const AutoLoadFailed& e) const;
  std::string operator()(const CardRideOpened& e) const;
  std::string operator()(const AggregationOpened& e) const;
  std::string operator()(const FareAggregated& e) const;
  std::string operator()(const AggregationAdjusted& e) const;
  std::string operator()(const AggregationClosed& e) const;
  std::string operator()(const AggregationAuthorised& e) const;
  std::string operator()(const AggregationDeclined& e) const;
  std::string operator()(const AggregationPostponed& e) const;
  std::string operator()(const AggregationCharged& e) const;
  std::string operator()(const FirstRideRiskIncurred& e) const;
  std::string operator()(const FareDebtRecovered& e) const;
  std::string operator()(const DebtWrittenOff& e) const;
  std::string operator()(const DisputeOpened& e) const;
  std::string operator()(const ProvisionalCreditIssued& e) const;
  std::string operator()(const DisputeResolved& e) const;
  std::string operator()(const ChargebackReceived& e) const;
  std::string operator()(const ChargebackRepresented& e) const;
  std::string operator()(const ChargebackWon& e) const;
  std::string operator()(const ChargebackLost& e) const;
  std::string operator()(const MisidentificationClaimed& e) const;
  std::string operator()(const MisidentificationReversed& e) const;
  std::string operator()(const MisidentificationRejected& e) const;
};

}  // namespace obverse
