#include "replay/words.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "replay/words_cards.h"
#include "replay/words_credentials.h"
#include "replay/words_settlement.h"

namespace obverse {
namespace {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

std::string terminal(TerminalId id, const State& state) {
  const Terminal* found = find(state.parties, id);
  return found != nullptr ? found->code : fmt::format("terminal {}", id.value);
}

std::string merchant(MerchantId id, const State& state) {
  const Merchant* found = find(state.parties, id);
  return found != nullptr ? found->code : fmt::format("merchant {}", id.value);
}

std::string tariff(TariffVersion version, const State& state) {
  const auto found = state.fares.versions.find(version);
  return found != state.fares.versions.end() ? found->second.tariff.code
                                             : fmt::format("tariff {}", version.value);
}

std::string party(const Party& who, const State& state) {
  if (who.kind == Party::Kind::merchant) return "merchant " + merchant(MerchantId{who.id}, state);
  if (who.kind == Party::Kind::everyone) return "every party";
  const auto* found = find(state.parties, OperatorId{who.id});
  return "operator " + (found != nullptr ? found->code : std::to_string(who.id));
}

std::string_view purpose(Purpose why) { return why == Purpose::transit ? "riding" : "paying"; }
template <std::size_t size, class Enum>
std::string_view named(const std::array<std::string_view, size>& names, Enum which) {
  const auto number = static_cast<std::size_t>(which);
  return number >= 1 && number <= size ? names[number - 1] : "of a kind unknown here";
}
std::string_view category(Category which) { return in_words(which); }
std::string_view period(CapPeriod which) {
  return named(std::array<std::string_view, 3>{"day", "week", "month"}, which);
}
std::string day(std::int64_t number) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{number}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}
std::string_view why(Refusal refusal) { return text(reason_of(refusal)); }

std::string entries(const Posted& posted) {
  std::string out = fmt::format("posted {}:", name(posted.reason));
  for (const Entry& entry : posted.entries)
    out += fmt::format(" {} {} {};", text(entry.account), entry.side == Side::debit ? "DR" : "CR",
                       entry.minor);
  return out;
}

std::string score(Score value) {
  return fmt::format("{}.{:04}", value / score_one, value % score_one * 10'000LL / score_one);
}

std::string recognised(const Recognition& evidence, const State& state) {
  return fmt::format(
      "face recognised at {}: score {} over threshold {}, runner-up {}, among {} people, model {}, "
      "template version {}",
      terminal(evidence.terminal, state), score(evidence.score), score(evidence.threshold),
      evidence.runner_up ? score(*evidence.runner_up) : "none", evidence.scope, evidence.model,
      evidence.face.value);
}

// One overload set a group of events, so that each fits a screen.
struct People {
  const State& state;
  std::string operator()(const RiderRegistered& e) const {
    return fmt::format("person {} registered, {}", e.rider.value, category(e.category));
  }
  std::string operator()(const CategoryAssigned& e) const {
    return fmt::format("now travels as {}", category(e.category));
  }
  std::string operator()(const GuardianLinked& e) const {
    return fmt::format("guardian is person {}", e.guardian.value);
  }
  std::string operator()(const ConsentGranted& e) const {
    return fmt::format("consent to {} by face given to {}, text version {}", purpose(e.purpose),
                       party(e.party, state), e.text_version);
  }
  std::string operator()(const ConsentWithdrawn& e) const {
    return fmt::format("consent to {} by face withdrawn from {}", purpose(e.purpose),
                       party(e.party, state));
  }
  std::string operator()(const FaceEnrolled& e) const {
    return fmt::format("face enrolled from {} photographs, version {}, model {}", e.photos,
                       e.face.value, e.model);
  }
  std::string operator()(const FaceSuspended&) const {
    return "face suspended: it matches nothing";
  }
  std::string operator()(const FaceReinstated&) const { return "face reinstated"; }
  std::string operator()(const ErasureRequested&) const { return "erasure asked for"; }
  std::string operator()(const ErasureDeferred&) const {
    return "erasure waits for an open journey or hold to end";
  }
  std::string operator()(const FaceErased&) const { return "face erased: its key is destroyed"; }
  std::string operator()(const ErasureCompleted&) const { return "erasure completed"; }
  std::string operator()(const PinSet& e) const {
    return fmt::format("PIN set, version {}", e.version.value);
  }
  std::string operator()(const PinVerified& e) const {
    return "PIN right at " + terminal(e.terminal, state);
  }
  std::string operator()(const PinFailed& e) const {
    return fmt::format("PIN wrong at {}, {} in a row", terminal(e.terminal, state), e.failures);
  }
  std::string operator()(const PinLocked&) const { return "PIN locked"; }
  std::string operator()(const PinReset&) const { return "PIN unlocked by staff"; }
  std::string operator()(const FaceRecognised& e) const { return recognised(e.evidence, state); }
  std::string operator()(const CaptureRejected& e) const {
    return "picture rejected at " + terminal(e.terminal, state);
  }
  std::string operator()(const PresentationAttackDetected& e) const {
    return "no living face at " + terminal(e.terminal, state);
  }
};

struct MoneyMoves {
  const State& state;
  std::string operator()(const Posted& e) const { return entries(e); }
  std::string operator()(const WalletOpened& e) const {
    return fmt::format("wallet opened in {}", alphabetic(e.currency));
  }
  std::string operator()(const FundsLoaded& e) const {
    return fmt::format("{} loaded", text(e.amount));
  }
  std::string operator()(const DebtRecovered& e) const {
    return fmt::format("{} of debt recovered", text(e.amount));
  }
  std::string operator()(const FundsReserved& e) const {
    return fmt::format("{} held", text(e.amount));
  }
  std::string operator()(const HoldCaptured& e) const {
    return fmt::format("{} of the hold taken", text(e.amount));
  }
  std::string operator()(const HoldReleased& e) const {
    return fmt::format("{} of the hold released", text(e.amount));
  }
  std::string operator()(const HoldExpired& e) const {
    return fmt::format("hold of {} expired", text(e.amount));
  }
  std::string operator()(const PurchaseAuthorised& e) const {
    return fmt::format("purchase {} of {} authorised for {} at {}{}", e.purchase.value,
                       text(e.amount), merchant(e.merchant, state),
                       terminal(e.attempt.terminal, state), e.face_only ? ", by face alone" : "");
  }
  std::string operator()(const PurchaseCaptured& e) const {
    return fmt::format("purchase {}: {} charged", e.purchase.value, text(e.amount));
  }
  std::string operator()(const PurchaseVoided& e) const {
    return fmt::format("purchase {} voided", e.purchase.value);
  }
  std::string operator()(const PurchaseDeclined& e) const {
    return fmt::format("purchase declined at {}: {} ({})", terminal(e.terminal, state),
                       why(e.refusal), explain(e.refusal).cause);
  }
  std::string operator()(const PurchaseReversed& e) const {
    return fmt::format("purchase {} reversed, {} given back", e.purchase.value, text(e.amount));
  }
  std::string operator()(const ReversalRecorded& e) const {
    return "a reversal came before its sale, at " + terminal(e.attempt.terminal, state);
  }
  std::string operator()(const RefundIssued& e) const {
    return fmt::format("{} of purchase {} refunded", text(e.amount), e.purchase.value);
  }
  std::string operator()(const StepUpRequested& e) const {
    return fmt::format("PIN asked for {} at {}", text(e.amount), terminal(e.terminal, state));
  }
  std::string operator()(const StepUpSatisfied&) const {
    return "PIN given for that amount and payee";
  }
};

struct Places {
  const State& state;
  std::string operator()(const EntryValidated& e) const {
    return "let in at gate " + terminal(e.gate, state);
  }
  std::string operator()(const EntryDenied& e) const {
    return fmt::format("not let in at {}: {} ({})", terminal(e.gate, state), why(e.refusal),
                       explain(e.refusal).cause);
  }
  std::string operator()(const PassBackDetected& e) const {
    return fmt::format("already inside on journey {}", e.journey.value);
  }
  std::string operator()(const JourneyOpened& e) const {
    return fmt::format("journey {} opened under tariff {}, as {}", e.journey.value,
                       tariff(e.tariff, state), category(e.category));
  }
  std::string operator()(const ExitValidated& e) const {
    return "let out at gate " + terminal(e.gate, state);
  }
  std::string operator()(const ExitDenied& e) const {
    return fmt::format("not let out at {}: {} ({})", terminal(e.gate, state), why(e.refusal),
                       explain(e.refusal).cause);
  }
  std::string operator()(const FareCalculated& e) const {
    return fmt::format("fare {}: {} m, section {}, of it surcharge {}, tariff {}", text(e.fare),
                       e.metres, e.section, e.surcharge_minor, tariff(e.tariff, state));
  }
  std::string operator()(const FareCharged& e) const {
    return fmt::format("fare of {} charged for journey {}", text(e.amount), e.journey.value);
  }
  std::string operator()(const JourneyClosed& e) const {
    return fmt::format("journey {} closed", e.journey.value);
  }
  std::string operator()(const JourneyIncomplete& e) const {
    return fmt::format("journey {} has no exit", e.journey.value);
  }
  std::string operator()(const MaximumFareCharged& e) const {
    return fmt::format("maximum fare of {} charged for journey {}", text(e.amount),
                       e.journey.value);
  }
  std::string operator()(const JourneyCorrected& e) const {
    return fmt::format("journey {} corrected by {}: fare {}", e.journey.value,
                       terminal(e.desk, state), text(e.fare));
  }
  std::string operator()(const FareAdjusted& e) const {
    return fmt::format("journey {} adjusted from {} to {}", e.journey.value, text(e.from),
                       text(e.to));
  }
};

struct Reductions {
  const State& state;
  std::string operator()(const SponsorRegistered& e) const {
    return "sponsor " + e.code + " registered";
  }
  std::string operator()(const OutOfStationInterchangeJoined& e) const {
    return fmt::format("journey {} goes on with journey {}: one way", e.journey.value,
                       e.joined.value);
  }
  std::string operator()(const FareCapReached& e) const {
    return fmt::format("the {}'s cap takes {} off", period(e.period), text(e.discount));
  }
  std::string operator()(const PassPurchased& e) const {
    return fmt::format("pass {} bought for {}, from {} to {}, tariff {}", e.pass.value,
                       text(e.price), day(e.first_day), day(e.last_day), tariff(e.tariff, state));
  }
  std::string operator()(const PassRevenueRecognised& e) const {
    return fmt::format("{} of pass {} earned for {}", text(e.amount), e.pass.value, day(e.day));
  }
  std::string operator()(const PassRefunded& e) const {
    return fmt::format("pass {} given back: {} returned, fee {}", e.pass.value, text(e.amount),
                       text(e.fee));
  }
  std::string operator()(const PassUsed& e) const {
    return fmt::format("with pass {}; without it {}", e.pass.value, text(e.direct));
  }
  std::string operator()(const FareSponsored& e) const {
    const Sponsor* sponsor = find(state.parties, e.sponsor);
    return fmt::format("{} pays {} of it", sponsor == nullptr ? "a sponsor" : sponsor->code,
                       text(e.to));
  }
};

struct Operations {
  std::string operator()(const OperatorRegistered& e) const {
    return "operator " + e.code + " registered";
  }
  std::string operator()(const MerchantRegistered& e) const {
    return "merchant " + e.code + " registered";
  }
  std::string operator()(const TerminalRegistered& e) const {
    return "terminal " + e.code + " registered";
  }
  std::string operator()(const TerminalRevoked& e) const {
    return fmt::format("terminal {} revoked", e.terminal.value);
  }
  std::string operator()(const TariffPublished& e) const {
    return fmt::format("tariff {} published, version {}", e.tariff.code, e.version.value);
  }
  std::string operator()(const PolicyPublished& e) const {
    return fmt::format("policy published, version {}", e.version.value);
  }
};

}  // namespace

std::string in_words(const Event& event, const State& state) {
  return std::visit(Match{People{state}, MoneyMoves{state}, Places{state}, Operations{},
                          Reductions{state}, SettlementWords{state}, CredentialWords{state},
                          StaffWords{state}, OfflineWords{state}, CardWords{}},
                    event);
}

std::string in_words(const Reply& reply) {
  return std::visit(
      Match{
          [](const Refused& r) {
            return fmt::format("refused: {} ({})", why(r.refusal), explain(r.refusal).cause);
          },
          [](const Done&) { return std::string("done"); },
          [](const Registered& r) { return fmt::format("registered as {}", r.id); },
          [](const Enrolled& r) { return fmt::format("face version {} enrolled", r.face.value); },
          [](const Erased& r) {
            return std::string(r.deferred ? "erased as soon as what is open ends" : "erased");
          },
          [](const Loaded& r) { return fmt::format("loaded, balance {}", text(r.balance)); },
          [](const Entered& r) { return fmt::format("entered, {} available", text(r.available)); },
          [](const Left& r) {
            return fmt::format("left, fare {}, balance {}", text(r.fare), text(r.balance));
          },
          [](const Corrected& r) {
            return fmt::format("corrected from {} to {}", text(r.from), text(r.to));
          },
          [](const Paid& r) {
            return fmt::format("paid {}, balance {}", text(r.amount), text(r.balance));
          },
          [](const Authorised& r) { return fmt::format("{} authorised", text(r.amount)); },
          [](const Voided&) { return std::string("voided"); },
          [](const Reversed& r) { return fmt::format("reversed, {} given back", text(r.amount)); },
          [](const Refunded& r) { return fmt::format("refunded {}", text(r.amount)); },
          [](const PassSold& r) {
            return fmt::format("pass sold for {}, balance {}", text(r.price), text(r.balance));
          },
          [](const PassReturned& r) {
            return fmt::format("pass given back, {} returned", text(r.amount));
          },
          [](const Uploaded& r) {
            return fmt::format("sale {} taken, {} paid for it", r.sequence, text(r.paid));
          },
          [](const ExitToken& r) { return fmt::format("code {} may be signed", r.serial); },
          [](const Pending& r) { return fmt::format("{} waits for the card", text(r.amount)); },
      },
      reply);
}

std::string in_words(Instant at, const State& state) {
  const auto policy = policy_in_force(state.parties);
  const std::int64_t local = at.ms + (policy ? (*policy)->day_offset.ms : 0);
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(local)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const auto since = (moment - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     since / 3'600'000, since / 60'000 % 60, since / 1000 % 60, since % 1000);
}

std::string in_words(const Actor& actor, const State& state) {
  if (actor.kind == Actor::Kind::system) return "the ledger itself";
  return terminal(actor.terminal, state);
}

}  // namespace obverse
