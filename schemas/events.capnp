# What the log keeps: one Record an entry, in the canonical form of Cap'n Proto (one segment, no
# segment table), so that the same record is the same bytes everywhere. Fields and alternatives are
# only ever appended, never renumbered or given another meaning; a reader refuses a tag that it does
# not know. Codes are those of ledger/model. No name of a person, no face, no template, no PIN.
@0xc667ff51f2f6febf;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Cards = import "cards.capnp";
using Money = import "nouns.capnp".Money;

# One decision: all of it or none.
struct Record {
  position @0 :UInt64;      # dense, from 1
  recordedAt @1 :Int64;     # ms since 1970-01-01T00:00:00Z, the server's clock, never going back
  occurredAt @2 :Int64;     # the same, the terminal's clock
  businessDate @3 :Int64;   # days since 1970-01-01, local
  actorKind @4 :UInt8;      # 1 the ledger itself, 2 a terminal
  actorTerminal @5 :UInt32;
  attempt @6 :Attempt;      # null: none was given
  content @7 :Data;         # 32 bytes: SHA-256 of what was asked
  events @8 :List(Event);
  reply @9 :Reply;
}

struct Event {
  union {
    riderRegistered @0 :RiderRegistered;
    categoryAssigned @1 :CategoryAssigned;
    guardianLinked @2 :GuardianLinked;
    consentGranted @3 :ConsentGranted;
    consentWithdrawn @4 :ConsentWithdrawn;
    faceEnrolled @5 :FaceEnrolled;
    faceSuspended @6 :FaceSuspended;
    faceReinstated @7 :FaceReinstated;
    erasureRequested @8 :ErasureRequested;
    erasureDeferred @9 :ErasureDeferred;
    faceErased @10 :FaceErased;
    erasureCompleted @11 :ErasureCompleted;
    pinSet @12 :PinSet;
    pinVerified @13 :PinVerified;
    pinFailed @14 :PinFailed;
    pinLocked @15 :PinLocked;
    pinReset @16 :PinReset;
    faceRecognised @17 :FaceRecognised;
    captureRejected @18 :CaptureRejected;
    presentationAttackDetected @19 :PresentationAttackDetected;
    posted @20 :Posted;
    walletOpened @21 :WalletOpened;
    fundsLoaded @22 :FundsLoaded;
    debtRecovered @23 :DebtRecovered;
    fundsReserved @24 :FundsReserved;
    holdCaptured @25 :HoldCaptured;
    holdReleased @26 :HoldReleased;
    holdExpired @27 :HoldExpired;
    purchaseAuthorised @28 :PurchaseAuthorised;
    purchaseCaptured @29 :PurchaseCaptured;
    purchaseVoided @30 :PurchaseVoided;
    purchaseDeclined @31 :PurchaseDeclined;
    purchaseReversed @32 :PurchaseReversed;
    reversalRecorded @33 :ReversalRecorded;
    refundIssued @34 :RefundIssued;
    stepUpRequested @35 :StepUpRequested;
    stepUpSatisfied @36 :StepUpSatisfied;
    entryValidated @37 :EntryValidated;
    entryDenied @38 :EntryDenied;
    passBackDetected @39 :PassBackDetected;
    journeyOpened @40 :JourneyOpened;
    exitValidated @41 :ExitValidated;
    exitDenied @42 :ExitDenied;
    fareCalculated @43 :FareCalculated;
    fareCharged @44 :FareCharged;
    journeyClosed @45 :JourneyClosed;
    journeyIncomplete @46 :JourneyIncomplete;
    maximumFareCharged @47 :MaximumFareCharged;
    journeyCorrected @48 :JourneyCorrected;
    fareAdjusted @49 :FareAdjusted;
    operatorRegistered @50 :OperatorRegistered;
    merchantRegistered @51 :MerchantRegistered;
    terminalRegistered @52 :TerminalRegistered;
    terminalRevoked @53 :TerminalRevoked;
    tariffPublished @54 :TariffPublished;
    policyPublished @55 :PolicyPublished;
    cardTermsPublished @56 :Cards.CardTermsPublished;
    paymentMethodLinked @57 :Cards.PaymentMethodLinked;
    paymentMethodUnlinked @58 :Cards.PaymentMethodUnlinked;
    paymentMethodExpired @59 :Cards.PaymentMethodExpired;
    tenderChosen @60 :Cards.TenderChosen;
    fareTenderChosen @61 :Cards.FareTenderChosen;
    autoLoadSet @62 :Cards.AutoLoadSet;
    autoLoadStopped @63 :Cards.AutoLoadStopped;
    railRequested @64 :Cards.RailRequested;
    railAnswered @65 :Cards.RailAnswered;
    railAbandoned @66 :Cards.RailAbandoned;
    cardChargePending @67 :Cards.CardChargePending;
    cardChargeApproved @68 :Cards.CardChargeApproved;
    cardChargeDeclined @69 :Cards.CardChargeDeclined;
    tendersRefunded @70 :Cards.TendersRefunded;
    cardRefundFailed @71 :Cards.CardRefundFailed;
    schemeFundingReceived @72 :Cards.SchemeFundingReceived;
    autoLoadTriggered @73 :Cards.AutoLoadTriggered;
    autoLoadFailed @74 :Cards.AutoLoadFailed;
    cardRideOpened @75 :Cards.CardRideOpened;
    aggregationOpened @76 :Cards.AggregationOpened;
    fareAggregated @77 :Cards.FareAggregated;
    aggregationAdjusted @78 :Cards.AggregationAdjusted;
    aggregationClosed @79 :Cards.AggregationClosed;
    aggregationAuthorised @80 :Cards.AggregationAuthorised;
    aggregationDeclined @81 :Cards.AggregationDeclined;
    aggregationPostponed @82 :Cards.AggregationPostponed;
    aggregationCharged @83 :Cards.AggregationCharged;
    firstRideRiskIncurred @84 :Cards.FirstRideRiskIncurred;
    fareDebtRecovered @85 :Cards.FareDebtRecovered;
    denyListed @86 :Cards.DenyListed;
    denyListCleared @87 :Cards.DenyListCleared;
    debtWrittenOff @88 :Cards.DebtWrittenOff;
    disputeOpened @89 :Cards.DisputeOpened;
    provisionalCreditIssued @90 :Cards.ProvisionalCreditIssued;
    disputeResolved @91 :Cards.DisputeResolved;
    chargebackReceived @92 :Cards.ChargebackReceived;
    chargebackRepresented @93 :Cards.ChargebackRepresented;
    chargebackWon @94 :Cards.ChargebackWon;
    chargebackLost @95 :Cards.ChargebackLost;
    misidentificationClaimed @96 :Cards.MisidentificationClaimed;
    misidentificationReversed @97 :Cards.MisidentificationReversed;
    misidentificationRejected @98 :Cards.MisidentificationRejected;
  }
}

struct Reply {
  union {
    refused @0 :Refused;
    done @1 :Done;
    registered @2 :Registered;
    enrolled @3 :Enrolled;
    erased @4 :Erased;
    loaded @5 :Loaded;
    entered @6 :Entered;
    left @7 :Left;
    corrected @8 :Corrected;
    paid @9 :Paid;
    authorised @10 :Authorised;
    voided @11 :Voided;
    reversed @12 :Reversed;
    refunded @13 :Refunded;
    pending @14 :Pending;
  }
}

# --- nouns
# A terminal's attempt: the same key from another terminal is another attempt.
struct Attempt {
  terminal @0 :UInt32;
  key @1 :Data;  # 16 bytes
}

# Who relies on a face.
struct Party {
  kind @0 :UInt8;  # 1 everyone, 2 transit operator, 3 merchant
  id @1 :UInt32;
}

# The evidence that a match leaves behind. No other person, no picture.
struct Recognition {
  rider @0 :UInt64;
  face @1 :UInt32;
  model @2 :Text;
  search @3 :UInt8;  # 1 one to many, 2 one to one
  gallery @4 :UInt64;  # log position that the gallery had reached
  scope @5 :UInt32;  # how many people were searched
  score @6 :Int32;  # cosine in units of 2^-22
  threshold @7 :Int32;
  runnerUp :union { none @8 :Void; some @9 :Int32; }
  terminal @10 :UInt32;
  at @11 :Int64;  # ms since 1970-01-01T00:00:00Z
}

# One line of a posting; minor is positive.
struct Entry {
  chart @0 :UInt16;
  owner @1 :UInt64;  # what the number means is the chart code's
  currency @2 :UInt16;  # ISO 4217 numeric
  side @3 :UInt8;  # 1 debit, 2 credit
  minor @4 :Int64;
}

# Between two stations, by their index in the tariff; ridden both ways.
struct Track { a @0 :UInt16; b @1 :UInt16; metres @2 :Int64; surchargeMinor @3 :Int64; }

struct Section {
  metresMax @0 :Int64;  # inclusive; the last is 2^63-1
  adultMinor @1 :Int64;
  childMinor @2 :Int64;
}

# A section tariff; amounts in minor units of its currency.
struct Tariff {
  code @0 :Text;
  transit @1 :UInt32;
  effectiveFrom @2 :Int64;  # ms since 1970-01-01T00:00:00Z
  currency @3 :UInt16;  # ISO 4217 numeric
  stations @4 :List(Text);
  tracks @5 :List(Track);
  sections @6 :List(Section);
  childRoundingMinor @7 :Int64;
  maximumAdultMinor @8 :Int64;
  maximumChildMinor @9 :Int64;
  entryMinimumAdultMinor @10 :Int64;
  entryMinimumChildMinor @11 :Int64;
  journeyWindow @12 :Int64;  # ms
  sameStationFree @13 :Int64;  # ms
  travelTimeMin @14 :Int64;  # ms
}

struct ThresholdRow {
  model @0 :Text;
  search @1 :UInt8;  # 1 one to many, 2 one to one
  scopeMax @2 :UInt32;
  threshold @3 :Int32;
}

struct Policy {
  currency @0 :UInt16;  # ISO 4217 numeric
  authorisationLife @1 :Int64;  # ms
  stepUpLife @2 :Int64;  # ms
  holdLife @3 :Int64;  # ms
  faceOnlyPurchaseMax @4 :Int64;
  faceOnlyDayMax @5 :Int64;
  pinFailuresMax @6 :UInt8;
  photosMin @7 :UInt8;
  dayOffset @8 :Int64;  # ms local time is ahead of UTC
  correctionWindow @9 :Int64;  # ms
  thresholds @10 :List(ThresholdRow);
  margin @11 :Int32;
}

# --- events: people
struct RiderRegistered {
  rider @0 :UInt64;
  category @1 :UInt8;  # 1 adult, 2 child
}

struct CategoryAssigned {
  rider @0 :UInt64;
  category @1 :UInt8;  # 1 adult, 2 child
}

struct GuardianLinked { rider @0 :UInt64; guardian @1 :UInt64; }

struct ConsentGranted {
  rider @0 :UInt64;
  purpose @1 :UInt8;  # 1 transit, 2 payment
  party @2 :Party;
  textVersion @3 :UInt32;  # of the words the person agreed to
  guardian :union { none @4 :Void; some @5 :UInt64; }
}

struct ConsentWithdrawn {
  rider @0 :UInt64;
  purpose @1 :UInt8;  # 1 transit, 2 payment
  party @2 :Party;
}

struct FaceEnrolled {
  rider @0 :UInt64;
  face @1 :UInt32;
  model @2 :Text;
  photos @3 :UInt8;
  sealed @4 :Data;  # SHA-256 of the sealed template in the vault
}

struct FaceSuspended {
  rider @0 :UInt64;
  because @1 :UInt8;  # 1 asked, 2 consent withdrawn, 3 erasure
}

struct FaceReinstated { rider @0 :UInt64; }
struct ErasureRequested { rider @0 :UInt64; }
struct ErasureDeferred { rider @0 :UInt64; }
struct FaceErased { rider @0 :UInt64; face @1 :UInt32; }
struct ErasureCompleted { rider @0 :UInt64; }
struct PinSet { rider @0 :UInt64; version @1 :UInt32; }
struct PinVerified { rider @0 :UInt64; version @1 :UInt32; terminal @2 :UInt32; }
struct PinFailed { rider @0 :UInt64; terminal @1 :UInt32; failures @2 :UInt8; }
struct PinLocked { rider @0 :UInt64; }
struct PinReset { rider @0 :UInt64; desk @1 :UInt32; }
struct FaceRecognised { evidence @0 :Recognition; }

struct CaptureRejected {
  terminal @0 :UInt32;
  why @1 :UInt8;  # 1 good, 2 occluded, 3 low quality, 4 attack suspected
}

struct PresentationAttackDetected { terminal @0 :UInt32; }

# --- events: money
struct Posted {
  reason @0 :UInt16;  # ledger/model/events/money.h
  entries @1 :List(Entry);
}

struct WalletOpened {
  rider @0 :UInt64;
  currency @1 :UInt16;  # ISO 4217 numeric
}

struct FundsLoaded { load @0 :UInt64; rider @1 :UInt64; amount @2 :Money; bank @3 :UInt32; }
struct DebtRecovered { rider @0 :UInt64; amount @1 :Money; }

struct FundsReserved {
  hold @0 :UInt64;
  rider @1 :UInt64;
  amount @2 :Money;
  expires :union { none @3 :Void; some @4 :Int64; }
}

struct HoldCaptured { hold @0 :UInt64; amount @1 :Money; }
struct HoldReleased { hold @0 :UInt64; amount @1 :Money; }
struct HoldExpired { hold @0 :UInt64; amount @1 :Money; }

struct PurchaseAuthorised {
  purchase @0 :UInt64;
  attempt @1 :Attempt;
  merchant @2 :UInt32;
  rider @3 :UInt64;
  amount @4 :Money;
  faceOnly @5 :Bool;
  day @6 :Int64;  # local day it counts on, days since 1970-01-01
}

struct PurchaseCaptured { purchase @0 :UInt64; amount @1 :Money; }
struct PurchaseVoided { purchase @0 :UInt64; }

struct PurchaseDeclined {
  rider :union { none @0 :Void; some @1 :UInt64; }
  terminal @2 :UInt32;
  refusal @3 :UInt16;  # ledger/model/outcome.h
}

struct PurchaseReversed { purchase @0 :UInt64; amount @1 :Money; }
struct ReversalRecorded { attempt @0 :Attempt; }
struct RefundIssued { refund @0 :UInt64; purchase @1 :UInt64; amount @2 :Money; }

struct StepUpRequested {
  stepUp @0 :UInt64;
  rider @1 :UInt64;
  terminal @2 :UInt32;
  merchant @3 :UInt32;
  amount @4 :Money;
  expires @5 :Int64;  # ms since 1970-01-01T00:00:00Z
}

struct StepUpSatisfied { stepUp @0 :UInt64; rider @1 :UInt64; }

# --- events: gates and journeys
struct EntryValidated { rider @0 :UInt64; gate @1 :UInt32; station @2 :UInt16; }

struct EntryDenied {
  rider :union { none @0 :Void; some @1 :UInt64; }
  gate @2 :UInt32;
  refusal @3 :UInt16;  # ledger/model/outcome.h
}

struct PassBackDetected { rider @0 :UInt64; gate @1 :UInt32; journey @2 :UInt64; }

struct JourneyOpened {
  journey @0 :UInt64;
  rider @1 :UInt64;
  transit @2 :UInt32;
  tariff @3 :UInt32;  # in force at entry: it prices the whole journey
  category @4 :UInt8;  # 1 adult, 2 child
  entry @5 :UInt16;
  hold @6 :UInt64;
  at @7 :Int64;  # ms since 1970-01-01T00:00:00Z
  deadline @8 :Int64;  # incomplete from here on
}

struct ExitValidated { rider @0 :UInt64; gate @1 :UInt32; station @2 :UInt16; }

struct ExitDenied {
  rider :union { none @0 :Void; some @1 :UInt64; }
  gate @2 :UInt32;
  refusal @3 :UInt16;  # ledger/model/outcome.h
}

struct FareCalculated {
  journey @0 :UInt64;
  fare @1 :Money;
  surchargeMinor @2 :Int64;  # the part of the fare that is surcharge
  metres @3 :Int64;
  section @4 :UInt16;  # from 1; 0 where the same station was left
  tariff @5 :UInt32;
}

struct FareCharged { journey @0 :UInt64; amount @1 :Money; }

struct JourneyClosed {
  journey @0 :UInt64;
  exit @1 :UInt16;
  fare @2 :Money;
  at @3 :Int64;  # ms since 1970-01-01T00:00:00Z
}

struct JourneyIncomplete {
  journey @0 :UInt64;
  at @1 :Int64;  # ms since 1970-01-01T00:00:00Z
}

struct MaximumFareCharged { journey @0 :UInt64; amount @1 :Money; }
struct JourneyCorrected { journey @0 :UInt64; exit @1 :UInt16; fare @2 :Money; desk @3 :UInt32; }
struct FareAdjusted { journey @0 :UInt64; from @1 :Money; to @2 :Money; }

# --- events: who takes part, and under which rules
struct OperatorRegistered { transit @0 :UInt32; code @1 :Text; }

struct MerchantRegistered {
  merchant @0 :UInt32;
  code @1 :Text;
  currency @2 :UInt16;  # ISO 4217 numeric
}

struct TerminalRegistered {
  terminal @0 :UInt32;
  code @1 :Text;
  role @2 :UInt8;  # 1 gate, 2 till, 3 enrolment desk, 4 operator desk, 5 auditor
  transit @3 :UInt32;
  station @4 :Text;
  merchant @5 :UInt32;
  certificate @6 :Data;  # SHA-256 of its DER form
}

struct TerminalRevoked { terminal @0 :UInt32; }
struct TariffPublished { version @0 :UInt32; tariff @1 :Tariff; }
struct PolicyPublished { version @0 :UInt32; policy @1 :Policy; }

# --- replies
struct Refused {
  refusal @0 :UInt16;  # ledger/model/outcome.h
  stepUp :union { none @1 :Void; some @2 :UInt64; }
}

struct Done {}
struct Registered { id @0 :UInt64; }
struct Enrolled { rider @0 :UInt64; face @1 :UInt32; }
struct Erased { rider @0 :UInt64; deferred @1 :Bool; }
struct Loaded { load @0 :UInt64; balance @1 :Money; }
struct Entered { journey @0 :UInt64; available @1 :Money; }
struct Left { journey @0 :UInt64; fare @1 :Money; balance @2 :Money; }
struct Corrected { journey @0 :UInt64; from @1 :Money; to @2 :Money; }
struct Paid { purchase @0 :UInt64; amount @1 :Money; balance @2 :Money; }

struct Authorised {
  purchase @0 :UInt64;
  amount @1 :Money;
  expires @2 :Int64;  # ms since 1970-01-01T00:00:00Z
}

struct Voided { purchase @0 :UInt64; }
struct Reversed { purchase :union { none @0 :Void; some @1 :UInt64; } amount @2 :Money; }
struct Refunded { refund @0 :UInt64; purchase @1 :UInt64; amount @2 :Money; }
struct Pending { purchase @0 :UInt64; amount @1 :Money; deadline @2 :Int64; }
