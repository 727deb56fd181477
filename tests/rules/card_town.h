// Generated histories in which cards pay: a small town of its own, with a rail that says anything
// at any time.
#pragma once

#include <map>
#include <vector>

#include "tests/rules/history.h"
#include "tests/rules/money/card_world.h"

namespace obverse {

// Two people with cards and wallets, a till, gates, a rail, desks, and a clock that runs.
class CardTown {
 public:
  CardTown() {
    CardTerms terms = test_terms(world.om);
    terms.operators[0].bearer = DebtBearer::programme;
    terms.schemes[0].first_ride_max = 250;
    terms.quiet_answer_within = hours(12);
    world.ask(PublishCardTerms{terms});
    riders = {world.add_rider(0), world.add_rider(0)};
    const Tender tenders[] = {Tender::wallet_and_card, Tender::card};
    for (std::size_t i = 0; i < riders.size(); ++i) {
      cards.push_back(world.pays_by(riders[i], tenders[i], "tok-" + std::to_string(i)));
      world.ask(SetAutoLoad{riders[i], cards[i], yen(500), yen(2'000)});
    }
    world.ask(ChooseFareTender{riders[1], cards[1]});
  }
  Decision ask(const Command& command, std::optional<Attempt> attempt = {}) {
    if (attempt && answered_.contains(*attempt)) return {{}, answered_.at(*attempt)};
    State before = world.state;
    const Moment moment = world.moment(attempt);
    const Decision decision = world.ask(command, attempt);
    if (attempt) answered_[*attempt] = decision.reply;
    if (!decision.events.empty())
      chronicle.push_back({command, moment, decision, std::move(before), world.state});
    return decision;
  }
  void wait(Duration time) {
    const Instant until = world.now + time;
    for (auto due = next_due(world.state); due && due->at <= until; due = next_due(world.state)) {
      world.now = std::max(world.now, due->at);
      if (ask(due->command).events.empty()) break;
    }
    world.now = until;
  }
  void live(const Act& act) {
    const RiderId rider = riders[act.who % riders.size()];
    auto gate = world.gates.begin();
    std::advance(gate, act.where % world.gates.size());
    const Attempt attempt{world.till, key_of(static_cast<std::uint8_t>(act.amount % 60))};
    switch (act.what % 16) {
      case 0:
      case 1:
      case 2:
        ask(Pay{world.till, world.face_of(rider, world.till), yen(act.amount % 4'000), {}},
            attempt);
        return;
      case 3:
        ask(ReversePurchase{world.till, attempt.key});
        return;
      case 4:
        ask(RefundPurchase{world.till, some_purchase(act), yen(act.amount % 900)});
        return;
      case 5:
      case 6:
      case 7:
      case 8:
        return the_rail_speaks(act);
      case 9:
        ask(LoadFunds{rider, yen(act.amount % 3'000), {}});
        return;
      case 10:
        ask(EnterGate{gate->second, world.face_of(rider, gate->second)});
        return;
      case 11:
        ask(LeaveGate{gate->second, world.face_of(rider, gate->second)});
        return;
      case 12:
        return at_a_desk(act, gate->first);
      case 13:
        return wait(hours(act.amount % 60));
      case 14:
        return wait(minutes(act.amount % 90));
      default:
        return wait(milliseconds(act.amount));
    }
  }
  void live(const std::vector<Act>& acts) {
    for (const Act& act : acts) live(act);
  }

  CardWorld world = card_world();
  std::vector<RiderId> riders;
  std::vector<PaymentMethodId> cards;
  Chronicle chronicle;

 private:
  PurchaseId some_purchase(const Act& act) const {
    const auto& purchases = world.state.payments.purchases;
    if (purchases.empty()) return {999};
    auto at = purchases.begin();
    std::advance(at, act.which % purchases.size());
    return at->first;
  }
  // Mostly of what is open, sometimes again, sometimes of what nobody has asked.
  void the_rail_speaks(const Act& act) {
    const Rails& rails = world.state.cards.rails;
    RailRequestId request{1 + act.which % (rails.last.value + 1)};
    if (!rails.open.empty() && act.where < 9) {
      auto at = rails.open.begin();
      std::advance(at, act.which % rails.open.size());
      request = at->first;
    }
    const auto open = rails.open.find(request);
    const bool of_fares = open != rails.open.end() && open->second.cause == RailCause::aggregation;
    const auto outcome = act.amount % 8 == 0                    ? RailOutcome::unavailable
                         : act.amount % (of_fares ? 2 : 3) == 0 ? RailOutcome::declined
                                                                : RailOutcome::approved;
    ask(TakeRailAnswer{request, outcome, outcome == RailOutcome::approved ? "A1" : ""});
  }
  void at_a_desk(const Act& act, const Code& station) {
    const PurchaseId purchase = some_purchase(act);
    const Disputes& disputes = world.state.cards.disputes;
    const auto one_of = [&](const auto& rows) {
      return rows.empty() ? DisputeId{999} : rows.begin()->first;
    };
    switch (act.which % 8) {
      case 0:
        ask(OpenDispute{world.desk, purchase, yen(1 + act.amount % 900)});
        return;
      case 1:
        ask(ResolveDispute{world.desk, one_of(disputes.open), act.amount % 2 == 0});
        return;
      case 2:
        ask(ReceiveChargeback{world.desk, purchase, yen(1 + act.amount % 900), "10.4"});
        return;
      case 3:
        ask(RepresentChargeback{world.desk, one_of(disputes.chargebacks), {}});
        return;
      case 4:
        ask(RuleChargeback{world.desk, one_of(disputes.chargebacks), act.amount % 2 == 0});
        return;
      case 5:
        ask(ReceiveSchemeFunding{world.desk,
                                 Scheme::visa,
                                 "S-" + std::to_string(act.amount),
                                 yen(std::max<std::int64_t>(world.receivable() / 2, 0)),
                                 yen(0),
                                 yen(act.amount % 9),
                                 {}});
        return;
      case 6:
        if (world.state.journeys.known.empty()) return;
        ask(CorrectJourney{world.state.journeys.known.begin()->first, station, world.desk});
        return;
      default:
        ask(ClearDenyList{world.desk, riders[act.who % riders.size()]});
    }
  }
  std::map<Attempt, Reply> answered_;
};

}  // namespace obverse
