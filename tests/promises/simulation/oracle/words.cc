// Records and commands put into words: what a record's events did, and what a command asked for.
#include <charconv>
#include <concepts>
#include <stdexcept>

#include "tests/promises/simulation/oracle/books.h"
#include "tests/promises/simulation/oracle/oracle.h"

namespace obverse::oracle {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

// Which events change something, and what.
struct Teller {
  Books books;  // only its effects

  void did(const std::string& what, std::int64_t much) { books.did(what, much); }
  void operator()(const Posted& e) {
    for (const Entry& entry : e.entries)
      did(text(entry.account), entry.side == Side::debit ? entry.minor : -entry.minor);
  }
  void operator()(const FundsReserved& e) { did("hold " + number(e.hold.value), e.amount.minor); }
  void operator()(const HoldCaptured& e) { did("hold " + number(e.hold.value), -e.amount.minor); }
  void operator()(const HoldReleased& e) { did("hold " + number(e.hold.value), -e.amount.minor); }
  void operator()(const HoldExpired& e) { did("hold " + number(e.hold.value), -e.amount.minor); }
  void operator()(const JourneyOpened& e) { did("journey " + number(e.journey.value), 1); }
  void operator()(const JourneyClosed& e) { did("journey " + number(e.journey.value), -1); }
  void operator()(const JourneyIncomplete& e) { did("journey " + number(e.journey.value), -1); }
  void operator()(const JourneyCorrected& e) {
    did("journey " + number(e.journey.value) + " corrected", 1 + e.fare.minor);
  }
  void operator()(const FaceEnrolled& e) {
    did("face of " + number(e.rider.value) + " enrolled", e.face.value);
  }
  void operator()(const FaceSuspended& e) {
    did("face of " + number(e.rider.value) + " suspended", 1);
  }
  void operator()(const FaceReinstated& e) {
    did("face of " + number(e.rider.value) + " reinstated", 1);
  }
  void operator()(const FaceErased& e) { did("face of " + number(e.rider.value) + " erased", 1); }
  void operator()(const ErasureDeferred& e) {
    did("erasure of " + number(e.rider.value) + " waits", 1);
  }
  void operator()(const ErasureCompleted& e) {
    did("erasure of " + number(e.rider.value) + " completed", 1);
  }
  void operator()(const PinSet& e) { did("PIN of " + number(e.rider.value) + " set", 1); }
  void operator()(const FaceVerified& e) { did("face of " + number(e.rider.value) + " alike", 1); }
  void operator()(const FaceVerificationFailed& e) {
    did("face of " + number(e.rider.value) + " unlike", e.failures);
  }
  void operator()(const FaceLocked& e) { did("face of " + number(e.rider.value) + " locked", 1); }
  void operator()(const PinFailed& e) {
    did("PIN of " + number(e.rider.value) + " wrong", e.failures);
  }
  void operator()(const PinVerified& e) { did("PIN of " + number(e.rider.value) + " right", 1); }
  void operator()(const PinLocked& e) { did("PIN of " + number(e.rider.value) + " locked", 1); }
  void operator()(const PinReset& e) { did("PIN of " + number(e.rider.value) + " reset", 1); }
  void operator()(const PurchaseAuthorised& e) {
    did("sale " + number(e.purchase.value), e.amount.minor);
    if (e.face_only) did("sale " + number(e.purchase.value) + " by face alone", 1);
  }
  void operator()(const PurchaseCaptured& e) {
    did("sale " + number(e.purchase.value) + " captured", e.amount.minor);
  }
  void operator()(const PurchaseVoided& e) {
    did("sale " + number(e.purchase.value) + " voided", 1);
  }
  void operator()(const PurchaseReversed& e) {
    did("sale " + number(e.purchase.value) + " reversed", 1 + e.amount.minor);
  }
  void operator()(const RefundIssued& e) {
    did("sale " + number(e.purchase.value) + " refunded", e.amount.minor);
  }
  void operator()(const ReversalRecorded&) { did("reversal recorded", 1); }
  void operator()(const StepUpRequested& e) {
    did("step-up " + number(e.step_up.value), e.amount.minor);
  }
  void operator()(const StepUpSatisfied& e) {
    did("step-up " + number(e.step_up.value) + " satisfied", 1);
  }
  void operator()(const RiderRegistered& e) {
    did("registered rider " + number(e.rider.value), static_cast<int>(e.category));
  }
  void operator()(const GuardianLinked& e) {
    did("guardian of " + number(e.rider.value), static_cast<std::int64_t>(e.guardian.value));
  }
  void operator()(const CategoryAssigned& e) {
    did("category of " + number(e.rider.value), static_cast<int>(e.category));
  }
  void operator()(const ConsentGranted& e) {
    did("consent of " + number(e.rider.value), static_cast<int>(e.purpose));
  }
  void operator()(const ConsentWithdrawn& e) {
    did("consent of " + number(e.rider.value), -static_cast<int>(e.purpose));
  }
  void operator()(const WalletOpened& e) {
    did("wallet of " + number(e.rider.value), static_cast<int>(e.currency));
  }
  void operator()(const FundsLoaded& e) {
    did("loaded by " + number(e.rider.value), e.amount.minor);
  }
  void operator()(const DebtRecovered& e) {
    did("debt recovered from " + number(e.rider.value), e.amount.minor);
  }
  void operator()(const OperatorRegistered& e) { did("registered operator", e.transit.value); }
  void operator()(const MerchantRegistered& e) { did("registered merchant", e.merchant.value); }
  void operator()(const TerminalRegistered& e) { did("registered terminal", e.terminal.value); }
  void operator()(const TerminalRevoked& e) { did("revoked terminal", e.terminal.value); }
  void operator()(const TariffPublished& e) { did("published tariff", e.version.value); }
  void operator()(const PolicyPublished& e) { did("published policy", e.version.value); }
  void operator()(const auto&) {}
};

// As a stream of the standard library, at a tenth of its price: a wish is told for every decision.
struct Line {
  std::string text;

  Line& operator<<(char letter) {
    text.push_back(letter);
    return *this;
  }
  Line& operator<<(std::string_view words) {
    text.append(words);
    return *this;
  }
  template <std::integral Number>
  Line& operator<<(Number value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
    return *this;
  }
};

struct Wish {
  Line out;

  void say(std::int64_t value) { out << ' ' << value; }
  void say(std::uint64_t value) { out << ' ' << value; }
  void say(std::uint32_t value) { out << ' ' << value; }
  void say(const std::string& value) { out << " '" << value << '\''; }
  void say(Money value) { out << ' ' << value.minor << static_cast<int>(value.currency); }
  template <class Tag, class Number>
  void say(Id<Tag, Number> id) {
    out << " #" << id.value;
  }
  void say(Party party) { out << " party " << static_cast<int>(party.kind) << ' ' << party.id; }
  template <class Value>
  void say(const std::optional<Value>& value) {
    if (value) return say(*value);
    out << " none";
  }
  void say(const Presence& presence) {
    if (presence.pin) say(presence.pin->rider);
    if (!presence.pin) out << " no pin";
  }
  template <std::size_t size>
  void say(const std::array<std::uint8_t, size>& bytes) {
    for (const std::uint8_t byte : bytes) out << ' ' << static_cast<int>(byte);
  }
  template <class Enumeration>
    requires std::is_enum_v<Enumeration>
  void say(Enumeration value) {
    out << " =" << static_cast<int>(value);
  }
  void all(const auto&... parts) { (say(parts), ...); }

  void operator()(const EnterGate& c) { all(c.terminal, c.presence); }
  void operator()(const LeaveGate& c) { all(c.terminal, c.presence); }
  void operator()(const Pay& c) { all(c.terminal, c.presence, c.amount, c.step_up); }
  void operator()(const AuthorisePurchase& c) { all(c.terminal, c.presence, c.amount, c.step_up); }
  void operator()(const CapturePurchase& c) { all(c.terminal, c.purchase, c.amount); }
  void operator()(const VoidPurchase& c) { all(c.terminal, c.purchase); }
  void operator()(const ReversePurchase& c) { all(c.terminal, c.original.bytes); }
  void operator()(const RefundPurchase& c) { all(c.terminal, c.purchase, c.amount); }
  void operator()(const RegisterRider& c) { all(c.category, c.guardian); }
  void operator()(const AssignCategory& c) { all(c.rider, c.category); }
  void operator()(const GrantConsent& c) {
    all(c.rider, c.purpose, c.party, c.text_version, c.guardian);
  }
  void operator()(const WithdrawConsent& c) { all(c.rider, c.purpose, c.party); }
  void operator()(const EnrolFace& c) { all(c.rider, c.model); }
  void operator()(const SuspendFace& c) { all(c.rider); }
  void operator()(const ReinstateFace& c) { all(c.rider); }
  void operator()(const EraseRider& c) { all(c.rider); }
  void operator()(const SetPin& c) { all(c.rider); }
  void operator()(const ResetPin& c) { all(c.rider, c.desk); }
  void operator()(const OpenWallet& c) { all(c.rider, c.currency); }
  void operator()(const LoadFunds& c) { all(c.rider, c.amount, c.bank); }
  void operator()(const RegisterOperator& c) { all(c.code); }
  void operator()(const RegisterMerchant& c) { all(c.code, c.currency); }
  void operator()(const RegisterTerminal& c) {
    all(c.code, c.role, c.transit, c.station, c.merchant, c.certificate.bytes);
  }
  void operator()(const RevokeTerminal& c) { all(c.terminal); }
  void operator()(const PublishTariff& c) {
    const Tariff& t = c.tariff;
    all(t.code, t.transit, t.effective_from.ms, t.currency, t.child_rounding_minor,
        t.maximum_adult_minor, t.maximum_child_minor, t.entry_minimum_adult_minor,
        t.entry_minimum_child_minor, t.journey_window.ms, t.same_station_free.ms,
        t.travel_time_min.ms);
    for (const Code& station : t.stations) say(station);
    for (const Track& track : t.tracks) all(track.a, track.b, track.metres, track.surcharge_minor);
    for (const Section& section : t.sections)
      all(section.metres_max, section.adult_minor, section.child_minor);
  }
  void operator()(const PublishPolicy& c) {
    const Policy& p = c.policy;
    all(p.currency, p.authorisation_life.ms, p.step_up_life.ms, p.hold_life.ms,
        p.face_only_purchase_max, p.face_only_day_max, std::uint32_t{p.pin_failures_max},
        std::uint32_t{p.photos_min}, p.day_offset.ms, p.correction_window.ms,
        std::int64_t{p.margin});
    for (const ThresholdRow& row : p.thresholds)
      all(row.model, row.search, row.scope_max, std::int64_t{row.threshold});
  }
  void operator()(const CorrectJourney& c) { all(c.journey, c.exit, c.desk); }
  void operator()(const ExpireJourney& c) { all(c.journey); }
  void operator()(const ExpireHold& c) { all(c.hold); }
};

}  // namespace

std::optional<Command> timer_of(const Record& record) {
  if (record.attempt || record.actor.kind != Actor::Kind::system) return std::nullopt;
  std::optional<Command> timer;
  for (const Event& event : record.events) {
    if (std::holds_alternative<JourneyOpened>(event)) return std::nullopt;
    if (const auto* journey = std::get_if<JourneyIncomplete>(&event))
      timer = ExpireJourney{journey->journey};
    if (const auto* hold = std::get_if<HoldExpired>(&event)) timer = ExpireHold{hold->hold};
  }
  return timer;
}

Effects effects_of(const Events& events) {
  Teller teller;
  for (const Event& event : events) std::visit(teller, event);
  return teller.books.effects;
}

std::string kind_of(const Command& command) {
  static constexpr const char* kinds[] = {
      "EnterGate",         "LeaveGate",        "Pay",
      "AuthorisePurchase", "CapturePurchase",  "VoidPurchase",
      "ReversePurchase",   "RefundPurchase",   "RegisterRider",
      "AssignCategory",    "GrantConsent",     "WithdrawConsent",
      "EnrolFace",         "SuspendFace",      "ReinstateFace",
      "EraseRider",        "SetPin",           "ResetPin",
      "OpenWallet",        "LoadFunds",        "RegisterOperator",
      "RegisterMerchant",  "RegisterTerminal", "RevokeTerminal",
      "PublishTariff",     "PublishPolicy",    "CorrectJourney",
      "ExpireJourney",     "ExpireHold"};
  // From RegisterSponsor on the oracle has no opinion yet, and no life holds one: sponsors and
  // passes, settlement, custody and locks, two persons, terminals without network, cards.
  constexpr std::size_t without_opinion = 66;
  static_assert(std::size(kinds) + without_opinion == std::variant_size_v<CommandKinds>);
  return command.index() < std::size(kinds) ? kinds[command.index()]
                                            : "command " + std::to_string(command.index());
}

std::string wish_of(const Command& command) {
  Wish wish;
  std::visit(
      [&](const auto& each) {
        if constexpr (requires { wish(each); })
          wish(each);
        else
          throw std::logic_error("the oracle has no words for " + kind_of(command));
      },
      command);
  return kind_of(command) + wish.out.text;
}

}  // namespace obverse::oracle
