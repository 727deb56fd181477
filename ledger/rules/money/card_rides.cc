#include "ledger/rules/money/card_rides.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/rules/money/cards.h"

namespace obverse {
namespace {

Duration local_offset(const Parties& parties) {
  const auto policy = policy_in_force(parties);
  return policy ? (*policy)->day_offset : Policy{}.day_offset;
}

bool is_denied(const CardFares& fares, RiderId rider, const CardKey& card) {
  if (fares.denied.contains(rider)) return true;
  const auto at = fares.denied_cards.lower_bound({card, {}});
  return at != fares.denied_cards.end() && at->card == card;
}

// What the fares of that day are put on: the tab that is open, or a new one.
struct Place {
  AggregationId id;
  std::optional<AggregationOpened> opened;
};
Place tab_for(const CardGate& gate, const CardRide& ride, Currency currency, Duration waits,
              const Moment& moment) {
  const bool maximum = waits > Duration{};
  const TabKey key{ride.method, currency, ride.day, maximum};
  const auto open = gate.cards.fares.open.find(key);
  if (open != gate.cards.fares.open.end()) return {open->second, {}};
  const CardTerms& terms = **card_terms_in_force(gate.cards.methods);
  const Instant day_over{days(ride.day + 1).ms + terms.day_begins.ms -
                         local_offset(gate.parties).ms};
  const Instant closes =
      maximum ? moment.now + waits : std::max(day_over + terms.closes_after, moment.now);
  const AggregationId id{moment.position.value};
  return {id, AggregationOpened{id, ride.rider, ride.method, currency, ride.day, maximum, closes}};
}

const CardRide& ride_of(const Cards& cards, JourneyId id) {
  const auto found = cards.fares.rides.find(id);
  assert(found != cards.fares.rides.end());
  return found->second;
}

// What of this journey is on the tab, and in whose books.
struct OnTab {
  std::int64_t minor = 0;
  std::int64_t as_debt = 0;
};
OnTab on_tab(const Tab& tab, JourneyId journey) {
  OnTab out;
  for (const FareItem& item : tab.items) {
    if (item.journey != journey) continue;
    out.minor += item.minor;
    if (item.books == FareBooks::as_debt) out.as_debt += item.minor;
  }
  return out;
}

CardRide ride_from(const CardRideOpened& opened) {
  CardRide ride;
  ride.rider = opened.rider;
  ride.method = opened.method;
  ride.day = opened.day;
  return ride;
}

// On the tab of its day.
Outcome<Events> charge(const CardGate& gate, const CardRide& ride, RideFare fare,
                       PostingReason reason, Money amount, const Moment& moment) {
  if (amount.minor == 0) return Events{};
  const RideTerms& terms = ride_terms(**card_terms_in_force(gate.cards.methods), fare.transit);
  const bool is_maximum = reason == PostingReason::maximum_fare_charged;
  const Place place =
      tab_for(gate, ride, amount.currency, is_maximum ? terms.maximum_waits : Duration{}, moment);
  Events events;
  if (place.opened) events.push_back(*place.opened);
  events.push_back(
      FareAggregated{place.id, fare.journey, fare.transit, amount, terms.books, is_maximum});
  if (terms.books == FareBooks::when_charged) return events;
  auto posted =
      make_posting(gate.book, reason,
                   {{debt_of(ride.rider, amount.currency), Side::debit, amount.minor},
                    {payable_to(fare.transit, amount.currency), Side::credit, amount.minor}});
  if (!posted) return std::unexpected(posted.error());
  events.push_back(std::move(*posted));
  return events;
}

// The fare is less than it was: first what nobody has paid yet, then back to what has paid it.
Outcome<Events> give_back(const CardGate& gate, RideFare fare, Money back) {
  const CardRide& ride = ride_of(gate.cards, fare.journey);
  if (ride.written_off) return std::unexpected(Refusal::correction_must_be_in_time);
  const Currency currency = back.currency;
  Events events;
  Entries credits;
  std::int64_t left = back.minor;
  std::int64_t posted_minor = 0;
  const auto credit = [&](const Account& account, std::int64_t minor) {
    if (minor > 0) credits.push_back({account, Side::credit, minor});
    posted_minor += minor;
  };
  const auto& tabs = gate.cards.fares.tabs;
  const auto tab = ride.aggregation ? tabs.find(*ride.aggregation) : tabs.end();
  if (tab != tabs.end()) {
    if (tab->second.stage == TabStage::asked)
      return std::unexpected(Refusal::charge_must_not_be_pending);
    const OnTab open = on_tab(tab->second, fare.journey);
    const std::int64_t less = std::min(left, open.minor);
    if (less > 0) {
      events.push_back(AggregationAdjusted{tab->first, fare.journey, {less, currency}});
      credit(debt_of(ride.rider, currency), std::min(less, open.as_debt));
    }
    left -= less;
    const bool ends = tab->second.items.size() == 1 && less == open.minor;
    if (ends && gate.cards.fares.denied.contains(ride.rider) &&
        would_clear(gate.cards.fares, ride.rider, tab->first))
      events.push_back(DenyListCleared{ride.rider, DenyCause::declined_fares});
  }
  if (left > 0 && ride.charged) {
    credit(payable_to(card_of(gate.cards.methods, ride.method).scheme, currency), left);
    RailRequest refund;
    refund.kind = RailKind::refund;
    refund.cause = RailCause::fare;
    refund.about = fare.journey.value;
    refund.rider = ride.rider;
    refund.method = ride.method;
    refund.amount = {left, currency};
    refund.original = ride.charged;
    refund.approval = approval_of(gate.cards.rails, *ride.charged);
    events.push_back(ask_rail(gate.cards.rails, events, refund));
  } else if (left > 0) {
    credit(wallet_of(ride.rider, currency), left);  // a load has recovered it
  }
  if (posted_minor == 0) return events;
  credits.insert(credits.begin(), {payable_to(fare.transit, currency), Side::debit, posted_minor});
  auto posted = make_posting(gate.book, PostingReason::fare_adjusted, std::move(credits));
  if (!posted) return std::unexpected(posted.error());
  events.push_back(std::move(*posted));
  return events;
}

}  // namespace

Outcome<std::optional<PaymentMethodId>> card_for_ride(const Cards& cards, RiderId rider,
                                                      Instant now) {
  if (cards.fares.denied.contains(rider))
    return std::unexpected(Refusal::rider_must_not_be_deny_listed);
  const auto chosen = cards.methods.fares.find(rider);
  if (chosen == cards.methods.fares.end()) return std::nullopt;
  const auto method = must_be_usable(cards.methods, rider, chosen->second, now);
  if (!method) return std::unexpected(method.error());
  if (is_denied(cards.fares, rider, (*method)->card))
    return std::unexpected(Refusal::rider_must_not_be_deny_listed);
  return chosen->second;
}

CardRideOpened ride_on_card(const Cards& cards, const Parties& parties, JourneyId journey,
                            RiderId rider, PaymentMethodId method, Instant now) {
  const CardTerms& terms = **card_terms_in_force(cards.methods);
  return {journey, rider, method, day_number(now, local_offset(parties), terms.day_begins)};
}

bool is_card_ride(const Cards& cards, JourneyId journey) {
  return cards.fares.rides.contains(journey);
}

Outcome<Events> charge_ride(const CardGate& gate, RideFare fare, PostingReason reason, Money amount,
                            const Moment& moment) {
  return charge(gate, ride_of(gate.cards, fare.journey), fare, reason, amount, moment);
}

Outcome<Events> charge_opened(const CardGate& gate, const CardRideOpened& opened,
                              OperatorId transit, Money amount, const Moment& moment) {
  return charge(gate, ride_from(opened), {opened.journey, transit}, PostingReason::fare_charged,
                amount, moment);
}

Outcome<Events> adjust_ride(const CardGate& gate, RideFare fare, Money from, Money to,
                            const Moment& moment) {
  const std::int64_t change = to.minor - from.minor;
  if (change >= 0)
    return charge_ride(gate, fare, PostingReason::fare_adjusted, {change, to.currency}, moment);
  return give_back(gate, fare, {-change, to.currency});
}

void apply(Cards& cards, const CardRideOpened& event) {
  cards.fares.rides[event.journey] = ride_from(event);
}

void apply(Cards& cards, const JourneyClosed& event) { cards.fares.rides.erase(event.journey); }

}  // namespace obverse
