#include "tests/oracle/life.h"

#include <limits>

namespace obverse::oracle {
namespace {

constexpr TerminalId operator_desk{1};
constexpr std::uint32_t first_gate = 4, gates = 7, first_till = first_gate + gates, tills = 4;
constexpr Currency jpy = Currency::jpy;

Money yen(std::int64_t minor) { return {minor, jpy}; }

Digest digest(std::uint64_t number) {
  Digest out;
  for (std::size_t i = 0; i < 8; ++i) out.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

AttemptKey key(std::uint64_t number) {
  AttemptKey out;
  for (std::size_t i = 0; i < 8; ++i)
    out.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

// A ring with a branch behind a surcharge, and a shorter way through another.
Tariff metro() {
  Tariff t;
  t.code = "OMT-1";
  t.transit = {1};
  t.stations = {"A0", "A1", "A2", "A3", "A4", "Z"};
  t.tracks = {{{0}, {1}, 3'000, 0}, {{1}, {2}, 4'000, 0},  {{2}, {3}, 6'000, 0},
              {{3}, {4}, 9'000, 0}, {{2}, {4}, 12'000, 0}, {{4}, {5}, 3'200, 90},
              {{0}, {5}, 900, 60}};
  t.sections = {{3'000, 190, 100},
                {7'000, 240, 120},
                {13'000, 290, 150},
                {19'000, 340, 170},
                {std::numeric_limits<std::int64_t>::max(), 390, 200}};
  t.maximum_adult_minor = 480;
  t.maximum_child_minor = 240;
  t.entry_minimum_adult_minor = 190;
  t.entry_minimum_child_minor = 100;
  return t;
}
Tariff other_line() {
  Tariff t;
  t.code = "KR-1";
  t.transit = {2};
  t.stations = {"A0", "B1"};
  t.tracks = {{{0}, {1}, 5'000, 0}};
  t.sections = {{std::numeric_limits<std::int64_t>::max(), 210, 110}};
  t.maximum_adult_minor = 210;
  t.maximum_child_minor = 110;
  t.entry_minimum_adult_minor = 210;
  t.entry_minimum_child_minor = 110;
  t.journey_window = minutes(90);
  return t;
}
Policy policy() {
  Policy p;
  p.thresholds = {{"m-1", Search::one_to_many, 1'000, score_one / 2},
                  {"m-1", Search::one_to_many, 5'000, score_one / 10 * 6},
                  {"m-1", Search::one_to_one, 1, score_one / 10 * 4}};
  p.margin = score_one / 20;
  p.credentials.face_failures_max = 2;
  return p;
}

}  // namespace

std::vector<Command> Life::founding() {
  std::vector<Command> out{RegisterOperator{"OM"}, RegisterOperator{"KR"},
                           RegisterMerchant{"M1", jpy}, RegisterMerchant{"M2", jpy},
                           RegisterMerchant{"M3", Currency::eur}};
  const auto install = [&](Role role, OperatorId transit, const Code& station, MerchantId shop) {
    ++terminals_;
    out.push_back(RegisterTerminal{"T" + std::to_string(terminals_), role, transit, station, shop,
                                   digest(terminals_)});
  };
  install(Role::operator_desk, {}, {}, {});
  install(Role::enrolment_desk, {}, {}, {});
  install(Role::auditor, {}, {}, {});
  for (const char* station : {"A0", "A0", "A2", "A4", "Z"}) install(Role::gate, {1}, station, {});
  for (const char* station : {"A0", "B1"}) install(Role::gate, {2}, station, {});
  for (const std::uint32_t shop : {1U, 1U, 2U, 3U}) install(Role::till, {}, {}, {shop});
  for (std::uint32_t i = 0; i < gates; ++i) gates_.push_back({first_gate + i});
  for (std::uint32_t i = 0; i < tills; ++i) tills_.push_back({first_till + i});
  // Nothing is in force yet.
  out.push_back(Pay{{first_till}, Presence{}, yen(100), {}});
  out.push_back(EnterGate{{first_gate}, Presence{}});
  out.push_back(CorrectJourney{{1}, "A0", operator_desk});
  out.push_back(EnrolFace{{1}, {1}, "m-1", 3, {}});
  out.push_back(PublishPolicy{policy()});
  out.push_back(EnterGate{{first_gate}, Presence{}});
  out.push_back(PublishTariff{metro()});
  out.push_back(PublishTariff{other_line()});
  for (std::uint64_t n = 1; n <= 12; ++n) {
    const bool child = n % 4 == 0;
    const std::optional<RiderId> guardian = child ? std::optional(RiderId{1}) : std::nullopt;
    out.push_back(RegisterRider{child ? Category::child : Category::adult, guardian});
    for (const Purpose purpose : {Purpose::transit, Purpose::payment})
      out.push_back(GrantConsent{{n}, purpose, {}, 1, guardian});
    out.push_back(EnrolFace{{n}, {1}, "m-1", 3, digest(n)});
    if (n % 3 != 0) out.push_back(SetPin{{n}, {1}});
    out.push_back(OpenWallet{{n}, n == 11 ? Currency::eur : jpy});
    out.push_back(LoadFunds{{n}, {n % 5 == 0 ? 250 : 60'000, n == 11 ? Currency::eur : jpy}, {}});
  }
  return out;
}

Duration Life::pause() {
  if (dice_.one_in(1'500)) return days(57);
  const std::uint64_t kind = dice_.roll(40);
  if (kind == 0) return hours(static_cast<std::int64_t>(1 + dice_.roll(12)));
  if (kind < 4) return minutes(static_cast<std::int64_t>(dice_.roll(15)));
  if (kind < 8) return seconds(300);
  return milliseconds(static_cast<std::int64_t>(dice_.roll(60'000)));
}

RiderId Life::somebody() {
  if (dice_.one_in(60)) return {people_.size() + 1};  // nobody knows them
  return {1 + dice_.roll(people_.size())};
}
TerminalId Life::gate() {
  if (dice_.one_in(80)) return {static_cast<std::uint32_t>(dice_.roll(terminals_ + 2))};
  return dice_.any(gates_);
}
TerminalId Life::till() {
  if (dice_.one_in(80)) return {static_cast<std::uint32_t>(dice_.roll(terminals_ + 2))};
  return dice_.any(tills_);
}

Recognition Life::face_of(RiderId rider, TerminalId terminal, Instant now) {
  Recognition face;
  face.rider = rider;
  face.face = people_.contains(rider) ? people_[rider].face : FaceVersion{1};
  face.model = "m-1";
  face.scope = 100;
  face.score = score_one / 10 * 8;
  face.threshold = score_one / 2;
  face.runner_up = score_one / 10;
  face.terminal = terminal;
  face.at = {now.ms - static_cast<std::int64_t>(dice_.roll(5'001))};
  return face;
}

// With the one person who was named; half of them are somebody else.
void Life::compare(Recognition& face) {
  face.search = Search::one_to_one;
  face.scope = 1;
  face.score = score_one / 10 * 4 - static_cast<Score>(dice_.roll(2));
  face.runner_up.reset();
}

void Life::spoil(Recognition& face) {
  switch (dice_.roll(9)) {
    case 0:
      face.at = {face.at.ms - 5'001};
      break;
    case 1:
      face.terminal = dice_.any(gates_);
      break;
    case 2:
      face.face = {face.face.value - 1};
      break;
    case 3:
      face.score = score_one / 2 - static_cast<Score>(dice_.roll(2));
      break;
    case 4:
      face.runner_up = face.score - score_one / 20 + static_cast<Score>(dice_.roll(2));
      break;
    case 5:
      face.scope = 1'001;
      face.score = score_one / 10 * 6 - static_cast<Score>(dice_.roll(2));
      break;
    case 6:
      face.scope = 5'001;
      break;
    case 7:
      compare(face);
      break;
    default:
      face.model = "m-2";
  }
}

Presence Life::at(TerminalId terminal, RiderId rider, Instant now) {
  Presence shown;
  if (dice_.one_in(40)) {
    constexpr Capture bad[] = {Capture::occluded, Capture::low_quality, Capture::attack_suspected};
    shown.capture = bad[dice_.roll(3)];
    if (dice_.one_in(2)) return shown;
  }
  if (dice_.one_in(100)) return shown;
  const bool pin = dice_.one_in(6);
  if (!pin || dice_.one_in(2)) {
    shown.face = face_of(rider, terminal, now);
    if (dice_.one_in(25)) spoil(*shown.face);
    if (dice_.one_in(12)) compare(*shown.face);
    if (pin && dice_.one_in(20)) rider = somebody();
  }
  if (pin) {
    shown.pin = PinCheck{rider, people_.contains(rider) ? people_[rider].pin : PinVersion{1},
                         !dice_.one_in(4)};
    if (dice_.one_in(30)) --shown.pin->version.value;
  }
  return shown;
}

Command Life::at_gate(Instant now) {
  TerminalId here = gate();
  RiderId rider = somebody();
  if (!inside_.empty() && dice_.one_in(2)) {
    auto who = inside_.begin();
    std::advance(who, static_cast<std::ptrdiff_t>(dice_.roll(inside_.size())));
    rider = who->first;
    // Most leave the network that they entered.
    const bool other_line =
        who->second.value == first_gate + 5 || who->second.value == first_gate + 6;
    here = gates_[other_line ? 5 + dice_.roll(2) : dice_.roll(5)];
  }
  const bool inside = inside_.contains(rider);
  const Presence shown = at(here, rider, now);
  const bool leaves = inside ? !dice_.one_in(4) : dice_.one_in(12);
  if (leaves) return LeaveGate{here, shown};
  return EnterGate{here, shown};
}

Command Life::at_till(Instant now) {
  if (!step_ups_.empty() && dice_.one_in(3)) {
    auto [id, again] = step_ups_.back();
    if (dice_.one_in(3)) step_ups_.pop_back();
    if (again.presence.face) {
      again.presence.face->at = now;
      const RiderId rider = again.presence.face->rider;
      if (!dice_.one_in(8)) again.presence.pin = PinCheck{rider, people_[rider].pin, true};
      if (dice_.one_in(6)) again.presence.face.reset();
    }
    again.step_up = id;
    if (dice_.one_in(10)) ++again.amount.minor;
    if (dice_.one_in(10)) again.terminal = till();
    if (dice_.one_in(3))
      return AuthorisePurchase{again.terminal, again.presence, again.amount, again.step_up};
    return again;
  }
  const TerminalId here = till();
  // A few buy much, so that the day's limit is met.
  const RiderId buyer = dice_.one_in(2) ? RiderId{1 + dice_.roll(3)} : somebody();
  const Presence shown = at(here, buyer, now);
  constexpr std::int64_t amounts[] = {100, 540, 9'000, 9'000, 10'000, 10'001, 12'800, 700, 0, -5};
  Money amount = yen(amounts[dice_.roll(dice_.one_in(10) ? 10 : 8)]);
  if (here.value == first_till + 3 && !dice_.one_in(8)) amount.currency = Currency::eur;
  if (dice_.one_in(60)) amount.currency = Currency::usd;
  if (dice_.one_in(100)) amount.minor = 1'000'000'000'001;
  std::optional<StepUpId> step_up;
  if (!step_ups_.empty() && dice_.one_in(40)) step_up = step_ups_.front().first;
  if (dice_.one_in(2)) return Pay{here, shown, amount, step_up};
  return AuthorisePurchase{here, shown, amount, step_up};
}

Command Life::about_waiting() {
  const std::size_t last = std::min<std::size_t>(waiting_.size(), 4);
  const Waiting& one = waiting_[waiting_.size() - 1 - dice_.roll(last)];
  const TerminalId here = dice_.one_in(12) ? till() : one.till;
  Money amount = one.amount;
  if (dice_.one_in(3)) amount.minor -= static_cast<std::int64_t>(dice_.roll(60));
  if (dice_.one_in(8)) ++amount.minor;
  if (dice_.one_in(3)) return VoidPurchase{here, one.purchase};
  if (dice_.one_in(8)) return RefundPurchase{here, one.purchase, amount};
  return CapturePurchase{here, one.purchase, amount};
}

Command Life::after_sale() {
  if (!waiting_.empty() && dice_.one_in(2)) return about_waiting();
  PurchaseId purchase{1 + dice_.roll(500)};
  if (!purchases_.empty() && !dice_.one_in(20)) {
    const std::size_t last = std::min<std::size_t>(purchases_.size(), 12);
    purchase = purchases_[purchases_.size() - 1 - dice_.roll(last)];
  }
  constexpr std::int64_t amounts[] = {60, 100, 540, 700, 9'000, 1, 0, 10'001};
  Money amount = yen(amounts[dice_.roll(8)]);
  if (dice_.one_in(60)) amount.currency = Currency::eur;
  switch (dice_.roll(5)) {
    case 0:
    case 1:
      return CapturePurchase{till(), purchase, amount};
    case 2:
      return VoidPurchase{till(), purchase};
    case 3:
      return RefundPurchase{till(), purchase, amount};
    default:
      break;
  }
  if (sold_.empty() || dice_.one_in(4)) return ReversePurchase{till(), key(keys_ + dice_.roll(40))};
  const Attempt& attempt =
      sold_[sold_.size() - 1 - dice_.roll(std::min<std::size_t>(sold_.size(), 10))];
  return ReversePurchase{dice_.one_in(10) ? till() : attempt.terminal, attempt.key};
}

}  // namespace obverse::oracle
