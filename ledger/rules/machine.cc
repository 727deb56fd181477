// Dispatch, and nothing else: which rule decides a command, which rule remembers an event.
#include "ledger/rules/machine.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/rules/money/after_sale.h"
#include "ledger/rules/people/credentials.h"
#include "ledger/rules/places/purchases.h"

namespace obverse {
namespace {

bool has_open_business(const State& s, RiderId rider) {
  return is_travelling(s.journeys, rider) || has_open_hold(s.holds, rider) ||
         has_open_business(s.cards, rider);
}

AfterSale after_sale_view(const State& s, const HasOpenJourney& has_open_journey) {
  return {s.payments,   s.book,           s.holds, s.parties,
          s.enrolments, has_open_journey, s.cards, s.wallets};
}

SettlementView settlement_of(const State& s) {
  return {s.settlement, s.book, s.parties, s.wallets};
}

template <class Asked>
concept OfSettlement = requires(const SettlementView& view, const Asked& asked, const Moment& m) {
  decide(view, asked, m);
};
template <class Fact>
concept FactOfSettlement =
    requires(Settlement& settlement, const Fact& fact) { apply(settlement, fact); };

struct Decide {
  const State& s;
  const Moment& moment;

  GateView gate() const {
    return {s.parties, s.enrolments, s.fares, s.book, s.holds, s.wallets, s.passes, s.cards};
  }
  PassView pass() const { return {s.parties, s.enrolments, s.fares, s.book, s.holds, s.wallets}; }
  TillView till() const {
    return {s.parties, s.enrolments, s.payments, s.book, s.holds, s.wallets, s.cards};
  }
  OfflineView offline() const {
    return {s.parties, s.enrolments, s.payments, s.book, s.holds, s.wallets};
  }
  template <class Command>
  Decision after_sale(const Command& c) const {
    const HasOpenJourney has_open_journey = [this](RiderId rider) {
      return is_travelling(s.journeys, rider);
    };
    return decide(after_sale_view(s, has_open_journey), c, moment);
  }

  Decision operator()(const EnterGate& c) { return decide(s.journeys, gate(), c, moment); }
  Decision operator()(const LeaveGate& c) { return decide(s.journeys, gate(), c, moment); }
  Decision operator()(const ExpireJourney& c) { return decide(s.journeys, gate(), c, moment); }
  Decision operator()(const Pay& c) { return decide(till(), c, moment); }
  Decision operator()(const AuthorisePurchase& c) { return decide(till(), c, moment); }
  Decision operator()(const CapturePurchase& c) { return after_sale(c); }
  Decision operator()(const VoidPurchase& c) { return after_sale(c); }
  Decision operator()(const ReversePurchase& c) { return after_sale(c); }
  Decision operator()(const RefundPurchase& c) { return after_sale(c); }
  Decision operator()(const ExpireHold& c) { return after_sale(c); }
  Decision operator()(const RegisterRider& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const AssignCategory& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const GrantConsent& c) { return decide(s.enrolments, s.parties, c, moment); }
  Decision operator()(const WithdrawConsent& c) {
    return decide(s.enrolments, c, has_open_business(s, c.rider), moment);
  }
  Decision operator()(const EnrolFace& c) { return decide(s.enrolments, s.parties, c, moment); }
  Decision operator()(const SuspendFace& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const ReinstateFace& c) { return decide(s.enrolments, s.parties, c, moment); }
  Decision operator()(const EraseRider& c) {
    return decide(s.enrolments, c, has_open_business(s, c.rider), moment);
  }
  Decision operator()(const SetPin& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const ResetPin& c) { return decide(s.enrolments, s.parties, c, moment); }
  Decision operator()(const OpenWallet& c) { return decide(s.wallets, s.enrolments, c, moment); }
  Decision operator()(const LoadFunds& c) {
    const auto not_due = debt_not_due(s.cards.fares, c.rider, c.amount.currency);
    return decide(s.wallets, s.book, c, moment, not_due);
  }
  Decision operator()(const RegisterOperator& c) { return decide(s.parties, c, moment); }
  Decision operator()(const RegisterMerchant& c) { return decide(s.parties, c, moment); }
  Decision operator()(const RegisterTerminal& c) { return decide(s.parties, c, moment); }
  Decision operator()(const RevokeTerminal& c) { return decide(s.parties, c, moment); }
  Decision operator()(const RegisterSponsor& c) { return decide(s.parties, c, moment); }
  Decision operator()(const SellPass& c) { return decide(s.passes, pass(), c, moment); }
  Decision operator()(const RefundPass& c) { return decide(s.passes, pass(), c, moment); }
  Decision operator()(const RecognisePass& c) { return decide(s.passes, pass(), c, moment); }
  // Settlement has a door of its own: money/settlement.h.
  Decision operator()(const OfSettlement auto& c) { return decide(settlement_of(s), c, moment); }
  Decision operator()(const FormLookalikeGroup& c) { return with_parties(c); }
  Decision operator()(const DissolveLookalikeGroup& c) { return with_parties(c); }
  Decision operator()(const UnlockFace& c) { return with_parties(c); }
  Decision operator()(const ReadPersonalData& c) { return with_parties(c); }
  Decision operator()(const ChooseCustody& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const LinkDevice& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const ReportDeviceLost& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const GrantCategory& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const EndGuardianship& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const ExpireGuardianship& c) { return decide(s.enrolments, c, moment); }
  Decision operator()(const IssueExitToken& c) {
    return decide(s.enrolments, s.parties, c, is_travelling(s.journeys, c.rider), moment);
  }
  Decision operator()(const OpenOfflineBatch& c) { return decide(s.offline, s.parties, c, moment); }
  Decision operator()(const UploadOffline& c) { return decide(s.offline, offline(), c, moment); }

  // What may need two people: alone, as long as the policy lets one do it; else as it was approved.
  Decision operator()(const PublishTariff& c) { return alone(c); }
  Decision operator()(const PublishPolicy& c) { return alone(c); }
  Decision operator()(const PublishTerminalLimits& c) { return alone(c); }
  Decision operator()(const CorrectJourney& c) { return alone(c); }
  Decision operator()(const GrantOverride& c) { return alone(c); }
  Decision operator()(const ReleaseOffline& c) { return alone(c); }
  Decision operator()(const GiveUpOffline& c) { return alone(c); }
  Decision operator()(const RequestAction& c) { return decide(s.actions, s.parties, c, moment); }
  Decision operator()(const ApproveAction& c) {
    const auto requested_by = approved_for(s.actions, s.parties, c, moment);
    if (!requested_by) return {{}, Refused{requested_by.error(), {}}};
    Decision done = std::visit(
        [&](auto action) {
          if constexpr (requires { action.desk; }) action.desk = *requested_by;
          return act(action, c.desk);
        },
        c.action);
    if (!std::holds_alternative<Refused>(done.reply))
      done.events.insert(done.events.begin(), OperatorActionApproved{c.id, c.desk});
    return done;
  }

  // Cards, their rails, and disputes.
  template <class Command>
    requires requires(const AfterSale& view, const Command& c, const Moment& at) {
      decide(view, c, at);
    }
  Decision operator()(const Command& c) {
    return after_sale(c);
  }

 private:
  template <class Command>
  Decision with_parties(const Command& c) {
    return decide(s.enrolments, s.parties, c, moment);
  }
  template <class Command>
  Decision alone(const Command& c) {
    if (needs_two(s.parties, kind_of(Action{c})))
      return {{}, Refused{Refusal::action_must_be_approved, {}}};
    return act(c, {});
  }

  // `second`: the other person of staff, if there was one.
  Decision act(const PublishTariff& c, TerminalId) { return decide(s.fares, s.parties, c, moment); }
  Decision act(const PublishPolicy& c, TerminalId) { return decide(s.parties, c, moment); }
  Decision act(const PublishTerminalLimits& c, TerminalId) { return decide(s.offline, c, moment); }
  Decision act(const CorrectJourney& c, TerminalId) {
    return decide(s.journeys, gate(), c, moment);
  }
  Decision act(const GrantOverride& c, TerminalId second) {
    return decide(s.enrolments, s.parties, c, second, moment);
  }
  Decision act(const ReleaseOffline& c, TerminalId) {
    return decide(s.offline, offline(), c, moment);
  }
  Decision act(const GiveUpOffline& c, TerminalId) {
    return decide(s.offline, s.parties, c, moment);
  }
};

struct Apply {
  State& s;

  void operator()(const RiderRegistered& e) { apply(s.enrolments, e); }
  void operator()(const CategoryAssigned& e) { apply(s.enrolments, e); }
  void operator()(const GuardianLinked& e) { apply(s.enrolments, e); }
  void operator()(const ConsentGranted& e) { apply(s.enrolments, e); }
  void operator()(const ConsentWithdrawn& e) { apply(s.enrolments, e); }
  void operator()(const FaceEnrolled& e) { apply(s.enrolments, e); }
  void operator()(const FaceSuspended& e) { apply(s.enrolments, e); }
  void operator()(const FaceReinstated& e) { apply(s.enrolments, e); }
  void operator()(const ErasureRequested& e) { apply(s.enrolments, e); }
  void operator()(const ErasureDeferred& e) { apply(s.enrolments, e); }
  void operator()(const FaceErased& e) { apply(s.enrolments, e); }
  void operator()(const ErasureCompleted& e) { apply(s.enrolments, e); }
  void operator()(const PinSet& e) { apply(s.enrolments, e); }
  void operator()(const PinVerified& e) { apply(s.enrolments, e); }
  void operator()(const PinFailed& e) { apply(s.enrolments, e); }
  void operator()(const PinLocked& e) { apply(s.enrolments, e); }
  void operator()(const PinReset& e) { apply(s.enrolments, e); }

  void operator()(const FaceVerified& e) { apply(s.enrolments, e); }
  void operator()(const FaceVerificationFailed& e) { apply(s.enrolments, e); }
  void operator()(const FaceLocked& e) { apply(s.enrolments, e); }
  void operator()(const FaceUnlocked& e) { apply(s.enrolments, e); }
  void operator()(const LookalikeGroupFormed& e) { apply(s.enrolments, e); }
  void operator()(const LookalikeAssigned& e) { apply(s.enrolments, e); }
  void operator()(const LookalikeGroupDissolved& e) { apply(s.enrolments, e); }
  void operator()(const CustodyChosen& e) { apply(s.enrolments, e); }
  void operator()(const DeviceLinked& e) { apply(s.enrolments, e); }
  void operator()(const DeviceReportedLost& e) { apply(s.enrolments, e); }
  void operator()(const ExitTokenIssued& e) { apply(s.enrolments, e); }
  void operator()(const TokenAccepted& e) { apply(s.enrolments, e); }
  void operator()(const CategoryGranted& e) { apply(s.enrolments, e); }
  void operator()(const GuardianshipEndSet& e) { apply(s.enrolments, e); }
  void operator()(const GuardianshipEnded& e) { apply(s.enrolments, e); }
  void operator()(const ManualOverrideGranted& e) { apply(s.enrolments, e); }
  void operator()(const ManualOverrideUsed& e) { apply(s.enrolments, e); }
  void operator()(const DenyListed& e) {
    apply(s.enrolments, e);
    apply(s.cards, e);
  }
  void operator()(const DenyListCleared& e) {
    apply(s.enrolments, e);
    apply(s.cards, e);
  }
  void operator()(const OperatorActionRequested& e) { apply(s.actions, e); }
  void operator()(const OperatorActionApproved& e) { apply(s.actions, e); }
  void operator()(const TerminalLimitsPublished& e) { apply(s.offline, e); }
  void operator()(const OfflineBatchReceived& e) { apply(s.offline, e); }
  void operator()(const OfflineGapReported& e) { apply(s.offline, e); }
  void operator()(const OfflineItemsGivenUp& e) { apply(s.offline, e); }
  void operator()(const OfflineEventAccepted& e) { apply(s.offline, e); }
  void operator()(const OfflineEventRejected& e) { apply(s.offline, e); }
  void operator()(const OfflineEventQuarantined& e) { apply(s.offline, e); }

  void operator()(const Posted& e) {
    apply(s.book, e);
    apply(s.settlement, e);
  }
  void operator()(const WalletOpened& e) { apply(s.wallets, e); }
  void operator()(const FundsReserved& e) { apply(s.holds, e); }
  void operator()(const HoldCaptured& e) { apply(s.holds, e); }
  void operator()(const HoldReleased& e) { apply(s.holds, e); }
  void operator()(const HoldExpired& e) { apply(s.holds, e); }
  void operator()(const PurchaseAuthorised& e) { apply(s.payments, e); }
  void operator()(const PurchaseCaptured& e) { apply(s.payments, e); }
  void operator()(const PurchaseVoided& e) { apply(s.payments, e); }
  void operator()(const PurchaseReversed& e) {
    apply(s.payments, e);
    apply(s.cards, e);
  }
  void operator()(const ReversalRecorded& e) { apply(s.payments, e); }
  void operator()(const RefundIssued& e) { apply(s.payments, e); }
  void operator()(const StepUpRequested& e) { apply(s.payments, e); }
  void operator()(const StepUpSatisfied& e) { apply(s.payments, e); }

  void operator()(const JourneyOpened& e) { apply(s.journeys, e); }
  void operator()(const FareCalculated& e) { apply(s.journeys, e); }
  void operator()(const FareSponsored& e) { apply(s.journeys, e); }
  void operator()(const OutOfStationInterchangeJoined& e) { apply(s.journeys, e); }
  void operator()(const JourneyClosed& e) {
    apply(s.journeys, s.parties, s.fares, e);
    apply(s.cards, e);
  }
  void operator()(const JourneyIncomplete& e) { apply(s.journeys, e); }
  void operator()(const MaximumFareCharged& e) { apply(s.journeys, s.fares, e); }
  void operator()(const JourneyCorrected& e) { apply(s.journeys, s.parties, s.fares, e); }

  void operator()(const PassPurchased& e) { apply(s.passes, s.parties, s.fares, e); }
  void operator()(const PassRevenueRecognised& e) { apply(s.passes, s.parties, s.fares, e); }
  void operator()(const PassRefunded& e) { apply(s.passes, e); }

  void operator()(const OperatorRegistered& e) { apply(s.parties, e); }
  void operator()(const MerchantRegistered& e) { apply(s.parties, e); }
  void operator()(const SponsorRegistered& e) { apply(s.parties, e); }
  void operator()(const TerminalRegistered& e) { apply(s.parties, e); }
  void operator()(const TerminalRevoked& e) { apply(s.parties, e); }
  void operator()(const PolicyPublished& e) { apply(s.parties, e); }
  void operator()(const TariffPublished& e) { apply(s.fares, e); }

  void operator()(const ChargebackLost& e) {
    apply(s.payments, e);
    apply(s.cards, e);
  }
  void operator()(const MisidentificationReversed& e) {
    apply(s.payments, e);
    apply(s.cards, e);
  }
  void operator()(const FundsLoaded& e) { apply(s.cards, e); }
  // Whatever else happens to cards and rails, and in disputes.
  template <class Fact>
    requires requires(Cards& cards, const Fact& e) { apply(cards, e); }
  void operator()(const Fact& e) {
    apply(s.cards, e);
  }

  // Told for readers; no decision depends on them.
  void operator()(const FaceRecognised&) {}
  void operator()(const CaptureRejected&) {}
  void operator()(const PresentationAttackDetected&) {}
  void operator()(const DebtRecovered&) {}
  void operator()(const PurchaseDeclined&) {}
  void operator()(const EntryValidated&) {}
  void operator()(const EntryDenied&) {}
  void operator()(const PassBackDetected&) {}
  void operator()(const ExitValidated&) {}
  void operator()(const ExitDenied&) {}
  void operator()(const FareCharged&) {}
  void operator()(const FareAdjusted&) {}
  void operator()(const FareCapReached&) {}
  void operator()(const PassUsed&) {}

  void operator()(const FactOfSettlement auto& e) { apply(s.settlement, e); }
  void operator()(const FaceAmbiguous&) {}
  void operator()(const DuplicateFaceSuspected&) {}
  void operator()(const AuditAccessed&) {}
  void operator()(const DataExported&) {}
  void operator()(const ClockSkewDetected&) {}
  void operator()(const CardRefundFailed&) {}
  void operator()(const AggregationCharged&) {}
};

}  // namespace

Decision decide(const State& state, const Command& command, const Moment& moment) {
  Decision decision = std::visit(Decide{state, moment}, command);
  if (!decision.events.empty() && expects_follow_up(state.cards)) {
    const HasOpenJourney has_open_journey = [&state](RiderId rider) {
      return is_travelling(state.journeys, rider);
    };
    follow_up(after_sale_view(state, has_open_journey), moment, decision);
  }
  // Of all that is posted, whatever led to it.
  if (!decision.events.empty()) place_items(settlement_of(state), decision.events, moment);
  std::ranges::move(cleared_by(state.enrolments, state.book, state.cards, decision.events),
                    std::back_inserter(decision.events));
  return decision;
}

void apply(State& state, const Event& event) { std::visit(Apply{state}, event); }

void apply(State& state, const Record& record) {
  for (const Event& event : record.events) apply(state, event);
  state.position = record.position;
  state.at = record.recorded_at;
}

std::optional<Due> next_due(const State& state) {
  std::optional<Due> first;
  const auto consider = [&](Instant at, Command command) {
    if (!first || at < first->at) first = Due{at, std::move(command)};
  };
  if (const auto journey = next_due(state.journeys))
    consider(journey->deadline, ExpireJourney{journey->journey});
  if (const auto hold = next_due(state.holds)) consider(hold->at, ExpireHold{hold->hold});
  if (const auto pass = next_due(state.passes)) consider(pass->at, RecognisePass{pass->pass});
  if (auto settling = next_due(state.settlement))
    consider(settling->at, std::move(settling->command));
  if (const auto guardianship = next_due(state.enrolments))
    consider(guardianship->at, ExpireGuardianship{guardianship->rider});
  if (auto card = next_due(state.cards)) consider(card->at, std::move(card->command));
  return first;
}

}  // namespace obverse
