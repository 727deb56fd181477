// Dispatch, and nothing else: which rule decides a command, which rule remembers an event.
#include "ledger/rules/machine.h"

#include <utility>

#include "ledger/rules/money/after_sale.h"
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

struct Decide {
  const State& s;
  const Moment& moment;

  GateView gate() const {
    return {s.parties, s.enrolments, s.fares, s.book, s.holds, s.wallets, s.cards};
  }
  TillView till() const {
    return {s.parties, s.enrolments, s.payments, s.book, s.holds, s.wallets, s.cards};
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
  Decision operator()(const CorrectJourney& c) { return decide(s.journeys, gate(), c, moment); }
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
  Decision operator()(const ReinstateFace& c) { return decide(s.enrolments, c, moment); }
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
  Decision operator()(const PublishTariff& c) { return decide(s.fares, s.parties, c, moment); }
  Decision operator()(const PublishPolicy& c) { return decide(s.parties, c, moment); }

  // Cards, their rails, and disputes.
  template <class Command>
    requires requires(const AfterSale& view, const Command& c, const Moment& at) {
      decide(view, c, at);
    }
  Decision operator()(const Command& c) {
    return after_sale(c);
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

  void operator()(const Posted& e) { apply(s.book, e); }
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
  void operator()(const JourneyClosed& e) {
    apply(s.journeys, e);
    apply(s.cards, e);
  }
  void operator()(const JourneyIncomplete& e) { apply(s.journeys, e); }
  void operator()(const MaximumFareCharged& e) { apply(s.journeys, e); }
  void operator()(const JourneyCorrected& e) { apply(s.journeys, e); }

  void operator()(const OperatorRegistered& e) { apply(s.parties, e); }
  void operator()(const MerchantRegistered& e) { apply(s.parties, e); }
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
  void operator()(const FareCalculated&) {}
  void operator()(const FareCharged&) {}
  void operator()(const FareAdjusted&) {}
  void operator()(const CardRefundFailed&) {}
  void operator()(const AggregationCharged&) {}
};

}  // namespace

Decision decide(const State& state, const Command& command, const Moment& moment) {
  Decision decision = std::visit(Decide{state, moment}, command);
  if (decision.events.empty() || !expects_follow_up(state.cards)) return decision;
  const HasOpenJourney has_open_journey = [&state](RiderId rider) {
    return is_travelling(state.journeys, rider);
  };
  follow_up(after_sale_view(state, has_open_journey), moment, decision);
  return decision;
}

void apply(State& state, const Event& event) { std::visit(Apply{state}, event); }

void apply(State& state, const Record& record) {
  for (const Event& event : record.events) apply(state, event);
  state.position = record.position;
  state.at = record.recorded_at;
}

std::optional<Due> next_due(const State& state) {
  const auto journey = next_due(state.journeys);
  const auto hold = next_due(state.holds);
  std::optional<Due> first;
  if (journey) first = Due{journey->deadline, ExpireJourney{journey->journey}};
  if (hold && (!first || hold->at < first->at)) first = Due{hold->at, ExpireHold{hold->hold}};
  if (auto card = next_due(state.cards); card && (!first || card->at < first->at))
    first = Due{card->at, std::move(card->command)};
  return first;
}

}  // namespace obverse
