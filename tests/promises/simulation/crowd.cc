// Mostly sensible wishes, some that are not, in the proportions of the swarm.
#include "tests/promises/simulation/crowd.h"

#include <array>
#include <limits>

#include "ledger/model/limits.h"

namespace obverse::simulation {
namespace {

constexpr Money yen(std::int64_t minor) { return {minor, Currency::jpy}; }

enum Wish : std::uint8_t {
  ride,
  stray_tap,
  pay,
  authorise,
  capture,
  void_sale,
  refund,
  reverse,
  load,
  withdraw,
  erase,
  visit_desk,
  suspend,
  set_pin,
  reset_pin,
  register_rider,
  categorise,
  correct,
  publish,
  revoke,
  limits,
};
constexpr std::array<std::uint64_t, 21> usual{60, 12, 30, 12, 8, 3, 4, 6, 24, 1, 1,
                                              10, 1,  2,  2,  1, 1, 3, 1, 1,  1};

Tariff tariff_of(std::uint32_t transit, std::int64_t extra, Instant from) {
  Tariff tariff;
  tariff.code = "T" + std::to_string(transit) + "-" + std::to_string(from.ms / 60'000);
  tariff.transit = {transit};
  tariff.effective_from = from;
  tariff.stations = {"North", "Middle", "South"};
  tariff.tracks = {{{0}, {1}, 2'000, 0}, {{1}, {2}, 3'000, 40}};
  tariff.sections = {{3'000, 190 + extra, 100},
                     {std::numeric_limits<std::int64_t>::max(), 240, 120}};
  tariff.maximum_adult_minor = 320;
  tariff.maximum_child_minor = 170;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  return tariff;
}

Policy policy_of(std::int64_t extra) {
  Policy policy;
  policy.face_only_purchase_max = 1'500 + extra;
  policy.face_only_day_max = 4'000;
  policy.thresholds = {{"sim-64", Search::one_to_many, 100'000, score_one / 2},
                       {"sim-64", Search::one_to_one, 1, score_one / 2}};
  policy.margin = score_one / 20;
  return policy;
}

Digest certificate(std::uint64_t number) {
  Digest digest;
  digest.bytes[0] = 0xce;
  for (std::size_t i = 0; i < 8; ++i)
    digest.bytes[31 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return digest;
}

}  // namespace

std::vector<Command> founding(std::uint64_t riders) {
  std::vector<Command> out{RegisterOperator{"metro"}, RegisterOperator{"tram"},
                           RegisterMerchant{"bakery", Currency::jpy},
                           RegisterMerchant{"books", Currency::jpy}, PublishPolicy{policy_of(0)}};
  const std::array<std::pair<std::uint32_t, Code>, 5> gates{
      {{1, "North"}, {1, "Middle"}, {1, "South"}, {2, "North"}, {2, "South"}}};
  std::uint64_t number = 0;
  for (const auto& [transit, station] : gates)
    out.push_back(RegisterTerminal{"gate-" + std::to_string(++number),
                                   Role::gate,
                                   {transit},
                                   station,
                                   {},
                                   certificate(number)});
  for (const std::uint32_t merchant : {1U, 1U, 2U})
    out.push_back(RegisterTerminal{
        "till-" + std::to_string(++number), Role::till, {}, {}, {merchant}, certificate(number)});
  out.push_back(
      RegisterTerminal{"desk-9", Role::enrolment_desk, {}, {}, {}, certificate(++number)});
  out.push_back(
      RegisterTerminal{"desk-10", Role::operator_desk, {}, {}, {}, certificate(++number)});
  out.push_back(PublishTariff{tariff_of(1, 0, {0})});
  out.push_back(PublishTariff{tariff_of(2, 10, {0})});
  for (std::uint64_t rider = 1; rider <= riders; ++rider) {
    out.push_back(RegisterRider{Category::adult, std::nullopt});
    for (const Purpose purpose : {Purpose::transit, Purpose::payment})
      out.push_back(GrantConsent{{rider}, purpose, {}, 1, std::nullopt});
    out.push_back(EnrolFace{{rider}, {1}, "sim-64", 2, certificate(1'000'000 + rider)});
    out.push_back(SetPin{{rider}, {1}});
    out.push_back(OpenWallet{{rider}, Currency::jpy});
    out.push_back(LoadFunds{{rider}, yen(3'000), {}});
  }
  return out;
}

Crowd::Crowd(const Plan& plan, const Swarm& swarm, Dice& dice)
    : plan_(plan), swarm_(swarm), dice_(dice), people_(swarm.riders) {
  for (std::uint32_t i = 1; i <= 5; ++i) gates_.push_back({i});
  for (std::uint32_t i = 6; i <= 8; ++i) tills_.push_back({i});
  for (std::size_t i = 0; i < usual.size(); ++i) total_weight_ += usual.at(i) * swarm.weights.at(i);
}

RiderId Crowd::anybody() {
  const bool nobody = dice_.chance(1, 64);
  return {nobody ? people_ + 7 : 1 + dice_.roll(people_)};
}

TerminalId Crowd::some(const std::vector<TerminalId>& terminals) {
  const bool old = dice_.chance(1, 16);
  return old && !revoked_.empty() ? dice_.one_of(revoked_) : dice_.one_of(terminals);
}

Money Crowd::amount(std::int64_t most) { return yen(dice_.between(0, most)); }

Errand Crowd::at(TerminalId terminal, Command wish) {
  Errand errand;
  errand.attempt.terminal = terminal;
  errand.wish = std::move(wish);
  return errand;
}

Showing Crowd::showing(std::uint64_t person) {
  Showing out;
  const std::uint64_t luck = dice_.roll(48);
  const std::uint64_t photo = dice_.roll(3);
  const bool known = person <= swarm_.riders;
  out.probe = Probe{Probe::Kind::person, known ? person : 1, photo};
  if (luck == 0) out.capture = Capture::occluded;
  if (luck == 1) out.capture = Capture::attack_suspected;
  if (luck == 2) out.probe = Probe{Probe::Kind::stranger, 1 + photo % 2, photo};
  if (luck == 3 && person < swarm_.riders) out.probe = Probe{Probe::Kind::two_at_once, person, 0};
  if (luck == 4) out.probe.reset();
  if (luck >= 5 && luck < 9) out.pin = TypedPin{{person}, photo != 0};
  if (luck == 9 || luck == 10) out = {Capture::good, {}, TypedPin{{person}, photo != 0}};
  if (luck == 11) out.pin = TypedPin{{1 + photo}, true};
  return out;
}

Errand Crowd::shown(TerminalId terminal, Command wish, std::uint64_t person) {
  Errand errand = at(terminal, std::move(wish));
  errand.showing = showing(person);
  return errand;
}

Errand Crowd::gate(bool sensible) {
  const std::uint64_t person = anybody().value;
  const TerminalId gate = some(gates_);
  const bool coin = dice_.chance(1, 2);
  const bool leaves = sensible ? inside_.contains(person) : coin;
  if (leaves) return shown(gate, LeaveGate{gate, {}}, person);
  return shown(gate, EnterGate{gate, {}}, person);
}

Errand Crowd::till(bool holds) {
  const std::uint64_t person = anybody().value;
  const TerminalId till = some(tills_);
  const Money price = amount(dice_.chance(1, 8) ? 2'500 : 900);
  Errand errand = holds ? shown(till, AuthorisePurchase{till, {}, price, {}}, person)
                        : shown(till, Pay{till, {}, price, {}}, person);
  return errand;
}

Errand Crowd::after_sale(std::uint64_t what) {
  const TerminalId till = some(tills_);
  const auto sale_of = [&](const std::vector<Sale>& sales) {
    const std::uint64_t back = dice_.roll(6);
    Sale sale{till, {1 + dice_.roll(500)}, yen(100)};
    if (!sales.empty())
      sale = sales[sales.size() - 1 - std::min<std::size_t>(back, sales.size() - 1)];
    if (dice_.chance(1, 12)) sale.till = till;
    return sale;
  };
  if (what == reverse) {
    Attempt original{till, {}};
    original.key.bytes[0] = static_cast<std::uint8_t>(dice_.roll(256));
    const std::uint64_t back = dice_.roll(4);
    if (!tried_.empty()) original = tried_[tried_.size() - 1 - std::min(back, tried_.size() - 1)];
    return at(original.terminal, ReversePurchase{original.terminal, original.key});
  }
  const Sale sale = sale_of(what == refund ? sold_ : held_);
  const std::int64_t most = std::max<std::int64_t>(sale.amount.minor, 1);
  const std::int64_t part = dice_.chance(1, 2) ? most : dice_.between(0, most + most / 4);
  if (what == capture) return at(sale.till, CapturePurchase{sale.till, sale.purchase, yen(part)});
  if (what == void_sale) return at(sale.till, VoidPurchase{sale.till, sale.purchase});
  return at(sale.till, RefundPurchase{sale.till, sale.purchase, yen(part)});
}

// Whatever it takes to be a rider again, a bit at a time.
Errand Crowd::visit(const Directory& directory, RiderId rider) {
  const Purpose purpose = dice_.chance(1, 2) ? Purpose::transit : Purpose::payment;
  const std::uint64_t what = dice_.roll(6);
  const std::uint64_t who = dice_.roll(3);
  Party party;
  if (who == 0) party = {Party::Kind::merchant, static_cast<std::uint32_t>(1 + dice_.roll(3))};
  if (what < 2) return at(enrolment_desk, GrantConsent{rider, purpose, party, 1, std::nullopt});
  if (what == 2) return at(enrolment_desk, ReinstateFace{rider});
  if (what == 3) return at(enrolment_desk, OpenWallet{rider, Currency::jpy});
  const Digest sealed = certificate(2'000'000 + ++secrets_ * 1'024 + rider.value);
  const auto photos = static_cast<std::uint8_t>(dice_.roll(4));
  return at(enrolment_desk, EnrolFace{rider, directory.next_face(rider), "sim-64", photos, sealed});
}

Errand Crowd::desk(std::uint64_t what, const Directory& directory) {
  const RiderId rider = anybody();
  const Purpose purpose = dice_.chance(1, 2) ? Purpose::transit : Purpose::payment;
  const bool coin = dice_.chance(1, 2);
  switch (what) {
    case withdraw:
      return at(enrolment_desk, WithdrawConsent{rider, purpose, {}});
    case erase:
      if (plan_.may(Hazard::erasures)) return at(enrolment_desk, EraseRider{rider});
      return visit(directory, rider);
    case suspend:
      return at(enrolment_desk, SuspendFace{rider});
    case set_pin:
      return at(enrolment_desk, SetPin{rider, {directory.pin(rider).value + 1}});
    case reset_pin:
      return at(enrolment_desk, ResetPin{rider, coin ? enrolment_desk : operator_desk});
    case register_rider:
      if (people_ >= swarm_.riders + 6) return visit(directory, rider);
      return at(enrolment_desk, RegisterRider{coin ? Category::child : Category::adult,
                                              coin ? std::optional(rider) : std::nullopt});
    case categorise:
      return at(enrolment_desk, AssignCategory{rider, coin ? Category::adult : Category::child});
    case load:
      return at(enrolment_desk, LoadFunds{rider, amount(2'500), {}});
    default:
      return visit(directory, rider);
  }
}

Errand Crowd::office(std::uint64_t what, const Directory& directory, Instant now) {
  const auto transit = static_cast<std::uint32_t>(1 + dice_.roll(2));
  const std::int64_t extra = dice_.between(0, 40);
  const bool coin = dice_.chance(1, 2);
  if (what == correct && !directory.incomplete.empty()) {
    const JourneyId journey = dice_.one_of(directory.incomplete);
    return at(operator_desk, CorrectJourney{journey, coin ? "Middle" : "South", operator_desk});
  }
  if (what == publish && coin) return at(operator_desk, PublishPolicy{policy_of(extra * 10)});
  if (what == publish)
    return at(operator_desk,
              PublishTariff{tariff_of(transit, extra, now + minutes(dice_.between(-5, 90)))});
  if (!plan_.may(Hazard::revocations)) return gate(true);
  std::vector<TerminalId>& kind = coin ? gates_ : tills_;
  if (kind.size() > 2) {
    const std::size_t which = dice_.roll(kind.size());
    const TerminalId gone = kind[which];
    kind.erase(kind.begin() + static_cast<std::ptrdiff_t>(which));
    revoked_.push_back(gone);
    return at(operator_desk, RevokeTerminal{gone});
  }
  const Code code = "new-" + std::to_string(++codes_);
  const Digest seal = certificate(3'000'000 + codes_);
  if (coin)
    return at(operator_desk, RegisterTerminal{code, Role::gate, {transit}, "North", {}, seal});
  return at(operator_desk, RegisterTerminal{code, Role::till, {}, {}, {transit}, seal});
}

// Amounts at the bounds, where sums could wrap.
Errand Crowd::extreme() {
  const std::array<std::int64_t, 6> edges{std::numeric_limits<std::int64_t>::max(),
                                          std::numeric_limits<std::int64_t>::min(),
                                          amount_minor_max,
                                          amount_minor_max + 1,
                                          0,
                                          -1};
  const Money edge = yen(edges.at(dice_.roll(edges.size())));
  const RiderId rider = anybody();
  const TerminalId till = some(tills_);
  const std::uint64_t what = dice_.roll(4);
  if (what == 0 && edge.minor != amount_minor_max)  // nobody may become rich
    return at(enrolment_desk, LoadFunds{rider, edge, {}});
  if (what == 1) return shown(till, AuthorisePurchase{till, {}, edge, {}}, rider.value);
  if (what == 2) return at(till, RefundPurchase{till, {1 + dice_.roll(500)}, edge});
  return shown(till, Pay{till, {}, edge, {}}, rider.value);
}

Errand Crowd::next(const Directory& directory, Instant now) {
  std::uint64_t left = total_weight_ == 0 ? 0 : dice_.roll(total_weight_);
  std::uint64_t what = 0;
  while (what + 1 < usual.size() && left >= usual.at(what) * swarm_.weights.at(what)) {
    left -= usual.at(what) * swarm_.weights.at(what);
    ++what;
  }
  switch (what) {
    case ride:
    case stray_tap:
      return gate(what == ride);
    case pay:
    case authorise:
      return till(what == authorise);
    case capture:
    case void_sale:
    case refund:
    case reverse:
      return after_sale(what);
    case correct:
    case publish:
    case revoke:
      return office(what, directory, now);
    case limits:
      return extreme();
    default:
      return desk(what, directory);
  }
}

std::optional<Errand> Crowd::learn(const Errand& errand, const Reply& reply) {
  const TerminalId terminal = errand.attempt.terminal;
  const std::uint64_t person =
      errand.showing && errand.showing->probe ? errand.showing->probe->person : 0;
  if (std::holds_alternative<Entered>(reply)) inside_.insert(person);
  if (std::holds_alternative<Left>(reply)) inside_.erase(person);
  if (const auto* refused = std::get_if<Refused>(&reply)) {
    if (refused->refusal == Refusal::journey_must_be_open) inside_.erase(person);
    const auto* wish = std::get_if<Pay>(&errand.wish);
    if (refused->step_up && wish != nullptr && !wish->step_up) {
      Pay again = *wish;
      again.step_up = refused->step_up;
      if (dice_.chance(1, 8)) again.amount.minor += 1;
      Errand follow = at(terminal, again);
      const bool right = !dice_.chance(1, 6);
      follow.showing = Showing{Capture::good, errand.showing->probe, TypedPin{{person}, right}};
      return follow;
    }
  }
  if (const auto* held = std::get_if<Authorised>(&reply))
    held_.push_back({terminal, held->purchase, held->amount});
  if (const auto* paid = std::get_if<Paid>(&reply))
    sold_.push_back({terminal, paid->purchase, paid->amount});
  if (const auto* made = std::get_if<Registered>(&reply)) {
    if (std::holds_alternative<RegisterRider>(errand.wish)) people_ = std::max(people_, made->id);
    if (const auto* one = std::get_if<RegisterTerminal>(&errand.wish))
      (one->role == Role::gate ? gates_ : tills_).push_back({static_cast<std::uint32_t>(made->id)});
  }
  const bool sale = std::holds_alternative<Pay>(errand.wish) ||
                    std::holds_alternative<AuthorisePurchase>(errand.wish);
  if (sale) tried_.push_back(errand.attempt);
  return std::nullopt;
}

std::optional<Errand> Crowd::take_back(const Errand& errand) {
  if (!std::holds_alternative<Pay>(errand.wish) &&
      !std::holds_alternative<AuthorisePurchase>(errand.wish))
    return std::nullopt;
  const TerminalId till = errand.attempt.terminal;
  Errand reversal;
  reversal.attempt.terminal = till;
  reversal.wish = ReversePurchase{till, errand.attempt.key};
  return reversal;
}

void Crowd::look_again(Errand& errand) {
  if (!errand.showing) return;
  const auto pin = errand.showing->pin;
  if (errand.showing->probe) errand.showing->probe->photo = 0;
  errand.showing->capture = Capture::good;
  errand.showing->pin = pin;
}

Command Crowd::cloned(const Errand& errand) {
  const TerminalId terminal = errand.attempt.terminal;
  const Money price = yen(dice_.between(11, 99'000));
  if (std::holds_alternative<EnterGate>(errand.wish)) return LeaveGate{terminal, {}};
  if (std::holds_alternative<LeaveGate>(errand.wish)) return EnterGate{terminal, {}};
  if (const auto* wish = std::get_if<Pay>(&errand.wish))
    return Pay{terminal, {}, {wish->amount.minor / 2 + price.minor, Currency::jpy}, {}};
  return LoadFunds{{1}, yen(price.minor % 700 + 7'001), {}};
}

void Crowd::hand_in(Directory& directory, const Errand& errand) const {
  const auto* wish = std::get_if<EnrolFace>(&errand.wish);
  if (wish == nullptr) return;
  const bool known = wish->rider.value <= swarm_.riders;
  directory.hand_in(wish->sealed,
                    {Probe::Kind::person, known ? wish->rider.value : 1, wish->photos % 3U});
}

}  // namespace obverse::simulation
