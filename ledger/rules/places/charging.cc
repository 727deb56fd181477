#include "ledger/rules/places/charging.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace obverse {
namespace {

void add(Entries& entries, const Account& account, Side side, std::int64_t minor) {
  if (minor > 0) entries.push_back({account, side, minor});
}
}  // namespace

Outcome<Settled> settle(const Book& book, const Holds& holds, HoldId id, const Owed& owed) {
  const Currency currency = owed.by_rider.currency;
  const Hold* hold = find(holds, id);
  assert(hold != nullptr || id.value == 0);
  const std::int64_t held = hold == nullptr ? 0 : hold->amount.minor;
  const std::int64_t free = available(book, holds, owed.rider, currency).minor;
  const std::int64_t from_wallet = std::min(owed.by_rider.minor, held + free);
  Settled settled{{}, from_wallet};
  const Money from_hold{std::min(owed.by_rider.minor, held), currency};
  if (hold != nullptr && from_hold.minor == 0) {
    const auto released = release_hold(holds, id);
    if (!released) return std::unexpected(released.error());
    settled.events.push_back(*released);
  } else if (hold != nullptr) {
    auto captured = capture_hold(holds, id, from_hold);
    if (!captured) return std::unexpected(captured.error());
    settled.events = std::move(*captured);
  }
  Entries entries;
  add(entries, wallet_of(owed.rider, currency), Side::debit, from_wallet);
  add(entries, debt_of(owed.rider, currency), Side::debit, owed.by_rider.minor - from_wallet);
  add(entries, receivable_from(owed.sponsor, currency), Side::debit, owed.by_sponsor);
  add(entries, payable_to(owed.transit, currency), Side::credit,
      owed.by_rider.minor + owed.by_sponsor);
  if (entries.empty()) return settled;
  auto posted = make_posting(book, owed.reason, std::move(entries));
  if (!posted) return std::unexpected(posted.error());
  settled.events.push_back(std::move(*posted));
  return settled;
}

Outcome<Events> adjust(const Book& book, const Holds& holds, const Owed& owed) {
  const std::int64_t change = owed.by_rider.minor;
  const Currency currency = owed.by_rider.currency;
  const Account debt = debt_of(owed.rider, currency);
  if (available(book, holds, owed.rider, currency).minor < change)
    return std::unexpected(Refusal::funds_must_cover_amount);
  const Account payable = payable_to(owed.transit, currency);
  const std::int64_t from_transit = -(change + owed.by_sponsor);
  Entries entries;
  add(entries, payable, Side::debit, from_transit);
  if (change >= 0) {
    add(entries, wallet_of(owed.rider, currency), Side::debit, change);
  } else {
    const std::int64_t to_debt = std::min(-change, balance(book, debt) - owed.debt_of_cards);
    add(entries, debt, Side::credit, to_debt);
    add(entries, wallet_of(owed.rider, currency), Side::credit, -change - to_debt);
  }
  const Account receivable = receivable_from(owed.sponsor, currency);
  add(entries, receivable, Side::debit, owed.by_sponsor);
  add(entries, receivable, Side::credit, -owed.by_sponsor);
  add(entries, payable, Side::credit, -from_transit);
  if (entries.empty()) return Events{};
  auto posted = make_posting(book, owed.reason, std::move(entries));
  if (!posted) return std::unexpected(posted.error());
  return Events{std::move(*posted)};
}

}  // namespace obverse
