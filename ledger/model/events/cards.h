// What can have happened to cards on file, to what they owe and are owed, and in disputes. Money
// moves in Posted alone, as everywhere.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/card.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"
#include "ledger/model/outcome.h"
#include "ledger/model/recognition.h"

namespace obverse {

// Of FundsLoaded: no bank of ours, the money is the card scheme's to bring.
inline constexpr BankId no_bank{0xFFFF'FFFF};

struct CardTermsPublished {
  CardTermsVersion version;
  CardTerms terms;
  friend bool operator==(const CardTermsPublished&, const CardTermsPublished&) = default;
};
struct PaymentMethodLinked {
  PaymentMethodId method;
  RiderId rider;
  Scheme scheme;
  Code token;  // opaque: the acquirer knows the card by it
  std::optional<Instant> expires;
  friend bool operator==(const PaymentMethodLinked&, const PaymentMethodLinked&) = default;
};
struct PaymentMethodUnlinked {
  PaymentMethodId method;
  RiderId rider;
  friend bool operator==(const PaymentMethodUnlinked&, const PaymentMethodUnlinked&) = default;
};
struct PaymentMethodExpired {
  PaymentMethodId method;
  RiderId rider;
  friend bool operator==(const PaymentMethodExpired&, const PaymentMethodExpired&) = default;
};
struct TenderChosen {
  RiderId rider;
  Tender tender;
  std::optional<PaymentMethodId> method;  // with any tender but the wallet
  friend bool operator==(const TenderChosen&, const TenderChosen&) = default;
};
struct FareTenderChosen {
  RiderId rider;
  std::optional<PaymentMethodId> method;  // none: the wallet
  friend bool operator==(const FareTenderChosen&, const FareTenderChosen&) = default;
};
struct AutoLoadSet {
  RiderId rider;
  PaymentMethodId method;
  Money threshold;  // with less than this left, the amount is loaded
  Money amount;
  friend bool operator==(const AutoLoadSet&, const AutoLoadSet&) = default;
};
struct AutoLoadStopped {
  RiderId rider;
  friend bool operator==(const AutoLoadStopped&, const AutoLoadStopped&) = default;
};

// From here on it is owed to the rail, whatever becomes of this process, until the rail answers.
struct RailRequested {
  RailRequestId request;
  RailRequest what;
  friend bool operator==(const RailRequested&, const RailRequested&) = default;
};
struct RailAnswered {
  RailRequestId request;
  RailOutcome outcome;
  Code approval;
  friend bool operator==(const RailAnswered&, const RailAnswered&) = default;
};
// Nobody waits for it any more; an approval that still comes is reversed.
struct RailAbandoned {
  RailRequestId request;
  friend bool operator==(const RailAbandoned&, const RailAbandoned&) = default;
};

// The purchase stands as authorised by us, and waits for the rail.
struct CardChargePending {
  PurchaseId purchase;
  RailRequestId request;
  RiderId rider;
  PaymentMethodId method;
  Scheme scheme;
  TerminalId terminal;
  Money by_card;
  Money from_wallet;  // held until the card has answered
  friend bool operator==(const CardChargePending&, const CardChargePending&) = default;
};
struct CardChargeApproved {
  PurchaseId purchase;
  RailRequestId request;
  Code approval;
  friend bool operator==(const CardChargeApproved&, const CardChargeApproved&) = default;
};
struct CardChargeDeclined {
  PurchaseId purchase;
  RailRequestId request;
  Refusal refusal;
  friend bool operator==(const CardChargeDeclined&, const CardChargeDeclined&) = default;
};
// How a refund went back to what had paid.
struct TendersRefunded {
  RefundId refund;
  PurchaseId purchase;
  Money to_wallet;
  Money to_card;
  friend bool operator==(const TendersRefunded&, const TendersRefunded&) = default;
};
// The card takes no money back: the person is owed it.
struct CardRefundFailed {
  RailRequestId request;
  RiderId rider;
  Money amount;
  friend bool operator==(const CardRefundFailed&, const CardRefundFailed&) = default;
};
struct SchemeFundingReceived {
  Scheme scheme;
  Code statement;  // the scheme's own number of what it paid
  Money gross;     // captured, and paid now
  Money deducted;  // of it kept for refunds and chargebacks
  Money fee;
  BankId bank;
  TerminalId desk;
  friend bool operator==(const SchemeFundingReceived&, const SchemeFundingReceived&) = default;
};

struct AutoLoadTriggered {
  RiderId rider;
  PaymentMethodId method;
  Money amount;
  RailRequestId request;
  friend bool operator==(const AutoLoadTriggered&, const AutoLoadTriggered&) = default;
};
// Not tried again on the same day.
struct AutoLoadFailed {
  RiderId rider;
  RailRequestId request;
  Refusal refusal;
  std::int64_t day = 0;  // local
  friend bool operator==(const AutoLoadFailed&, const AutoLoadFailed&) = default;
};

// This journey is paid later, by this card, with the other fares of its day.
struct CardRideOpened {
  JourneyId journey;
  RiderId rider;
  PaymentMethodId method;
  std::int64_t day = 0;  // the fare day it was entered on
  friend bool operator==(const CardRideOpened&, const CardRideOpened&) = default;
};
struct AggregationOpened {
  AggregationId aggregation;
  RiderId rider;
  PaymentMethodId method;
  Currency currency;
  std::int64_t day = 0;
  bool maximum = false;  // of a maximum fare that waits for a claim
  Instant closes;
  friend bool operator==(const AggregationOpened&, const AggregationOpened&) = default;
};
struct FareAggregated {
  AggregationId aggregation;
  JourneyId journey;
  OperatorId transit;
  Money amount;
  FareBooks books;
  bool maximum = false;
  friend bool operator==(const FareAggregated&, const FareAggregated&) = default;
};
// A fare that was not charged yet is lower now.
struct AggregationAdjusted {
  AggregationId aggregation;
  JourneyId journey;
  Money less;
  friend bool operator==(const AggregationAdjusted&, const AggregationAdjusted&) = default;
};
struct AggregationClosed {
  AggregationId aggregation;
  RiderId rider;
  Money sum;
  Instant written_off;  // when it will be, if nothing comes
  friend bool operator==(const AggregationClosed&, const AggregationClosed&) = default;
};
struct AggregationAuthorised {
  AggregationId aggregation;
  RailRequestId request;
  PaymentMethodId method;
  Money sum;
  Code approval;
  friend bool operator==(const AggregationAuthorised&, const AggregationAuthorised&) = default;
};
struct AggregationDeclined {
  AggregationId aggregation;
  RailRequestId request;
  PaymentMethodId method;
  Money sum;
  Instant next;  // when it is tried again, or written off
  friend bool operator==(const AggregationDeclined&, const AggregationDeclined&) = default;
};
// Nobody said no: the rail could not be reached.
struct AggregationPostponed {
  AggregationId aggregation;
  RailRequestId request;
  Instant next;
  friend bool operator==(const AggregationPostponed&, const AggregationPostponed&) = default;
};
// Fares that were posted nowhere until the card had paid.
struct AggregationCharged {
  AggregationId aggregation;
  Money sum;
  friend bool operator==(const AggregationCharged&, const AggregationCharged&) = default;
};
// The scheme answers for a card's first rides up to its threshold: captured without approval.
struct FirstRideRiskIncurred {
  AggregationId aggregation;
  RailRequestId request;
  PaymentMethodId method;
  Money sum;
  friend bool operator==(const FirstRideRiskIncurred&, const FirstRideRiskIncurred&) = default;
};
// Declined fares that a load into the wallet has paid.
struct FareDebtRecovered {
  AggregationId aggregation;
  RiderId rider;
  Money amount;
  friend bool operator==(const FareDebtRecovered&, const FareDebtRecovered&) = default;
};
struct DebtWrittenOff {
  AggregationId aggregation;
  RiderId rider;
  Money amount;
  friend bool operator==(const DebtWrittenOff&, const DebtWrittenOff&) = default;
};

struct DisputeOpened {
  DisputeId dispute;
  PurchaseId purchase;
  RiderId rider;
  MerchantId merchant;
  Money amount;
  Instant credited;  // for the time being, if it is not resolved by then
  Instant resolved;  // in the person's favour, if by nobody before
  TerminalId desk;
  friend bool operator==(const DisputeOpened&, const DisputeOpened&) = default;
};
struct ProvisionalCreditIssued {
  DisputeId dispute;
  RiderId rider;
  Money amount;
  friend bool operator==(const ProvisionalCreditIssued&, const ProvisionalCreditIssued&) = default;
};
struct DisputeResolved {
  DisputeId dispute;
  RiderId rider;
  bool upheld = false;
  Money amount;  // given back for good
  friend bool operator==(const DisputeResolved&, const DisputeResolved&) = default;
};
struct ChargebackReceived {
  DisputeId chargeback;
  PurchaseId purchase;
  RiderId rider;
  MerchantId merchant;
  Scheme scheme;
  Money amount;
  Code reason;       // the scheme's
  Instant answered;  // lost, if it is not by then
  friend bool operator==(const ChargebackReceived&, const ChargebackReceived&) = default;
};
struct ChargebackRepresented {
  DisputeId chargeback;
  Digest evidence;  // of what was sent to the scheme
  Instant ruled;    // won, if it is not by then
  TerminalId desk;
  friend bool operator==(const ChargebackRepresented&, const ChargebackRepresented&) = default;
};
struct ChargebackWon {
  DisputeId chargeback;
  PurchaseId purchase;
  RiderId rider;
  Money amount;
  friend bool operator==(const ChargebackWon&, const ChargebackWon&) = default;
};
struct ChargebackLost {
  DisputeId chargeback;
  PurchaseId purchase;
  RiderId rider;
  Money amount;
  Money fee;  // with its tax: the merchant's besides
  friend bool operator==(const ChargebackLost&, const ChargebackLost&) = default;
};

// What had recognised somebody when it did: it stands in that record, and in all that follows from
// its having been wrong.
struct RecognisedBy {
  Position record;
  Code model;
  FaceVersion face;
  Score threshold = 0;
  std::uint64_t gallery = 0;  // log position that the gallery had reached
  friend bool operator==(const RecognisedBy&, const RecognisedBy&) = default;
};
// "It was not me."
struct MisidentificationClaimed {
  ClaimId claim;
  PurchaseId purchase;
  RiderId rider;
  RecognisedBy by;
  TerminalId requested_by;
  friend bool operator==(const MisidentificationClaimed&,
                         const MisidentificationClaimed&) = default;
};
struct MisidentificationReversed {
  ClaimId claim;
  PurchaseId purchase;
  RiderId rider;
  Money amount;
  RecognisedBy by;
  TerminalId requested_by;
  TerminalId approved_by;
  friend bool operator==(const MisidentificationReversed&,
                         const MisidentificationReversed&) = default;
};
struct MisidentificationRejected {
  ClaimId claim;
  PurchaseId purchase;
  RiderId rider;
  TerminalId rejected_by;
  friend bool operator==(const MisidentificationRejected&,
                         const MisidentificationRejected&) = default;
};

}  // namespace obverse
