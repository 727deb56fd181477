@0xd4c37ee848e04f24;
# Cards on file, what their rails were asked, and disputes: part of what events.capnp keeps, under
# the same rules. Scheme: 1 visa, 2 mastercard, 3 jcb, 4 american express, 5 diners club,
# 6 discover, 7 unionpay, 8 mir. Never a card's number.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Money = import "nouns.capnp".Money;

# --- nouns
struct RailRequest {
  kind @0 :UInt8;  # 1 authorise, 2 capture, 3 refund, 4 reverse
  cause @1 :UInt8;  # 1 purchase, 2 aggregation, 3 auto-load, 4 fare
  about @2 :UInt64;  # number of that purchase, aggregation, rider, journey
  rider @3 :UInt64;
  method @4 :UInt64;
  amount @5 :Money;
  original :union { none @6 :Void; some @7 :UInt64; }  # the authorisation it is of
  approval @8 :Text;
  deadline :union { none @9 :Void; some @10 :Int64; }  # of an authorisation
}

struct RideTerms {
  transit @0 :UInt32;
  books @1 :UInt8;  # 1 as debt, 2 when charged
  bearer @2 :UInt8;  # 1 programme, 2 transit operator
  maximumWaits @3 :Int64;
}

struct SchemeTerms { scheme @0 :UInt8; firstRideMax @1 :Int64; }

struct CardTerms {
  currency @0 :UInt16;  # ISO 4217 numeric
  answerWithin @1 :Int64;  # ms, as all durations here
  quietAnswerWithin @2 :Int64;
  dayBegins @3 :Int64;
  closesAfter @4 :Int64;
  retriesMax @5 :UInt8;
  retryEvery @6 :Int64;
  writeOffAfter @7 :Int64;
  disputeFeeMinor @8 :Int64;
  disputeTaxMinor @9 :Int64;
  provisionalWithin @10 :Int64;
  resolveWithin @11 :Int64;
  representWithin @12 :Int64;
  ruleWithin @13 :Int64;
  schemes @14 :List(SchemeTerms);
  operators @15 :List(RideTerms);
}

# --- events
struct CardTermsPublished { version @0 :UInt32; terms @1 :CardTerms; }

struct PaymentMethodLinked {
  method @0 :UInt64;
  rider @1 :UInt64;
  scheme @2 :UInt8;
  token @3 :Text;  # opaque
  expires :union { none @4 :Void; some @5 :Int64; }
}

struct PaymentMethodUnlinked { method @0 :UInt64; rider @1 :UInt64; }
struct PaymentMethodExpired { method @0 :UInt64; rider @1 :UInt64; }

struct TenderChosen {
  rider @0 :UInt64;
  tender @1 :UInt8;  # 1 wallet, 2 card, 3 wallet then card, 4 wallet and card
  method :union { none @2 :Void; some @3 :UInt64; }
}

struct FareTenderChosen { rider @0 :UInt64; method :union { none @1 :Void; some @2 :UInt64; } }
struct AutoLoadSet { rider @0 :UInt64; method @1 :UInt64; threshold @2 :Money; amount @3 :Money; }
struct AutoLoadStopped { rider @0 :UInt64; }
struct RailRequested { request @0 :UInt64; what @1 :RailRequest; }

struct RailAnswered {
  request @0 :UInt64;
  outcome @1 :UInt8;  # 1 approved, 2 declined, 3 unavailable
  approval @2 :Text;
}

struct RailAbandoned { request @0 :UInt64; }

struct CardChargePending {
  purchase @0 :UInt64;
  request @1 :UInt64;
  rider @2 :UInt64;
  method @3 :UInt64;
  scheme @4 :UInt8;
  terminal @5 :UInt32;
  byCard @6 :Money;
  fromWallet @7 :Money;
}

struct CardChargeApproved { purchase @0 :UInt64; request @1 :UInt64; approval @2 :Text; }
struct CardChargeDeclined { purchase @0 :UInt64; request @1 :UInt64; refusal @2 :UInt16; }

struct TendersRefunded {
  refund @0 :UInt64;
  purchase @1 :UInt64;
  toWallet @2 :Money;
  toCard @3 :Money;
}

struct CardRefundFailed { request @0 :UInt64; rider @1 :UInt64; amount @2 :Money; }

struct SchemeFundingReceived {
  scheme @0 :UInt8;
  statement @1 :Text;
  gross @2 :Money;
  deducted @3 :Money;
  fee @4 :Money;
  bank @5 :UInt32;
  desk @6 :UInt32;
}

struct AutoLoadTriggered {
  rider @0 :UInt64;
  method @1 :UInt64;
  amount @2 :Money;
  request @3 :UInt64;
}

struct AutoLoadFailed {
  rider @0 :UInt64;
  request @1 :UInt64;
  refusal @2 :UInt16;  # ledger/model/outcome.h
  day @3 :Int64;  # local, days since 1970-01-01
}

struct CardRideOpened { journey @0 :UInt64; rider @1 :UInt64; method @2 :UInt64; day @3 :Int64; }

struct AggregationOpened {
  aggregation @0 :UInt64;
  rider @1 :UInt64;
  method @2 :UInt64;
  currency @3 :UInt16;
  day @4 :Int64;  # local, days since 1970-01-01
  maximum @5 :Bool;
  closes @6 :Int64;
}

struct FareAggregated {
  aggregation @0 :UInt64;
  journey @1 :UInt64;
  transit @2 :UInt32;
  amount @3 :Money;
  books @4 :UInt8;
  maximum @5 :Bool;
}

struct AggregationAdjusted { aggregation @0 :UInt64; journey @1 :UInt64; less @2 :Money; }

struct AggregationClosed {
  aggregation @0 :UInt64;
  rider @1 :UInt64;
  sum @2 :Money;
  writtenOff @3 :Int64;
}

struct AggregationAuthorised {
  aggregation @0 :UInt64;
  request @1 :UInt64;
  method @2 :UInt64;
  sum @3 :Money;
  approval @4 :Text;
}

struct AggregationDeclined {
  aggregation @0 :UInt64;
  request @1 :UInt64;
  method @2 :UInt64;
  sum @3 :Money;
  next @4 :Int64;
}

struct AggregationPostponed { aggregation @0 :UInt64; request @1 :UInt64; next @2 :Int64; }
struct AggregationCharged { aggregation @0 :UInt64; sum @1 :Money; }

struct FirstRideRiskIncurred {
  aggregation @0 :UInt64;
  request @1 :UInt64;
  method @2 :UInt64;
  sum @3 :Money;
}

struct FareDebtRecovered { aggregation @0 :UInt64; rider @1 :UInt64; amount @2 :Money; }
struct DebtWrittenOff { aggregation @0 :UInt64; rider @1 :UInt64; amount @2 :Money; }

struct DisputeOpened {
  dispute @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  merchant @3 :UInt32;
  amount @4 :Money;
  credited @5 :Int64;
  resolved @6 :Int64;
  desk @7 :UInt32;
}

struct ProvisionalCreditIssued { dispute @0 :UInt64; rider @1 :UInt64; amount @2 :Money; }
struct DisputeResolved { dispute @0 :UInt64; rider @1 :UInt64; upheld @2 :Bool; amount @3 :Money; }

struct ChargebackReceived {
  chargeback @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  merchant @3 :UInt32;
  scheme @4 :UInt8;
  amount @5 :Money;
  reason @6 :Text;
  answered @7 :Int64;
}

struct ChargebackRepresented {
  chargeback @0 :UInt64;
  evidence @1 :Data;  # SHA-256 of what was sent
  ruled @2 :Int64;
  desk @3 :UInt32;
}

struct ChargebackWon {
  chargeback @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  amount @3 :Money;
}

struct ChargebackLost {
  chargeback @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  amount @3 :Money;
  fee @4 :Money;
}

struct RecognisedBy {
  record @0 :UInt64;
  model @1 :Text;
  face @2 :UInt32;
  threshold @3 :Int32;
  gallery @4 :UInt64;
}

struct MisidentificationClaimed {
  claim @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  by @3 :RecognisedBy;
  requestedBy @4 :UInt32;
}

struct MisidentificationReversed {
  claim @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  amount @3 :Money;
  by @4 :RecognisedBy;
  requestedBy @5 :UInt32;
  approvedBy @6 :UInt32;
}

struct MisidentificationRejected {
  claim @0 :UInt64;
  purchase @1 :UInt64;
  rider @2 :UInt64;
  rejectedBy @3 :UInt32;
}
