// Holds: placed on what is available, resolved once.
#include "ledger/rules/money/holds.h"

#include <cassert>

namespace obverse {
namespace {

// Takes a part, or all, off an open hold; the hold is resolved when nothing is left of it.
void resolve(Holds& holds, HoldId id, Money part) {
  const auto found = holds.open.find(id);
  assert(found != holds.open.end());
  Hold& hold = found->second;
  assert(part.currency == hold.amount.currency);
  assert(part.minor > 0 && part.minor <= hold.amount.minor);
  const auto sum = holds.held.find(wallet_of(hold.rider, hold.amount.currency));
  assert(sum != holds.held.end() && sum->second >= part.minor);
  sum->second -= part.minor;
  if (sum->second == 0) holds.held.erase(sum);
  hold.amount.minor -= part.minor;
  if (hold.amount.minor > 0) return;
  if (hold.expires) holds.due.erase({*hold.expires, id});
  holds.open.erase(found);
}

// Sums over all currencies of a rider: their wallets stand side by side in the map.
bool holds_more_than(const Holds& holds, RiderId rider, const Hold* besides) {
  const Account first{Chart::wallet, rider.value, Currency{}};
  for (auto row = holds.held.lower_bound(first); row != holds.held.end(); ++row) {
    const auto& [account, minor] = *row;
    if (account.chart != Chart::wallet || account.owner != rider.value) return false;
    const bool is_same = besides && account.currency == besides->amount.currency;
    if (!is_same || minor > besides->amount.minor) return true;
  }
  return false;
}

}  // namespace

const Hold* find(const Holds& holds, HoldId id) {
  const auto found = holds.open.find(id);
  return found == holds.open.end() ? nullptr : &found->second;
}

Money held(const Holds& holds, RiderId rider, Currency currency) {
  const auto found = holds.held.find(wallet_of(rider, currency));
  return {found == holds.held.end() ? 0 : found->second, currency};
}

Money available(const Book& book, const Holds& holds, RiderId rider, Currency currency) {
  // A balance is not negative and no hold is above it, so the difference cannot wrap.
  return {balance(book, wallet_of(rider, currency)) - held(holds, rider, currency).minor, currency};
}

bool has_open_hold(const Holds& holds, RiderId rider) {
  return holds_more_than(holds, rider, nullptr);
}

bool has_open_hold_besides(const Holds& holds, RiderId rider, HoldId besides) {
  const Hold* hold = find(holds, besides);
  assert(!hold || hold->rider == rider);
  return holds_more_than(holds, rider, hold);
}

Outcome<FundsReserved> place_hold(const Book& book, const Holds& holds, HoldId id, RiderId rider,
                                  Money amount, std::optional<Instant> expires) {
  if (amount.minor <= 0) return std::unexpected(Refusal::amount_must_be_positive);
  if (amount.minor > available(book, holds, rider, amount.currency).minor)
    return std::unexpected(Refusal::funds_must_cover_amount);
  return FundsReserved{id, rider, amount, expires};
}

Outcome<Events> capture_hold(const Holds& holds, HoldId id, Money amount) {
  const Hold* hold = find(holds, id);
  if (!hold) return std::unexpected(Refusal::hold_must_be_open);
  if (amount.minor <= 0) return std::unexpected(Refusal::amount_must_be_positive);
  if (amount.currency != hold->amount.currency)
    return std::unexpected(Refusal::currency_must_match);
  if (amount.minor > hold->amount.minor) return std::unexpected(Refusal::capture_must_fit_hold);
  // From here on it succeeds.
  Events events{HoldCaptured{id, amount}};
  const Money rest{hold->amount.minor - amount.minor, amount.currency};
  if (rest.minor > 0) events.push_back(HoldReleased{id, rest});
  return events;
}

Outcome<HoldReleased> release_hold(const Holds& holds, HoldId id) {
  const Hold* hold = find(holds, id);
  if (!hold) return std::unexpected(Refusal::hold_must_be_open);
  return HoldReleased{id, hold->amount};
}

Outcome<HoldExpired> expire_hold(const Holds& holds, HoldId id, Instant now) {
  const Hold* hold = find(holds, id);
  if (!hold) return std::unexpected(Refusal::hold_must_be_open);
  if (!hold->expires || *hold->expires > now) return std::unexpected(Refusal::timer_must_be_due);
  return HoldExpired{id, hold->amount};
}

std::optional<HoldDue> next_due(const Holds& holds) {
  if (holds.due.empty()) return std::nullopt;
  return *holds.due.begin();
}

void apply(Holds& holds, const FundsReserved& event) {
  assert(event.amount.minor > 0);
  [[maybe_unused]] const bool is_new =
      holds.open.emplace(event.hold, Hold{event.rider, event.amount, event.expires}).second;
  assert(is_new);
  holds.held[wallet_of(event.rider, event.amount.currency)] += event.amount.minor;
  if (event.expires) holds.due.insert({*event.expires, event.hold});
}

void apply(Holds& holds, const HoldCaptured& event) { resolve(holds, event.hold, event.amount); }
void apply(Holds& holds, const HoldReleased& event) { resolve(holds, event.hold, event.amount); }
void apply(Holds& holds, const HoldExpired& event) { resolve(holds, event.hold, event.amount); }

}  // namespace obverse
