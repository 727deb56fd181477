// Tabs: closed at the end of their day, asked of the rail, paid, declined, tried again, written
// off.
#include "ledger/rules/money/card_fares.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

std::int64_t sum_of(const Tab& tab) {
  std::int64_t sum = 0;
  for (const FareItem& item : tab.items) sum += item.minor;
  return sum;
}
std::int64_t debt_of_tab(const Tab& tab) {
  std::int64_t sum = 0;
  for (const FareItem& item : tab.items)
    if (item.books == FareBooks::as_debt) sum += item.minor;
  return sum;
}

// Calls `look` with each tab of the rider's, by number.
template <class Look>
void each_tab(const CardFares& fares, RiderId rider, Look look) {
  for (auto at = fares.by_rider.lower_bound({rider, {}});
       at != fares.by_rider.end() && at->rider == rider; ++at)
    look(at->aggregation, fares.tabs.at(at->aggregation));
}

void wait_until(CardFares& fares, AggregationId id, Tab& tab, Instant next) {
  tab.stage = TabStage::waiting;
  tab.next = next;
  fares.due.insert({next, id});
}

// Off the list of what is owed; what became of it stands with its journeys.
template <class Mark>
void end_tab(CardFares& fares, AggregationId id, Mark mark) {
  const auto found = fares.tabs.find(id);
  assert(found != fares.tabs.end());
  const Tab& tab = found->second;
  for (const FareItem& item : tab.items) {
    const auto ride = fares.rides.find(item.journey);
    if (ride != fares.rides.end()) mark(ride->second);
  }
  const auto open = fares.open.find(tab.key);
  if (open != fares.open.end() && open->second == id) fares.open.erase(open);
  fares.due.erase({tab.next, id});
  fares.by_rider.erase({tab.rider, id});
  fares.tabs.erase(found);
}

void pay_tab(Cards& cards, AggregationId id, RailRequestId request, PaymentMethodId method) {
  cards.methods.ridden.insert(card_of(cards.methods, method));
  end_tab(cards.fares, id, [&](CardRide& ride) { ride.charged = request; });
}

// Takes from the items with `which`, the earliest first; true if nothing is left of the tab.
template <class Which>
bool take_from_items(Tab& tab, std::int64_t minor, Which which) {
  for (FareItem& item : tab.items) {
    if (!which(item)) continue;
    const std::int64_t part = std::min(item.minor, minor);
    item.minor -= part;
    minor -= part;
  }
  assert(minor == 0);
  std::erase_if(tab.items, [](const FareItem& item) { return item.minor == 0; });
  return tab.items.empty();
}

// One entry of `entries` an account: the same one again is added to it.
void add_entry(Entries& entries, const Account& account, Side side, std::int64_t minor) {
  if (minor == 0) return;
  for (Entry& entry : entries) {
    if (entry.account != account || entry.side != side) continue;
    entry.minor += minor;
    return;
  }
  entries.push_back({account, side, minor});
}

// The postings of a tab that the scheme pays: debts that end, and fares that only now are earned.
Outcome<Events> paid(const AfterSale& view, AggregationId id, const Tab& tab) {
  const Currency currency = tab.key.currency;
  const Account scheme =
      receivable_from(card_of(view.cards.methods, tab.key.method).scheme, currency);
  Entries recovered, charged, maximum;
  for (const FareItem& item : tab.items) {
    const bool as_debt = item.books == FareBooks::as_debt;
    Entries& entries = as_debt ? recovered : item.maximum ? maximum : charged;
    add_entry(entries, scheme, Side::debit, item.minor);
    const Account other =
        as_debt ? debt_of(tab.rider, currency) : payable_to(item.transit, currency);
    add_entry(entries, other, Side::credit, item.minor);
  }
  Events events;
  Entries before;
  const auto post = [&](PostingReason reason, const Entries& entries) -> Outcome<void> {
    if (entries.empty()) return {};
    auto posted = make_posting(view.book, reason, entries, before);
    if (!posted) return std::unexpected(posted.error());
    before.insert(before.end(), entries.begin(), entries.end());
    events.push_back(std::move(*posted));
    return {};
  };
  const std::int64_t debt = debt_of_tab(tab);
  if (debt > 0) events.push_back(DebtRecovered{tab.rider, {debt, currency}});
  if (auto ok = post(PostingReason::debt_recovered, recovered); !ok)
    return std::unexpected(ok.error());
  if (sum_of(tab) > debt) events.push_back(AggregationCharged{id, {sum_of(tab) - debt, currency}});
  if (auto ok = post(PostingReason::aggregation_charged, charged); !ok)
    return std::unexpected(ok.error());
  if (auto ok = post(PostingReason::maximum_fare_charged, maximum); !ok)
    return std::unexpected(ok.error());
  return events;
}

// Asked now; nobody waits for the answer.
RailRequested ask_for(const AfterSale& view, AggregationId id, const Tab& tab, const Moment& moment,
                      const Events& so_far) {
  const auto terms = card_terms_in_force(view.cards.methods);
  assert(terms);  // without any, nobody rides on a card
  RailRequest asked;
  asked.cause = RailCause::aggregation;
  asked.about = id.value;
  asked.rider = tab.rider;
  asked.method = tab.key.method;
  asked.amount = {sum_of(tab), tab.key.currency};
  asked.deadline = moment.now + (*terms)->quiet_answer_within;
  return ask_rail(view.cards.rails, so_far, asked);
}

Instant next_try(const CardTerms& terms, const Tab& tab, Instant now) {
  return std::min(now + terms.retry_every, tab.written_off);
}

void clear_if_last(const AfterSale& view, const Tab& tab, AggregationId id, Events& events) {
  if (view.cards.fares.denied.contains(tab.rider) && would_clear(view.cards.fares, tab.rider, id))
    events.push_back(DenyListCleared{tab.rider, DenyCause::declined_fares});
}

void append(Events& events, Events more) { std::ranges::move(more, std::back_inserter(events)); }

void approved(const AfterSale& view, const Answered& answered, AggregationId id, const Tab& tab,
              const Moment& moment, Events& events) {
  const CardTerms& terms = **card_terms_in_force(view.cards.methods);
  auto postings = paid(view, id, tab);
  const RailKind then = postings ? RailKind::capture : RailKind::reverse;
  events.push_back(ask_rail(
      view.cards.rails, events,
      following(then, answered.request, answered.asked, answered.approval, answered.asked.amount)));
  if (!postings) {  // the books are full
    events.push_back(AggregationPostponed{id, answered.request, next_try(terms, tab, moment.now)});
    return;
  }
  events.push_back(AggregationAuthorised{id, answered.request, tab.key.method,
                                         answered.asked.amount, answered.approval});
  append(events, std::move(*postings));
  clear_if_last(view, tab, id, events);
}

// The scheme answers for the first rides of a card, if they are few.
bool is_first_ride_risk(const AfterSale& view, const Tab& tab) {
  const CardKey& card = card_of(view.cards.methods, tab.key.method);
  const CardTerms& terms = **card_terms_in_force(view.cards.methods);
  return tab.key.currency == terms.currency && !view.cards.methods.ridden.contains(card) &&
         sum_of(tab) <= first_ride_max(terms, card.scheme);
}

void declined(const AfterSale& view, const Answered& answered, AggregationId id, const Tab& tab,
              const Moment& moment, Events& events) {
  const CardTerms& terms = **card_terms_in_force(view.cards.methods);
  const Money sum = answered.asked.amount;
  const bool is_last = tab.declines >= terms.retries_max;
  const Instant next = is_last ? tab.written_off : next_try(terms, tab, moment.now);
  events.push_back(AggregationDeclined{id, answered.request, tab.key.method, sum, next});
  if (is_first_ride_risk(view, tab)) {
    auto postings = paid(view, id, tab);
    if (postings) {
      events.push_back(FirstRideRiskIncurred{id, answered.request, tab.key.method, sum});
      append(events, std::move(*postings));
      events.push_back(
          ask_rail(view.cards.rails, events,
                   following(RailKind::capture, answered.request, answered.asked, {}, sum)));
      return;
    }
  }
  if (!view.cards.fares.denied.contains(tab.rider))
    events.push_back(DenyListed{tab.rider, DenyCause::declined_fares, tab.key.method});
}

// By contract it is the programme's loss, or the operator is owed less.
Decision write_off(const AfterSale& view, AggregationId id, const Tab& tab) {
  const Currency currency = tab.key.currency;
  const CardTerms& terms = **card_terms_in_force(view.cards.methods);
  Entries entries;
  for (const FareItem& item : tab.items) {
    if (item.books != FareBooks::as_debt) continue;  // nobody was owed anything yet
    const bool by_operator = ride_terms(terms, item.transit).bearer == DebtBearer::transit_operator;
    const Account bearer =
        by_operator ? payable_to(item.transit, currency) : Account{Chart::bad_debt, 0, currency};
    add_entry(entries, bearer, Side::debit, item.minor);
    add_entry(entries, debt_of(tab.rider, currency), Side::credit, item.minor);
  }
  Events events{DebtWrittenOff{id, tab.rider, {sum_of(tab), currency}}};
  if (!entries.empty()) {
    auto posted = make_posting(view.book, PostingReason::debt_written_off, std::move(entries));
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

}  // namespace

std::int64_t debt_not_due(const CardFares& fares, RiderId rider, Currency currency) {
  std::int64_t sum = 0;
  each_tab(fares, rider, [&](AggregationId, const Tab& tab) {
    const bool is_due = tab.stage == TabStage::waiting && tab.declines > 0;
    if (tab.key.currency == currency && !is_due) sum += debt_of_tab(tab);
  });
  return sum;
}

std::int64_t debt_on_tabs(const CardFares& fares, RiderId rider, Currency currency) {
  std::int64_t sum = 0;
  each_tab(fares, rider, [&](AggregationId, const Tab& tab) {
    if (tab.key.currency == currency) sum += debt_of_tab(tab);
  });
  return sum;
}

bool would_clear(const CardFares& fares, RiderId rider, AggregationId without) {
  bool clear = true;
  each_tab(fares, rider, [&](AggregationId id, const Tab& tab) {
    if (id != without && tab.declines > 0) clear = false;
  });
  return clear;
}

// Other debts of the rider's are older: a load recovers them first.
void fares_recovered(const Cards& cards, const Book& book, RiderId rider, Money amount,
                     Events& events) {
  const Currency currency = amount.currency;
  const std::int64_t on_tabs = debt_on_tabs(cards.fares, rider, currency);
  if (on_tabs == 0) return;
  const std::int64_t others = balance(book, debt_of(rider, currency)) - on_tabs;
  std::int64_t left = std::max(amount.minor - others, std::int64_t{0});
  bool still_owing = false;
  each_tab(cards.fares, rider, [&](AggregationId id, const Tab& tab) {
    if (tab.declines == 0) return;
    const bool takes = tab.stage == TabStage::waiting && tab.key.currency == currency;
    const std::int64_t part = takes ? std::min(left, debt_of_tab(tab)) : 0;
    left -= part;
    if (part > 0) events.push_back(FareDebtRecovered{id, rider, {part, currency}});
    if (part < sum_of(tab)) still_owing = true;
  });
  if (!still_owing && cards.fares.denied.contains(rider))
    events.push_back(DenyListCleared{rider, DenyCause::declined_fares});
}

Decision decide(const AfterSale& view, const AdvanceAggregation& command, const Moment& moment) {
  const auto found = view.cards.fares.tabs.find(command.aggregation);
  if (found == view.cards.fares.tabs.end()) return refuse(Refusal::timer_must_be_due);
  const Tab& tab = found->second;
  if (tab.stage == TabStage::asked || moment.now < tab.next)
    return refuse(Refusal::timer_must_be_due);
  const auto terms = card_terms_in_force(view.cards.methods);
  assert(terms);
  Events events;
  if (tab.stage == TabStage::open) {
    const Money sum{sum_of(tab), tab.key.currency};
    events.push_back(AggregationClosed{command.aggregation, tab.rider, sum,
                                       moment.now + (*terms)->write_off_after});
    if (sum.minor == 0) return {std::move(events), Done{}};
  } else if (moment.now >= tab.written_off) {
    return write_off(view, command.aggregation, tab);
  }
  events.push_back(ask_for(view, command.aggregation, tab, moment, events));
  return {std::move(events), Done{}};
}

Decision decide(const AfterSale& view, const ClearDenyList& command, const Moment&) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  if (!view.cards.fares.denied.contains(command.rider))
    return refuse(Refusal::rider_must_be_deny_listed);
  // From here on it succeeds.
  return {{DenyListCleared{command.rider, DenyCause::declined_fares, command.desk}}, Done{}};
}

void fares_answered(const AfterSale& view, const Answered& answered, const Moment& moment,
                    Events& events) {
  const AggregationId id{answered.asked.about};
  const Tab& tab = view.cards.fares.tabs.at(id);
  switch (answered.outcome) {
    case RailOutcome::approved:
      return approved(view, answered, id, tab, moment, events);
    case RailOutcome::declined:
      return declined(view, answered, id, tab, moment, events);
    case RailOutcome::unavailable:
      return fares_unanswered(view, answered.request, id, moment, events);
  }
}

void fares_unanswered(const AfterSale& view, RailRequestId request, AggregationId id,
                      const Moment& moment, Events& events) {
  const CardTerms& terms = **card_terms_in_force(view.cards.methods);
  const Tab& tab = view.cards.fares.tabs.at(id);
  events.push_back(AggregationPostponed{id, request, next_try(terms, tab, moment.now)});
}

void apply(Cards& cards, const AggregationOpened& event) {
  CardFares& fares = cards.fares;
  Tab tab;
  tab.rider = event.rider;
  tab.key = {event.method, event.currency, event.day, event.maximum};
  tab.next = event.closes;
  fares.open[tab.key] = event.aggregation;
  fares.by_rider.insert({event.rider, event.aggregation});
  fares.due.insert({event.closes, event.aggregation});
  fares.tabs[event.aggregation] = std::move(tab);
}

void apply(Cards& cards, const FareAggregated& event) {
  cards.fares.tabs.at(event.aggregation)
      .items.push_back(
          {event.journey, event.transit, event.amount.minor, event.books, event.maximum});
  const auto ride = cards.fares.rides.find(event.journey);
  if (ride != cards.fares.rides.end()) ride->second.aggregation = event.aggregation;
}

void apply(Cards& cards, const AggregationAdjusted& event) {
  Tab& tab = cards.fares.tabs.at(event.aggregation);
  const bool empty = take_from_items(
      tab, event.less.minor, [&](const FareItem& item) { return item.journey == event.journey; });
  if (empty) end_tab(cards.fares, event.aggregation, [](CardRide&) {});
}

void apply(Cards& cards, const AggregationClosed& event) {
  CardFares& fares = cards.fares;
  Tab& tab = fares.tabs.at(event.aggregation);
  fares.open.erase(tab.key);
  tab.written_off = event.written_off;
  if (event.sum.minor == 0) end_tab(fares, event.aggregation, [](CardRide&) {});
}

void fares_asked(CardFares& fares, AggregationId id) {
  Tab& tab = fares.tabs.at(id);
  fares.due.erase({tab.next, id});
  tab.stage = TabStage::asked;
}

void apply(Cards& cards, const AggregationAuthorised& event) {
  pay_tab(cards, event.aggregation, event.request, event.method);
}

void apply(Cards& cards, const AggregationDeclined& event) {
  Tab& tab = cards.fares.tabs.at(event.aggregation);
  ++tab.declines;
  cards.methods.ridden.insert(card_of(cards.methods, event.method));
  wait_until(cards.fares, event.aggregation, tab, event.next);
}

void apply(Cards& cards, const AggregationPostponed& event) {
  wait_until(cards.fares, event.aggregation, cards.fares.tabs.at(event.aggregation), event.next);
}

void apply(Cards& cards, const FirstRideRiskIncurred& event) {
  pay_tab(cards, event.aggregation, event.request, event.method);
}

void apply(Cards& cards, const FareDebtRecovered& event) {
  Tab& tab = cards.fares.tabs.at(event.aggregation);
  const bool empty = take_from_items(tab, event.amount.minor, [](const FareItem& item) {
    return item.books == FareBooks::as_debt;
  });
  if (empty) end_tab(cards.fares, event.aggregation, [](CardRide&) {});
}

void apply(Cards& cards, const DenyListed& event) {
  if (event.because != DenyCause::declined_fares) return;
  cards.fares.denied[event.rider] = *event.method;
  cards.fares.denied_cards.insert({card_of(cards.methods, *event.method), event.rider});
}

void apply(Cards& cards, const DenyListCleared& event) {
  if (event.because != DenyCause::declined_fares) return;
  const auto denied = cards.fares.denied.find(event.rider);
  assert(denied != cards.fares.denied.end());
  cards.fares.denied_cards.erase({card_of(cards.methods, denied->second), event.rider});
  cards.fares.denied.erase(denied);
}

void apply(Cards& cards, const DebtWrittenOff& event) {
  end_tab(cards.fares, event.aggregation, [](CardRide& ride) { ride.written_off = true; });
}

}  // namespace obverse
