// Everything that can have happened. An event is a fact: never edited, and applying it cannot fail.
// Read this first.
#pragma once

#include <variant>
#include <vector>

#include "ledger/model/events/cards.h"
#include "ledger/model/events/credentials.h"
#include "ledger/model/events/money.h"
#include "ledger/model/events/offline.h"
#include "ledger/model/events/operations.h"
#include "ledger/model/events/passes.h"
#include "ledger/model/events/people.h"
#include "ledger/model/events/places.h"
#include "ledger/model/events/settlement.h"

namespace obverse {

// The order is that of the wire's tags (schemas/events.capnp): only ever appended.
using EventKinds = std::variant<
    RiderRegistered, CategoryAssigned, GuardianLinked, ConsentGranted, ConsentWithdrawn,
    FaceEnrolled, FaceSuspended, FaceReinstated, ErasureRequested, ErasureDeferred, FaceErased,
    ErasureCompleted, PinSet, PinVerified, PinFailed, PinLocked, PinReset, FaceRecognised,
    CaptureRejected, PresentationAttackDetected, Posted, WalletOpened, FundsLoaded, DebtRecovered,
    FundsReserved, HoldCaptured, HoldReleased, HoldExpired, PurchaseAuthorised, PurchaseCaptured,
    PurchaseVoided, PurchaseDeclined, PurchaseReversed, ReversalRecorded, RefundIssued,
    StepUpRequested, StepUpSatisfied, EntryValidated, EntryDenied, PassBackDetected, JourneyOpened,
    ExitValidated, ExitDenied, FareCalculated, FareCharged, JourneyClosed, JourneyIncomplete,
    MaximumFareCharged, JourneyCorrected, FareAdjusted, OperatorRegistered, MerchantRegistered,
    TerminalRegistered, TerminalRevoked, TariffPublished, PolicyPublished, SponsorRegistered,
    OutOfStationInterchangeJoined, FareCapReached, PassPurchased, PassRevenueRecognised,
    PassRefunded, PassUsed, FareSponsored, SettlementCalendarPublished, FeeSchedulePublished,
    AgreementPublished, SafeguardingTermsPublished, OwnAccountSet, PayoutAccountSet,
    SettlementWindowOpened, SettlementWindowClosed, SettlementItemAssigned, SettlementBatchFormed,
    SettlementCarriedForward, SettlementDeferred, ReserveWithheld, ReserveReleased,
    PayoutInstructed, PayoutFileProduced, PayoutConfirmed, PayoutReturned, PayoutRejected,
    SettlementWindowSettled, StatementImported, StatementEntryMatched, StatementEntryUnmatched,
    BreakResolved, ApportionmentComputed, NetPositionComputed, SafeguardingRequirementComputed,
    SafeguardingDepositAdjusted, PayoutMigrated, FaceAmbiguous, FaceVerified,
    FaceVerificationFailed, FaceLocked, FaceUnlocked, DuplicateFaceSuspected, LookalikeGroupFormed,
    LookalikeAssigned, LookalikeGroupDissolved, CustodyChosen, DeviceLinked, DeviceReportedLost,
    ExitTokenIssued, TokenAccepted, CategoryGranted, GuardianshipEndSet, GuardianshipEnded,
    ManualOverrideGranted, ManualOverrideUsed, OperatorActionRequested, OperatorActionApproved,
    AuditAccessed, DataExported, TerminalLimitsPublished, OfflineBatchReceived, ClockSkewDetected,
    OfflineGapReported, OfflineItemsGivenUp, OfflineEventAccepted, OfflineEventRejected,
    OfflineEventQuarantined, DenyListed, DenyListCleared, CardTermsPublished, PaymentMethodLinked,
    PaymentMethodUnlinked, PaymentMethodExpired, TenderChosen, FareTenderChosen, AutoLoadSet,
    AutoLoadStopped, RailRequested, RailAnswered, RailAbandoned, CardChargePending,
    CardChargeApproved, CardChargeDeclined, TendersRefunded, CardRefundFailed,
    SchemeFundingReceived, AutoLoadTriggered, AutoLoadFailed, CardRideOpened, AggregationOpened,
    FareAggregated, AggregationAdjusted, AggregationClosed, AggregationAuthorised,
    AggregationDeclined, AggregationPostponed, AggregationCharged, FirstRideRiskIncurred,
    FareDebtRecovered, DebtWrittenOff, DisputeOpened, ProvisionalCreditIssued, DisputeResolved,
    ChargebackReceived, ChargebackRepresented, ChargebackWon, ChargebackLost,
    MisidentificationClaimed, MisidentificationReversed, MisidentificationRejected>;

// A type of its own, whose copies are made in one place: in every unit they took most of its
// compiling.
struct Event : EventKinds {
  using Kinds = EventKinds;
  using Kinds::Kinds;
  Event();
  Event(const Event&);
  Event(Event&&) noexcept;
  Event& operator=(const Event&);
  Event& operator=(Event&&) noexcept;
  ~Event();
  friend bool operator==(const Event&, const Event&);
};
using Events = std::vector<Event>;

}  // namespace obverse
