#include "ledger/rules/places/ride_payment.h"

#include <utility>

namespace obverse {
namespace {

CardGate card_gate(const GateView& view) { return {view.parties, view.book, view.cards}; }

Entries posted_in(const Events& events) {
  Entries entries;
  for (const Event& event : events)
    if (const auto* posted = std::get_if<Posted>(&event))
      entries.insert(entries.end(), posted->entries.begin(), posted->entries.end());
  return entries;
}

// The card's part is charged; the sponsor's is owed at once.
Outcome<Events> with_sponsor(const GateView& view, Outcome<Events> charged, const Owed& owed) {
  if (!charged || owed.by_sponsor == 0) return charged;
  const Currency currency = owed.by_rider.currency;
  const bool is_more = owed.by_sponsor > 0;
  const std::int64_t minor = is_more ? owed.by_sponsor : -owed.by_sponsor;
  auto posted = make_posting(
      view.book, owed.reason,
      {{receivable_from(owed.sponsor, currency), is_more ? Side::debit : Side::credit, minor},
       {payable_to(owed.transit, currency), is_more ? Side::credit : Side::debit, minor}},
      posted_in(*charged));
  if (!posted) return std::unexpected(posted.error());
  charged->push_back(std::move(*posted));
  return charged;
}

Outcome<Settled> by_card(Outcome<Events> charged) {
  if (!charged) return std::unexpected(charged.error());
  return Settled{std::move(*charged), 0};
}

}  // namespace

Outcome<Settled> pay_ride(const GateView& view, JourneyId id, const Journey& journey,
                          const Owed& owed, const Moment& moment) {
  if (!is_card_ride(view.cards, id)) return settle(view.book, view.holds, journey.hold, owed);
  return by_card(with_sponsor(
      view, charge_ride(card_gate(view), {id, owed.transit}, owed.reason, owed.by_rider, moment),
      owed));
}

Outcome<Settled> pay_at_once(const GateView& view, const std::optional<CardRideOpened>& on_card,
                             const Owed& owed, const Moment& moment) {
  if (!on_card) return settle(view.book, view.holds, {}, owed);
  return by_card(with_sponsor(
      view, charge_opened(card_gate(view), *on_card, owed.transit, owed.by_rider, moment), owed));
}

Outcome<Events> pay_change(const GateView& view, JourneyId id, const Journey& journey,
                           const Owed& change, const Moment& moment) {
  const Currency currency = change.by_rider.currency;
  if (!is_card_ride(view.cards, id)) {
    Owed owed = change;
    owed.debt_of_cards = debt_on_tabs(view.cards.fares, owed.rider, currency);
    return adjust(view.book, view.holds, owed);
  }
  const Money to{journey.charged.minor + change.by_rider.minor, currency};
  return with_sponsor(
      view, adjust_ride(card_gate(view), {id, change.transit}, journey.charged, to, moment),
      change);
}

std::optional<std::int64_t> at_hand(const GateView& view, JourneyId id, const Journey& journey,
                                    Currency currency) {
  if (is_card_ride(view.cards, id)) return std::nullopt;
  const Hold* hold = find(view.holds, journey.hold);
  const std::int64_t free = available(view.book, view.holds, journey.rider, currency).minor;
  return free + (hold == nullptr ? 0 : hold->amount.minor);
}

}  // namespace obverse
