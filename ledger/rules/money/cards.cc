#include "ledger/rules/money/cards.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace obverse {
namespace {

// What a load of this decision has recovered of the rider's debt, from the wallet.
struct Recovered {
  RiderId rider;
  Money amount;
};
std::optional<Recovered> recovered_from_wallet(const Events& events) {
  for (const Event& event : events) {
    const auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr || posted->reason != PostingReason::debt_recovered) continue;
    for (const Entry& entry : posted->entries)
      if (entry.account.chart == Chart::wallet)
        return Recovered{{entry.account.owner}, {entry.minor, entry.account.currency}};
  }
  return {};
}

}  // namespace

bool has_open_business(const Cards& cards, RiderId rider) {
  return cards.open_business.contains(rider);
}

bool is_contested(const Cards& cards, PurchaseId id) {
  return is_disputed(cards.disputes, id) || cards.claims.claimed.contains(id);
}

void finish_business(const AfterSale& view, RiderId rider, std::optional<HoldId> ended,
                     Events& events) {
  const bool holds =
      ended ? has_open_hold_besides(view.holds, rider, *ended) : has_open_hold(view.holds, rider);
  const auto count = view.cards.open_business.find(rider);
  const bool others = count != view.cards.open_business.end() && count->second > 1;
  std::ranges::move(
      finish_erasure(view.enrolments, rider, holds || others || view.has_open_journey(rider)),
      std::back_inserter(events));
}

void business_begins(Cards& cards, RiderId rider) { ++cards.open_business[rider]; }

void business_ends(Cards& cards, RiderId rider) {
  const auto found = cards.open_business.find(rider);
  assert(found != cards.open_business.end() && found->second > 0);
  if (--found->second == 0) cards.open_business.erase(found);
}

void follow_up(const AfterSale& view, const Moment& moment, Decision& decision) {
  if (!view.cards.fares.tabs.empty()) {
    if (const auto recovered = recovered_from_wallet(decision.events))
      fares_recovered(view.cards, view.book, recovered->rider, recovered->amount, decision.events);
  }
  if (!view.cards.loads.set.empty()) load_if_low(view, moment, decision.events);
}

std::optional<CardDue> next_due(const Cards& cards) {
  std::optional<CardDue> first;
  const auto consider = [&](const auto& due, auto command_of) {
    if (due.empty()) return;
    const auto& row = *due.begin();
    if (!first || row.at < first->at) first = CardDue{row.at, command_of(row)};
  };
  consider(cards.rails.due, [](const RailDue& due) { return ExpireRailRequest{due.request}; });
  consider(cards.fares.due, [](const TabDue& due) { return AdvanceAggregation{due.aggregation}; });
  consider(cards.disputes.due, [](const DisputeDue& due) { return AdvanceDispute{due.dispute}; });
  consider(cards.methods.due, [](const MethodDue& due) { return ExpirePaymentMethod{due.method}; });
  return first;
}

}  // namespace obverse
