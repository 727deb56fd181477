#include "replay/words_cards.h"

#include <fmt/format.h>

namespace obverse {
namespace {

std::string tender(const TenderChosen& e) {
  const std::uint64_t card = e.method ? e.method->value : 0;
  switch (e.tender) {
    case Tender::wallet:
      return "wallet";
    case Tender::card:
      return fmt::format("card {}", card);
    case Tender::wallet_then_card:
      return fmt::format("wallet, or by card {} where it does not suffice", card);
    case Tender::wallet_and_card:
      return fmt::format("wallet as far as it goes, the rest by card {}", card);
  }
  return "something unknown";
}

std::string_view kind(RailKind which) {
  switch (which) {
    case RailKind::authorise:
      return "authorise";
    case RailKind::capture:
      return "capture";
    case RailKind::refund:
      return "refund";
    case RailKind::reverse:
      return "reverse";
  }
  return "something unknown:";
}

std::string_view scheme(Scheme which) { return is_known(which) ? name(which) : "unknown"; }

std::string_view outcome(RailOutcome which) {
  switch (which) {
    case RailOutcome::approved:
      return "approved";
    case RailOutcome::declined:
      return "declined";
    case RailOutcome::unavailable:
      return "unavailable";
  }
  return "something unknown";
}

}  // namespace

std::string CardWords::operator()(const CardTermsPublished& e) const {
  return fmt::format("terms for cards published, version {}", e.version.value);
}
std::string CardWords::operator()(const PaymentMethodLinked& e) const {
  return fmt::format("{} card linked, number {}", scheme(e.scheme), e.method.value);
}
std::string CardWords::operator()(const PaymentMethodUnlinked& e) const {
  return fmt::format("card {} unlinked", e.method.value);
}
std::string CardWords::operator()(const PaymentMethodExpired& e) const {
  return fmt::format("card {} has expired", e.method.value);
}
std::string CardWords::operator()(const TenderChosen& e) const {
  return fmt::format("purchases are paid by {}", tender(e));
}
std::string CardWords::operator()(const FareTenderChosen& e) const {
  return fmt::format("fares are paid {}", e.method
                                              ? fmt::format("by card {}, later", e.method->value)
                                              : "from the wallet");
}
std::string CardWords::operator()(const AutoLoadSet& e) const {
  return fmt::format("{} is loaded from card {} when less than {} is left", text(e.amount),
                     e.method.value, text(e.threshold));
}
std::string CardWords::operator()(const AutoLoadStopped&) const {
  return "nothing is loaded by itself any more";
}
std::string CardWords::operator()(const RailRequested& e) const {
  return fmt::format("the rail is asked, request {}: {} {} on card {}", e.request.value,
                     kind(e.what.kind), text(e.what.amount), e.what.method.value);
}
std::string CardWords::operator()(const RailAnswered& e) const {
  return fmt::format("the rail has answered request {}: {}", e.request.value, outcome(e.outcome));
}
std::string CardWords::operator()(const RailAbandoned& e) const {
  return fmt::format("nobody waits for request {} any more", e.request.value);
}
std::string CardWords::operator()(const CardChargePending& e) const {
  return fmt::format("purchase {} waits for card {}: {} by card, {} from the wallet",
                     e.purchase.value, e.method.value, text(e.by_card), text(e.from_wallet));
}
std::string CardWords::operator()(const CardChargeApproved& e) const {
  return fmt::format("purchase {}: the card has approved", e.purchase.value);
}
std::string CardWords::operator()(const CardChargeDeclined& e) const {
  return fmt::format("purchase {}: the card pays nothing ({})", e.purchase.value,
                     explain(e.refusal).cause);
}
std::string CardWords::operator()(const TendersRefunded& e) const {
  return fmt::format("of the refund {} to the wallet, {} to the card", text(e.to_wallet),
                     text(e.to_card));
}
std::string CardWords::operator()(const CardRefundFailed& e) const {
  return fmt::format("the card took no refund: {} is owed to the person", text(e.amount));
}
std::string CardWords::operator()(const SchemeFundingReceived& e) const {
  return fmt::format("{} paid for captures of {}: {} kept, fee {}, statement {}", scheme(e.scheme),
                     text(e.gross), text(e.deducted), text(e.fee), e.statement);
}
std::string CardWords::operator()(const AutoLoadTriggered& e) const {
  return fmt::format("the wallet is low: {} asked of card {}", text(e.amount), e.method.value);
}
std::string CardWords::operator()(const AutoLoadFailed& e) const {
  return fmt::format("nothing was loaded ({}); not tried again today", explain(e.refusal).cause);
}
std::string CardWords::operator()(const CardRideOpened& e) const {
  return fmt::format("card {} pays this journey, later", e.method.value);
}
std::string CardWords::operator()(const AggregationOpened& e) const {
  return fmt::format("fares of a day begin to gather for card {}, number {}", e.method.value,
                     e.aggregation.value);
}
std::string CardWords::operator()(const FareAggregated& e) const {
  return fmt::format("fare of {} for journey {} joins number {}", text(e.amount), e.journey.value,
                     e.aggregation.value);
}
std::string CardWords::operator()(const AggregationAdjusted& e) const {
  return fmt::format("{} less of number {} for journey {}", text(e.less), e.aggregation.value,
                     e.journey.value);
}
std::string CardWords::operator()(const AggregationClosed& e) const {
  return fmt::format("the day is over: number {} is {}", e.aggregation.value, text(e.sum));
}
std::string CardWords::operator()(const AggregationAuthorised& e) const {
  return fmt::format("the card pays the day's {}", text(e.sum));
}
std::string CardWords::operator()(const AggregationDeclined& e) const {
  return fmt::format("the card declined the day's {}", text(e.sum));
}
std::string CardWords::operator()(const AggregationPostponed& e) const {
  return fmt::format("number {}: the rail could not be reached, tried again later",
                     e.aggregation.value);
}
std::string CardWords::operator()(const AggregationCharged& e) const {
  return fmt::format("{} of fares is earned now that the card has paid", text(e.sum));
}
std::string CardWords::operator()(const FirstRideRiskIncurred& e) const {
  return fmt::format("first ride of this card: the scheme answers for {}", text(e.sum));
}
std::string CardWords::operator()(const FareDebtRecovered& e) const {
  return fmt::format("{} of declined fares recovered from the wallet", text(e.amount));
}
std::string CardWords::operator()(const DebtWrittenOff& e) const {
  return fmt::format("{} of declined fares written off", text(e.amount));
}
std::string CardWords::operator()(const DisputeOpened& e) const {
  return fmt::format("{} of purchase {} disputed", text(e.amount), e.purchase.value);
}
std::string CardWords::operator()(const ProvisionalCreditIssued& e) const {
  return fmt::format("{} credited while the dispute is open", text(e.amount));
}
std::string CardWords::operator()(const DisputeResolved& e) const {
  return fmt::format("dispute {} resolved {}: {} given back for good", e.dispute.value,
                     e.upheld ? "for the person" : "for the merchant", text(e.amount));
}
std::string CardWords::operator()(const ChargebackReceived& e) const {
  return fmt::format("the card's bank wants {} of purchase {} back, reason {}", text(e.amount),
                     e.purchase.value, e.reason);
}
std::string CardWords::operator()(const ChargebackRepresented& e) const {
  return fmt::format("chargeback {} answered with evidence", e.chargeback.value);
}
std::string CardWords::operator()(const ChargebackWon& e) const {
  return fmt::format("chargeback of {} won", text(e.amount));
}
std::string CardWords::operator()(const ChargebackLost& e) const {
  return fmt::format("chargeback of {} lost, fee {}", text(e.amount), text(e.fee));
}
std::string CardWords::operator()(const MisidentificationClaimed& e) const {
  return fmt::format(
      "\"it was not me\": purchase {}, recognised in record {} by model {} over threshold {}, "
      "gallery {}, template version {}",
      e.purchase.value, e.by.record.value, e.by.model, e.by.threshold, e.by.gallery,
      e.by.face.value);
}
std::string CardWords::operator()(const MisidentificationReversed& e) const {
  return fmt::format(
      "somebody else had been recognised: {} given back from the house, by record {}",
      text(e.amount), e.by.record.value);
}
std::string CardWords::operator()(const MisidentificationRejected& e) const {
  return fmt::format("the claim about purchase {} was rejected", e.purchase.value);
}

}  // namespace obverse
