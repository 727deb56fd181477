// How the town lives: what each act asks of the machine.
#include "tests/rules/history.h"

#include "ledger/engine/dedup.h"

namespace obverse {

Town::Town() {
  const MerchantId second{world.add(RegisterMerchant{"M2", Currency::jpy})};
  tills = {world.till, world.add_terminal("T2", Role::till, {}, {}, {1}),
           world.add_terminal("T3", Role::till, {}, {}, second)};
  const RiderId mother = world.add_rider(0);
  riders = {mother, world.add_rider(0), world.add_rider(0, Category::child, mother)};
}

void Town::live(const std::vector<Act>& acts) {
  for (const Act& act : acts) live(act);
}

Decision Town::ask(const Command& command, std::optional<Attempt> attempt) {
  if (attempt) {
    const auto known = answered_.find(*attempt);
    if (known != answered_.end()) return {{}, known->second};
  }
  State before = world.state;
  const Moment moment = world.moment(attempt);
  const Decision decision = world.ask(command, attempt);
  if (attempt && is_remembered(decision.reply)) answered_[*attempt] = decision.reply;
  if (decision.events.empty()) return decision;
  chronicle.push_back({command, moment, decision, std::move(before), world.state});
  return decision;
}

void Town::wait(Duration time) {
  const Instant until = world.now + time;
  for (auto due = next_due(world.state); due && due->at <= until; due = next_due(world.state)) {
    world.now = std::max(world.now, due->at);
    if (ask(due->command).events.empty()) break;  // the books are full
  }
  world.now = until;
}

Presence Town::shown(const Act& act, RiderId rider, TerminalId terminal) {
  const Rider& known = *find(world.state.enrolments, rider);
  Presence presence = world.face_of(rider, terminal);
  presence.face->face = known.last_face;
  const Presence good = presence;
  switch (act.which) {  // most people simply look into the camera
    case 0:
      presence.capture = Capture::occluded;
      break;
    case 1:
      presence.capture = Capture::attack_suspected;
      break;
    case 2:
      presence.face->score = 1'999'999;
      break;
    case 3:
      presence.face->runner_up = presence.face->score - 99'999;
      break;
    case 4:
      presence.face->at = {world.now.ms - 5'001};
      break;
    case 5:
      presence.face->terminal = {terminal.value + 1};
      break;
    case 6:
      presence.face->face = {known.last_face.value + 1};
      break;
    case 7:
      presence.face.reset();
      break;
    case 8:
    case 14:
    case 15:
      presence.pin = PinCheck{rider, known.pin.version, false};
      break;
    case 9:
      presence.pin = PinCheck{riders[0], known.pin.version, true};
      break;
    case 10:
    case 11:
    case 12:
      presence.pin = PinCheck{rider, known.pin.version, true};
      break;
    case 13:
      presence = {Capture::good, {}, PinCheck{rider, known.pin.version, true}};
      break;
    default:
      presence = good;
  }
  return presence;
}

Attempt Town::attempt(const Act& act, TerminalId terminal) const {
  return {terminal, key_of(static_cast<std::uint8_t>(act.amount % 24))};
}

PurchaseId Town::some_purchase(const Act& act) const {
  const auto& purchases = world.state.payments.purchases;
  if (purchases.empty()) return {99};
  auto at = purchases.begin();
  std::advance(at, act.which % purchases.size());
  return at->first;
}

void Town::at_a_gate(const Act& act) {
  auto gate = world.gates.begin();
  std::advance(gate, act.where % world.gates.size());
  const Presence presence = shown(act, riders[act.who], gate->second);
  if (act.what % 2 == 0) {
    ask(EnterGate{gate->second, presence});
  } else {
    ask(LeaveGate{gate->second, presence});
  }
}

void Town::at_a_till(const Act& act) {
  const RiderId rider = riders[act.who];
  const TerminalId till = tills[act.where % tills.size()];
  std::optional<StepUpId> step_up;
  if (step_ups_.contains(rider) && act.which >= 10) step_up = step_ups_[rider];
  const Presence presence = shown(act, rider, till);
  const Money amount = yen(act.amount);
  const Attempt key = attempt(act, till);
  const Decision decision = act.what % 3 == 0
                                ? ask(AuthorisePurchase{till, presence, amount, step_up}, key)
                                : ask(Pay{till, presence, amount, step_up}, key);
  if (const auto asked = step_up_of(decision)) {
    step_ups_[rider] = *asked;
    if (act.where % 2 == 0) {  // and they type it at once
      Presence with_pin = world.face_of(rider, till);
      with_pin.face->face = find(world.state.enrolments, rider)->last_face;
      with_pin.pin = PinCheck{rider, find(world.state.enrolments, rider)->pin.version, true};
      ask(Pay{till, with_pin, amount, asked},
          Attempt{till, key_of(static_cast<std::uint8_t>(100 + chronicle.size() % 150))});
    }
  }
}

void Town::after_a_sale(const Act& act) {
  const TerminalId till = tills[act.where % tills.size()];
  const PurchaseId purchase = some_purchase(act);
  switch (act.what % 5) {
    case 0:
      ask(CapturePurchase{till, purchase, yen(act.amount)});
      return;
    case 1:
      ask(VoidPurchase{till, purchase});
      return;
    case 2:
      ask(RefundPurchase{till, purchase, yen(act.amount)});
      return;
    default:
      ask(ReversePurchase{till, attempt(act, till).key});
      return;
  }
}

void Town::at_a_desk(const Act& act) {
  const RiderId rider = riders[act.who];
  const Rider& known = *find(world.state.enrolments, rider);
  const Purpose purpose = act.where % 2 == 0 ? Purpose::transit : Purpose::payment;
  switch (act.which % 12) {
    case 0:
      ask(WithdrawConsent{rider, purpose, {}});
      return;
    case 1:
    case 2:
    case 3:
      ask(GrantConsent{rider, purpose, {}, 1, known.guardian});
      return;
    case 4:
      ask(SuspendFace{rider});
      return;
    case 5:
      ask(ReinstateFace{rider});
      return;
    case 6:
      ask(EraseRider{rider});
      return;
    case 7:
    case 8:
      ask(EnrolFace{rider, {known.last_face.value + 1}, "sface-128", 3, {}});
      return;
    case 9:
      ask(SetPin{rider, {known.pin.version.value + 1}});
      return;
    case 10:
      ask(ResetPin{rider, world.enrolment});
      return;
    default:
      ask(AssignCategory{rider, Category::adult});
      return;
  }
}

void Town::in_the_office(const Act& act) {
  auto gate = world.gates.begin();
  std::advance(gate, act.where % world.gates.size());
  if (act.which % 8 == 0) {
    Tariff tariff = omt_1(world.om);
    tariff.effective_from = world.now + minutes(act.amount % 600);
    tariff.sections[0].adult_minor = 150 + act.amount % 90;
    ask(PublishTariff{tariff});
  } else if (!world.state.journeys.known.empty()) {
    auto journey = world.state.journeys.known.begin();
    std::advance(journey, act.which % world.state.journeys.known.size());
    ask(CorrectJourney{journey->first, gate->first, world.desk});
  }
}

void Town::live(const Act& act) {
  switch (act.what) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      return at_a_gate(act);
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 17:
      return at_a_till(act);
    case 20:
    case 21:
    case 22:
    case 23:
    case 24:
      return after_a_sale(act);
    case 25:
    case 26:
    case 27:
      return at_a_desk(act);
    case 28:
    case 29:
      return in_the_office(act);
    case 30:
    case 31:
    case 32:
    case 33:
    case 34:
    case 18:
    case 19:
      ask(LoadFunds{riders[act.who], yen(act.amount), {}});
      return;
    case 35:
      return wait(hours(act.amount % 48));
    default:
      return wait(minutes(act.amount % 90));
  }
}

}  // namespace obverse
