#include "ledger/rules/money/auto_load.h"

#include <algorithm>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Duration local_offset(const AfterSale& view) {
  const auto policy = policy_in_force(view.parties);
  return policy ? (*policy)->day_offset : Policy{}.day_offset;
}
std::int64_t today(const AfterSale& view, const Moment& moment) {
  return day_number(moment.now, local_offset(view), {});
}

bool is_charge(const Posted& posted) {
  return posted.reason == PostingReason::purchase_captured ||
         posted.reason == PostingReason::fare_charged ||
         posted.reason == PostingReason::maximum_fare_charged;
}

// Whose wallet a fare or a purchase of this decision was taken from.
std::optional<RiderId> who_paid(const Events& events) {
  for (const Event& event : events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr || !is_charge(*posted)) continue;
    for (const Entry& entry : posted->entries)
      if (entry.account.chart == Chart::wallet && entry.side == Side::debit)
        return RiderId{entry.account.owner};
  }
  return {};
}

// What is free in the wallet once these events have happened.
class Free {
 public:
  Free(const AfterSale& view, RiderId rider, Currency currency)
      : wallet_(wallet_of(rider, currency)),
        rider_(rider),
        minor_(available(view.book, view.holds, rider, currency).minor),
        holds_(view.holds) {}
  std::int64_t after(const Events& events) {
    for (const Event& event : events) std::visit(*this, event);
    return minor_;
  }
  void operator()(const Posted& e) {
    for (const Entry& entry : e.entries)
      if (entry.account == wallet_)
        minor_ += entry.side == Side::credit ? entry.minor : -entry.minor;
  }
  void operator()(const FundsReserved& e) {
    if (e.rider == rider_ && e.amount.currency == wallet_.currency) minor_ -= e.amount.minor;
  }
  void operator()(const HoldCaptured& e) { freed(e.hold, e.amount); }
  void operator()(const HoldReleased& e) { freed(e.hold, e.amount); }
  void operator()(const HoldExpired& e) { freed(e.hold, e.amount); }
  void operator()(const auto&) {}

 private:
  void freed(HoldId id, Money amount) {
    const Hold* hold = find(holds_, id);
    if (hold != nullptr && hold->rider == rider_ && amount.currency == wallet_.currency)
      minor_ += amount.minor;
  }
  Account wallet_;
  RiderId rider_;
  std::int64_t minor_;
  const Holds& holds_;
};

bool may_ask(const AfterSale& view, RiderId rider, const AutoLoad& load, const Moment& moment) {
  const AutoLoads& loads = view.cards.loads;
  if (loads.asked.contains(rider)) return false;
  const auto failed = loads.failed_on.find(rider);
  if (failed != loads.failed_on.end() && failed->second == today(view, moment)) return false;
  if (find(view.enrolments, rider)->erasure_deferred) return false;  // they are on their way out
  return card_terms_in_force(view.cards.methods) &&
         must_be_usable(view.cards.methods, rider, load.method, moment.now);
}

}  // namespace

Decision decide(const AfterSale& view, const SetAutoLoad& command, const Moment& moment) {
  const auto method = must_be_usable(view.cards.methods, command.rider, command.method, moment.now);
  if (!method) return refuse(method.error());
  if (const auto terms = card_terms_in_force(view.cards.methods); !terms)
    return refuse(terms.error());
  const Money threshold = command.threshold;
  const Money amount = command.amount;
  if (!amount_must_be_fit(threshold) || !amount_must_be_fit(amount) ||
      threshold.currency != amount.currency)
    return refuse(Refusal::auto_load_must_be_valid);
  if (const auto open = wallet_must_be_open(view.wallets, command.rider, amount.currency); !open)
    return refuse(open.error());
  // From here on it succeeds.
  return {{AutoLoadSet{command.rider, command.method, threshold, amount}}, Done{}};
}

Decision decide(const AfterSale& view, const StopAutoLoad& command, const Moment&) {
  if (!view.cards.loads.set.contains(command.rider)) return refuse(Refusal::auto_load_must_be_set);
  // From here on it succeeds.
  return {{AutoLoadStopped{command.rider}}, Done{}};
}

void load_if_low(const AfterSale& view, const Moment& moment, Events& events) {
  const auto rider = who_paid(events);
  if (!rider) return;
  const auto set = view.cards.loads.set.find(*rider);
  if (set == view.cards.loads.set.end()) return;
  const AutoLoad& load = set->second;
  if (!may_ask(view, *rider, load, moment)) return;
  if (Free(view, *rider, load.amount.currency).after(events) >= load.threshold.minor) return;
  RailRequest asked;
  asked.cause = RailCause::auto_load;
  asked.about = rider->value;
  asked.rider = *rider;
  asked.method = load.method;
  asked.amount = load.amount;
  asked.deadline = moment.now + (*card_terms_in_force(view.cards.methods))->quiet_answer_within;
  const RailRequested request = ask_rail(view.cards.rails, events, asked);
  events.push_back(AutoLoadTriggered{*rider, load.method, load.amount, request.request});
  events.push_back(request);
}

void load_answered(const AfterSale& view, const Answered& answered, const Moment& moment,
                   Events& events) {
  const RiderId rider = answered.asked.rider;
  const Money amount = answered.asked.amount;
  const auto failed = [&](Refusal why) {
    events.push_back(AutoLoadFailed{rider, answered.request, why, today(view, moment)});
  };
  if (answered.outcome == RailOutcome::declined) return failed(Refusal::method_must_be_approved);
  if (answered.outcome == RailOutcome::unavailable) return failed(Refusal::rail_must_answer);
  const Scheme scheme = card_of(view.cards.methods, answered.asked.method).scheme;
  const std::int64_t due = balance(view.book, debt_of(rider, amount.currency)) -
                           debt_not_due(view.cards.fares, rider, amount.currency);
  auto loaded = load_wallet(view.book, {{moment.position.value},
                                        rider,
                                        amount,
                                        receivable_from(scheme, amount.currency),
                                        no_bank,
                                        due});
  const RailKind then = loaded ? RailKind::capture : RailKind::reverse;
  events.push_back(
      ask_rail(view.cards.rails, events,
               following(then, answered.request, answered.asked, answered.approval, amount)));
  if (!loaded) return failed(loaded.error());  // the books are full
  std::ranges::move(*loaded, std::back_inserter(events));
}

void load_unanswered(const AfterSale& view, RailRequestId request, RiderId rider,
                     const Moment& moment, Events& events) {
  events.push_back(AutoLoadFailed{rider, request, Refusal::rail_must_answer, today(view, moment)});
}

void apply(Cards& cards, const AutoLoadSet& event) {
  cards.loads.set[event.rider] = {event.method, event.threshold, event.amount};
}
void apply(Cards& cards, const AutoLoadStopped& event) { cards.loads.set.erase(event.rider); }

void apply(Cards& cards, const AutoLoadTriggered& event) {
  cards.loads.asked[event.rider] = event.request;
}
void apply(Cards& cards, const AutoLoadFailed& event) {
  cards.loads.asked.erase(event.rider);
  cards.loads.failed_on[event.rider] = event.day;
}
void apply(Cards& cards, const FundsLoaded& event) {
  if (event.bank == no_bank) cards.loads.asked.erase(event.rider);
}

}  // namespace obverse
