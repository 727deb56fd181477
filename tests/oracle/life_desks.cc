// The desks of the town, and what nobody sane would ask.
#include "tests/oracle/life.h"

namespace obverse::oracle {
namespace {

constexpr TerminalId operator_desk{1};
constexpr std::size_t tariff_at = 25;  // of the founding

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

}  // namespace

Command Life::rights() {
  const RiderId rider = somebody();
  const Purpose purpose = dice_.one_in(2) ? Purpose::transit : Purpose::payment;
  Party party;
  if (dice_.one_in(3)) {
    party.kind =
        purpose == Purpose::transit ? Party::Kind::transit_operator : Party::Kind::merchant;
    party.id = static_cast<std::uint32_t>(1 + dice_.roll(4));
  }
  if (dice_.one_in(6)) return WithdrawConsent{rider, purpose, party};
  std::optional<RiderId> guardian;
  if (people_.contains(rider)) guardian = people_[rider].guardian;
  if (dice_.one_in(15)) guardian = somebody();
  if (dice_.one_in(15)) guardian.reset();
  return GrantConsent{rider, purpose, party, 1, guardian};
}

Command Life::person_at_desk() {
  const RiderId rider = somebody();
  const Known known = people_.contains(rider) ? people_[rider] : Known{};
  switch (dice_.roll(12)) {
    case 0: {
      if (people_.size() > 40) return OpenWallet{rider, Currency::jpy};
      const bool child = dice_.one_in(3);
      std::optional<RiderId> guardian;
      if (child || dice_.one_in(10)) guardian = somebody();
      if (dice_.one_in(8)) guardian.reset();
      return RegisterRider{child ? Category::child : Category::adult, guardian};
    }
    case 1:
      return AssignCategory{rider, dice_.one_in(2) ? Category::child : Category::adult};
    case 2:
    case 3: {
      EnrolFace enrol{rider, {known.face.value + 1}, "m-1", 3, digest(dice_.roll(1'000))};
      if (dice_.one_in(15)) enrol.face.value += 1;
      if (dice_.one_in(15)) enrol.photos = dice_.one_in(2) ? 0 : 9;
      if (dice_.one_in(20)) enrol.model = dice_.one_in(2) ? "m-2" : "no good";
      return enrol;
    }
    case 4:
      return SuspendFace{rider};
    case 5:
    case 6:
      return ReinstateFace{rider};
    case 7:
      if (dice_.one_in(2)) return EraseRider{rider};
      return rights();
    case 8:
      return SetPin{rider, {known.pin.value + (dice_.one_in(10) ? 2 : 1)}};
    case 9:
      return ResetPin{rider, dice_.one_in(10) ? gate() : TerminalId{dice_.one_in(2) ? 1U : 2U}};
    case 10:
      return OpenWallet{rider, dice_.one_in(8) ? Currency::eur : Currency::jpy};
    default:
      return rights();
  }
}

Command Life::with_money(Instant) {
  constexpr std::int64_t amounts[] = {200, 1'000, 5'000, 20'000, 0, -1};
  Money amount{amounts[dice_.roll(dice_.one_in(10) ? 6 : 4)], Currency::jpy};
  const RiderId rider = somebody();
  if (rider.value == 11) amount.currency = Currency::eur;
  if (dice_.one_in(40)) amount.currency = Currency::usd;
  if (dice_.one_in(100)) amount.minor = 1'000'000'000'001;
  return LoadFunds{rider, amount, {static_cast<std::uint32_t>(dice_.roll(2))}};
}

Command Life::new_policy() {
  Policy p;
  p.thresholds = {{"m-1", Search::one_to_many, 1'000, score_one / 2},
                  {"m-1", Search::one_to_many, 5'000, score_one / 10 * 6},
                  {"m-1", Search::one_to_one, 1, score_one / 10 * 4}};
  p.margin = score_one / 20;
  p.face_only_purchase_max = dice_.one_in(2) ? 10'000 : 9'500;
  p.hold_life = minutes(dice_.one_in(2) ? 30 : 5);
  p.correction_window = days(dice_.one_in(2) ? 56 : 2);
  p.pin_failures_max = dice_.one_in(2) ? 3 : 4;
  p.credentials.face_failures_max = dice_.one_in(2) ? 2 : 3;
  switch (dice_.roll(10)) {
    case 0:
      p.hold_life = {};
      break;
    case 1:
      p.photos_min = 9;
      break;
    case 2:
      p.pin_failures_max = 0;
      break;
    case 3:
      p.margin = -1;
      break;
    case 4:
      p.face_only_day_max = -1;
      break;
    default:
      break;
  }
  return PublishPolicy{p};
}

Command Life::new_tariff(Instant now) {
  Tariff t = std::get<PublishTariff>(Life(Dice(0)).founding()[tariff_at]).tariff;
  t.code = "OMT-" + std::to_string(++codes_ + 1);
  t.effective_from = now + minutes(static_cast<std::int64_t>(dice_.roll(600)));
  if (dice_.one_in(2)) t.effective_from = now + minutes(static_cast<std::int64_t>(dice_.roll(30)));
  for (Section& section : t.sections)
    section.adult_minor += 10 * static_cast<std::int64_t>(dice_.roll(3));
  if (dice_.one_in(3)) std::swap(t.stations[0], t.stations[2]);
  switch (dice_.roll(14)) {
    case 0:
      t.sections.pop_back();
      break;
    case 1:
      t.transit = {7};
      break;
    case 2:
      t.effective_from = {1};
      break;
    case 3:
      t.tracks.resize(2);
      break;
    case 4:
      t.stations[1] = t.stations[0];
      break;
    case 5:
      t.stations[1] = "A9";
      break;
    case 6:
      t.code = "no good";
      break;
    case 7:
      t.tracks[0].metres = -1;
      break;
    default:
      break;
  }
  return PublishTariff{t};
}

Command Life::operator_at_desk(Instant now) {
  switch (dice_.roll(12)) {
    case 0:
      return RegisterOperator{dice_.one_in(2) ? Code("OM") : "O" + std::to_string(++codes_)};
    case 1:
      return RegisterMerchant{dice_.one_in(2) ? Code("M1") : "S" + std::to_string(++codes_),
                              Currency::jpy};
    case 2: {
      RegisterTerminal one{"N" + std::to_string(++codes_), Role::till, {1}, "A3", {2},
                           digest(10'000 + codes_)};
      if (dice_.one_in(2)) one.role = Role::gate;
      if (dice_.one_in(3)) one.transit = {3};
      if (dice_.one_in(8)) one.code = "T1";
      if (dice_.one_in(8)) one.certificate = digest(1);
      if (dice_.one_in(8)) one.transit = {9}, one.merchant = {9};
      if (dice_.one_in(8)) one.station = "not one";
      if (dice_.one_in(4)) one.role = Role::auditor;
      return one;
    }
    case 3:
      if (!dice_.one_in(4)) return new_policy();
      return RevokeTerminal{{static_cast<std::uint32_t>(dice_.roll(terminals_ + 2))}};
    case 4:
    case 6:
    case 7:
      return new_tariff(now);
    case 5:
      return new_policy();
    default:
      break;
  }
  JourneyId journey{1 + dice_.roll(800)};
  if (!journeys_.empty() && !dice_.one_in(20)) {
    const std::size_t last = std::min<std::size_t>(journeys_.size(), 20);
    journey = journeys_[journeys_.size() - 1 - dice_.roll(last)];
  }
  constexpr const char* exits[] = {"A0", "A1", "A2", "A3", "A4", "Z", "B1", "X7"};
  return CorrectJourney{journey, exits[dice_.roll(8)], dice_.one_in(20) ? gate() : operator_desk};
}

// Timers that nobody set, and the past.
Command Life::strange(Instant) {
  if (dice_.one_in(2)) return ExpireHold{{1 + dice_.roll(900)}};
  return ExpireJourney{{1 + dice_.roll(900)}};
}

std::optional<Attempt> Life::attempt_for(const Command& command) {
  TerminalId terminal{2};
  const auto of = [&](const auto& asked) {
    if constexpr (requires { asked.terminal; }) terminal = asked.terminal;
  };
  std::visit(of, command);
  if (dice_.one_in(40)) return std::nullopt;
  if (dice_.one_in(60)) terminal = till();
  return Attempt{terminal, key(++keys_)};
}

Said Life::next(Instant now) {
  if (!earlier_.empty() && dice_.one_in(25)) {
    const std::size_t last = std::min<std::size_t>(earlier_.size(), 30);
    Said again = earlier_[earlier_.size() - 1 - dice_.roll(last)];
    if (auto* pay = std::get_if<Pay>(&again.command); pay != nullptr && dice_.one_in(4))
      ++pay->amount.minor;
    return again;
  }
  Said said;
  const std::uint64_t kind = dice_.roll(100);
  if (kind < 34) {
    said.command = at_gate(now);
  } else if (kind < 58) {
    said.command = at_till(now);
  } else if (kind < 72) {
    said.command = after_sale();
  } else if (kind < 80) {
    said.command = with_money(now);
  } else if (kind < 90) {
    said.command = person_at_desk();
  } else if (kind < 93) {
    said.command = rights();
  } else if (kind < 98) {
    said.command = operator_at_desk(now);
  } else {
    said.command = strange(now);
  }
  said.attempt = attempt_for(said.command);
  return said;
}

void Life::heard(const Said& said, const Reply& reply, const std::optional<Record>& record) {
  if (said.attempt && record) earlier_.push_back(said);
  if (earlier_.size() > 200) earlier_.erase(earlier_.begin(), earlier_.begin() + 100);
  const auto* registered = std::get_if<Registered>(&reply);
  if (const auto* c = std::get_if<RegisterRider>(&said.command); c != nullptr && registered)
    people_[{registered->id}].guardian = c->guardian;
  if (const auto* c = std::get_if<RegisterTerminal>(&said.command); c != nullptr && registered) {
    terminals_ = static_cast<std::uint32_t>(registered->id);
    if (c->role == Role::gate && !gates_.empty()) gates_.push_back({terminals_});
    if (c->role == Role::till) tills_.push_back({terminals_});
  }
  if (const auto* enrolled = std::get_if<Enrolled>(&reply))
    people_[enrolled->rider].face = enrolled->face;
  if (const auto* c = std::get_if<SetPin>(&said.command);
      c != nullptr && std::holds_alternative<Done>(reply))
    people_[c->rider].pin = c->version;
  if (const auto* entered = std::get_if<Entered>(&reply)) journeys_.push_back(entered->journey);
  if (const auto* c = std::get_if<EnterGate>(&said.command);
      c != nullptr && std::holds_alternative<Entered>(reply))
    inside_[c->presence.face ? c->presence.face->rider : c->presence.pin->rider] = c->terminal;
  if (const auto* c = std::get_if<LeaveGate>(&said.command);
      c != nullptr && std::holds_alternative<Left>(reply))
    inside_.erase(c->presence.face ? c->presence.face->rider : c->presence.pin->rider);
  if (const auto* paid = std::get_if<Paid>(&reply)) purchases_.push_back(paid->purchase);
  if (const auto* held = std::get_if<Authorised>(&reply)) purchases_.push_back(held->purchase);
  if (const auto* c = std::get_if<AuthorisePurchase>(&said.command);
      c != nullptr && std::holds_alternative<Authorised>(reply))
    waiting_.push_back({std::get<Authorised>(reply).purchase, c->terminal, c->amount});
  const bool sold =
      std::holds_alternative<Paid>(reply) || std::holds_alternative<Authorised>(reply);
  if (sold && said.attempt) sold_.push_back(*said.attempt);
  const auto* refused = std::get_if<Refused>(&reply);
  if (refused == nullptr || !refused->step_up) return;
  if (const auto* c = std::get_if<Pay>(&said.command)) step_ups_.push_back({*refused->step_up, *c});
  if (const auto* c = std::get_if<AuthorisePurchase>(&said.command))
    step_ups_.push_back({*refused->step_up, {c->terminal, c->presence, c->amount, c->step_up}});
}

}  // namespace obverse::oracle
