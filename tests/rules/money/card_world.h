// The world of the places' tests, in which cards pay: terms are published, there are two operator
// desks, and a rail that says what it is told to say.
#pragma once

#include "tests/rules/places/world.h"

namespace obverse {

inline CardTerms test_terms(OperatorId transit) {
  CardTerms terms;
  terms.schemes = {{Scheme::visa, 500}};
  terms.operators = {{transit, FareBooks::as_debt, DebtBearer::transit_operator, {}}};
  return terms;
}

struct CardWorld : PlaceWorld {
  TerminalId second_desk;

  PaymentMethodId link(RiderId rider, const Code& token = "tok-1", Scheme scheme = Scheme::visa,
                       std::optional<Instant> expires = {}) {
    const Decision linked = ask(LinkPaymentMethod{rider, scheme, token, expires});
    return {std::get<Registered>(linked.reply).id};
  }
  PaymentMethodId pays_by(RiderId rider, Tender tender, const Code& token = "tok-1") {
    const PaymentMethodId method = link(rider, token);
    ask(ChooseTender{rider, tender, method});
    return method;
  }
  PaymentMethodId rides_on_card(RiderId rider, const Code& token = "tok-1") {
    const PaymentMethodId method = link(rider, token);
    ask(ChooseFareTender{rider, method});
    return method;
  }

  RailRequestId asked() const { return state.cards.rails.last; }
  const RailRequest& request(RailRequestId id) const { return state.cards.rails.open.at(id); }
  Decision answer(RailRequestId id, RailOutcome outcome) {
    return ask(TakeRailAnswer{id, outcome, outcome == RailOutcome::approved ? "A1" : ""});
  }
  Decision approve(RailRequestId id) { return answer(id, RailOutcome::approved); }
  Decision decline(RailRequestId id) { return answer(id, RailOutcome::declined); }
  Decision approve() { return approve(asked()); }
  Decision decline() { return decline(asked()); }

  // Timers that fall due run at their own time.
  void wait(Duration time) {
    const Instant until = now + time;
    for (auto due = next_due(state); due && due->at <= until; due = next_due(state)) {
      now = std::max(now, due->at);
      if (ask(due->command).events.empty()) break;
    }
    now = until;
  }
  // A purchase that the card has paid.
  PurchaseId bought(RiderId rider, std::int64_t minor) {
    const PurchaseId id = std::get<Pending>(pay(rider, minor).reply).purchase;
    approve();
    return id;
  }
  void ride(RiderId rider, const Code& from, const Code& to) {
    enter(rider, from);
    now = now + minutes(15);
    leave(rider, to);
  }

  std::int64_t of(const Account& account) const { return balance(state.book, account); }
  std::int64_t receivable() const { return of(receivable_from(Scheme::visa, Currency::jpy)); }
  std::int64_t scheme_payable() const { return of(payable_to(Scheme::visa, Currency::jpy)); }
  std::int64_t merchant() const {
    return of(payable_to(find(state.parties, till)->merchant, Currency::jpy));
  }
};

inline CardWorld card_world() {
  CardWorld world;
  static_cast<PlaceWorld&>(world) = place_world();
  world.second_desk = world.add_terminal("desk-2", Role::operator_desk, {}, {}, {});
  world.ask(PublishCardTerms{test_terms(world.om)});
  return world;
}

// The entries of the only posting of a decision, or of its n-th.
inline const Posted* posting(const Decision& decision, std::size_t n = 0) {
  for (const Event& event : decision.events)
    if (const auto* posted = std::get_if<Posted>(&event))
      if (n-- == 0) return posted;
  return nullptr;
}
inline bool posts(const Decision& decision, PostingReason reason, const Entries& entries,
                  std::size_t n = 0) {
  const Posted* posted = posting(decision, n);
  return posted != nullptr && posted->reason == reason && posted->entries == entries;
}

inline const RailRequested* asks(const Decision& decision, RailKind kind) {
  for (const Event& event : decision.events) {
    const auto* asked = std::get_if<RailRequested>(&event);
    if (asked != nullptr && asked->what.kind == kind) return asked;
  }
  return nullptr;
}

}  // namespace obverse
