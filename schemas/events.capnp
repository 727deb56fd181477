# What the log keeps: one Record an entry, in the canonical form of Cap'n Proto (one segment, no
# segment table), so that the same record is the same bytes everywhere. Fields and alternatives are
# only ever appended, never renumbered or given another meaning; a reader refuses a tag that it does
# not know. Codes are those of ledger/model. No name of a person, no face, no template, no PIN.
@0xc667ff51f2f6febf;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("obverse::stored");
using Settlement = import "settlement.capnp";
using Credentials = import "credentials.capnp";

using Reply = import "replies.capnp".Reply;
using Fares = import "events_fares.capnp";
using Offline = import "events_offline.capnp";
using Money = import "nouns.capnp".Money;
using Attempt = import "nouns.capnp".Attempt;
using Party = import "nouns.capnp".Party;
using Recognition = import "nouns.capnp".Recognition;
using Entry = import "nouns.capnp".Entry;
using Tariff = import "nouns.capnp".Tariff;
using Policy = import "nouns.capnp".Policy;
using Cards = import "cards.capnp";

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
    sponsorRegistered @56 :Fares.SponsorRegistered;
    outOfStationInterchangeJoined @57 :Fares.OutOfStationInterchangeJoined;
    fareCapReached @58 :Fares.FareCapReached;
    passPurchased @59 :Fares.PassPurchased;
    passRevenueRecognised @60 :Fares.PassRevenueRecognised;
    passRefunded @61 :Fares.PassRefunded;
    passUsed @62 :Fares.PassUsed;
    fareSponsored @63 :Fares.FareSponsored;
    settlementCalendarPublished @64 :Settlement.SettlementCalendarPublished;
    feeSchedulePublished @65 :Settlement.FeeSchedulePublished;
    agreementPublished @66 :Settlement.AgreementPublished;
    safeguardingTermsPublished @67 :Settlement.SafeguardingTermsPublished;
    ownAccountSet @68 :Settlement.OwnAccountSet;
    payoutAccountSet @69 :Settlement.PayoutAccountSet;
    settlementWindowOpened @70 :Settlement.SettlementWindowOpened;
    settlementWindowClosed @71 :Settlement.SettlementWindowClosed;
    settlementItemAssigned @72 :Settlement.SettlementItemAssigned;
    settlementBatchFormed @73 :Settlement.SettlementBatchFormed;
    settlementCarriedForward @74 :Settlement.SettlementCarriedForward;
    settlementDeferred @75 :Settlement.SettlementDeferred;
    reserveWithheld @76 :Settlement.ReserveWithheld;
    reserveReleased @77 :Settlement.ReserveReleased;
    payoutInstructed @78 :Settlement.PayoutInstructed;
    payoutFileProduced @79 :Settlement.PayoutFileProduced;
    payoutConfirmed @80 :Settlement.PayoutConfirmed;
    payoutReturned @81 :Settlement.PayoutReturned;
    payoutRejected @82 :Settlement.PayoutRejected;
    settlementWindowSettled @83 :Settlement.SettlementWindowSettled;
    statementImported @84 :Settlement.StatementImported;
    statementEntryMatched @85 :Settlement.StatementEntryMatched;
    statementEntryUnmatched @86 :Settlement.StatementEntryUnmatched;
    breakResolved @87 :Settlement.BreakResolved;
    apportionmentComputed @88 :Settlement.ApportionmentComputed;
    netPositionComputed @89 :Settlement.NetPositionComputed;
    safeguardingRequirementComputed @90 :Settlement.SafeguardingRequirementComputed;
    safeguardingDepositAdjusted @91 :Settlement.SafeguardingDepositAdjusted;
    payoutMigrated @92 :Settlement.PayoutMigrated;
    faceAmbiguous @93 :Credentials.FaceAmbiguous;
    faceVerified @94 :Credentials.FaceVerified;
    faceVerificationFailed @95 :Credentials.FaceVerificationFailed;
    faceLocked @96 :Credentials.FaceLocked;
    faceUnlocked @97 :Credentials.FaceUnlocked;
    duplicateFaceSuspected @98 :Credentials.DuplicateFaceSuspected;
    lookalikeGroupFormed @99 :Credentials.LookalikeGroupFormed;
    lookalikeAssigned @100 :Credentials.LookalikeAssigned;
    lookalikeGroupDissolved @101 :Credentials.LookalikeGroupDissolved;
    custodyChosen @102 :Credentials.CustodyChosen;
    deviceLinked @103 :Credentials.DeviceLinked;
    deviceReportedLost @104 :Credentials.DeviceReportedLost;
    exitTokenIssued @105 :Credentials.ExitTokenIssued;
    tokenAccepted @106 :Credentials.TokenAccepted;
    categoryGranted @107 :Credentials.CategoryGranted;
    guardianshipEndSet @108 :Credentials.GuardianshipEndSet;
    guardianshipEnded @109 :Credentials.GuardianshipEnded;
    manualOverrideGranted @110 :Credentials.ManualOverrideGranted;
    manualOverrideUsed @111 :Credentials.ManualOverrideUsed;
    operatorActionRequested @112 :Credentials.OperatorActionRequested;
    operatorActionApproved @113 :Credentials.OperatorActionApproved;
    auditAccessed @114 :Credentials.AuditAccessed;
    dataExported @115 :Credentials.DataExported;
    terminalLimitsPublished @116 :Credentials.TerminalLimitsPublished;
    offlineBatchReceived @117 :Credentials.OfflineBatchReceived;
    clockSkewDetected @118 :Credentials.ClockSkewDetected;
    offlineGapReported @119 :Credentials.OfflineGapReported;
    offlineItemsGivenUp @120 :Credentials.OfflineItemsGivenUp;
    offlineEventAccepted @121 :Offline.OfflineEventAccepted;
    offlineEventRejected @122 :Offline.OfflineEventRejected;
    offlineEventQuarantined @123 :Offline.OfflineEventQuarantined;
    denyListed @124 :Credentials.DenyListed;
    denyListCleared @125 :Credentials.DenyListCleared;
    cardTermsPublished @126 :Cards.CardTermsPublished;
    paymentMethodLinked @127 :Cards.PaymentMethodLinked;
    paymentMethodUnlinked @128 :Cards.PaymentMethodUnlinked;
    paymentMethodExpired @129 :Cards.PaymentMethodExpired;
    tenderChosen @130 :Cards.TenderChosen;
    fareTenderChosen @131 :Cards.FareTenderChosen;
    autoLoadSet @132 :Cards.AutoLoadSet;
    autoLoadStopped @133 :Cards.AutoLoadStopped;
    railRequested @134 :Cards.RailRequested;
    railAnswered @135 :Cards.RailAnswered;
    railAbandoned @136 :Cards.RailAbandoned;
    cardChargePending @137 :Cards.CardChargePending;
    cardChargeApproved @138 :Cards.CardChargeApproved;
    cardChargeDeclined @139 :Cards.CardChargeDeclined;
    tendersRefunded @140 :Cards.TendersRefunded;
    cardRefundFailed @141 :Cards.CardRefundFailed;
    schemeFundingReceived @142 :Cards.SchemeFundingReceived;
    autoLoadTriggered @143 :Cards.AutoLoadTriggered;
    autoLoadFailed @144 :Cards.AutoLoadFailed;
    cardRideOpened @145 :Cards.CardRideOpened;
    aggregationOpened @146 :Cards.AggregationOpened;
    fareAggregated @147 :Cards.FareAggregated;
    aggregationAdjusted @148 :Cards.AggregationAdjusted;
    aggregationClosed @149 :Cards.AggregationClosed;
    aggregationAuthorised @150 :Cards.AggregationAuthorised;
    aggregationDeclined @151 :Cards.AggregationDeclined;
    aggregationPostponed @152 :Cards.AggregationPostponed;
    aggregationCharged @153 :Cards.AggregationCharged;
    firstRideRiskIncurred @154 :Cards.FirstRideRiskIncurred;
    fareDebtRecovered @155 :Cards.FareDebtRecovered;
    debtWrittenOff @156 :Cards.DebtWrittenOff;
    disputeOpened @157 :Cards.DisputeOpened;
    provisionalCreditIssued @158 :Cards.ProvisionalCreditIssued;
    disputeResolved @159 :Cards.DisputeResolved;
    chargebackReceived @160 :Cards.ChargebackReceived;
    chargebackRepresented @161 :Cards.ChargebackRepresented;
    chargebackWon @162 :Cards.ChargebackWon;
    chargebackLost @163 :Cards.ChargebackLost;
    misidentificationClaimed @164 :Cards.MisidentificationClaimed;
    misidentificationReversed @165 :Cards.MisidentificationReversed;
    misidentificationRejected @166 :Cards.MisidentificationRejected;
  }
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
  role @2 :UInt8;  # 1 gate, 2 till, 3 enrolment desk, 4 operator desk, 5 auditor, 6 processor
  transit @3 :UInt32;
  station @4 :Text;
  merchant @5 :UInt32;
  certificate @6 :Data;  # SHA-256 of its DER form
}

struct TerminalRevoked { terminal @0 :UInt32; }
struct TariffPublished { version @0 :UInt32; tariff @1 :Tariff; }
struct PolicyPublished { version @0 :UInt32; policy @1 :Policy; }
