// The book: what a posting must be, and the folding of postings into turnovers.
#include "ledger/rules/money/book.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace obverse {
namespace {

// Adds an entry to a turnover; false, and nothing added, if it does not fit.
bool add_to(Turnover& turnover, const Entry& entry) {
  std::int64_t& side = entry.side == Side::debit ? turnover.debits : turnover.credits;
  const auto sum = add(side, entry.minor);
  if (!sum) return false;
  side = *sum;
  return true;
}

bool add_all(Turnover& turnover, std::span<const Entry> entries, Currency currency) {
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    return entry.account.currency != currency || add_to(turnover, entry);
  });
}

bool are_positive(const Entries& entries) {
  return std::ranges::all_of(entries, [](const Entry& entry) { return entry.minor > 0; });
}

// Bank, scheme and owners stand outside of these books. A scheme's debt to us comes and goes with
// what its cards pay; its money comes with its funding.
bool may_touch(PostingReason reason, Chart outside) {
  switch (reason) {
    case PostingReason::funds_loaded:
    case PostingReason::payout_confirmed:
    case PostingReason::payout_returned:
    case PostingReason::statement_entry_unmatched:
    case PostingReason::break_resolved:
    case PostingReason::safeguarding_deposit_adjusted:
    case PostingReason::opening:
      return true;
    case PostingReason::scheme_funding_received:
      return outside == Chart::bank || outside == Chart::scheme_receivable;
    case PostingReason::purchase_captured:
    case PostingReason::purchase_reversed:
    case PostingReason::debt_recovered:
    case PostingReason::maximum_fare_charged:
    case PostingReason::aggregation_charged:
      return outside == Chart::scheme_receivable;
    default:
      return false;
  }
}

// A wallet's floor is zero.
bool has_floor(Chart chart) { return chart == Chart::wallet || chart == Chart::wallet_bonus; }

template <class Key>
Turnover turnover_of(const std::map<Key, Turnover>& rows, const Key& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? Turnover{} : found->second;
}

// What the account will have turned over once `before` and `entries` are posted. The totals fit, so
// this does.
Turnover turnover_after(const Book& book, const Account& account, std::span<const Entry> before,
                        std::span<const Entry> entries) {
  Turnover after = turnover_of(book.accounts, account);
  for (const auto& part : {before, entries}) {
    for (const Entry& entry : part) {
      if (entry.account != account) continue;
      [[maybe_unused]] const bool fits = add_to(after, entry);
      assert(fits);
    }
  }
  return after;
}

bool totals_fit(const Book& book, std::span<const Entry> before, std::span<const Entry> entries) {
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    const Currency currency = entry.account.currency;
    Turnover total = turnover_of(book.totals, currency);
    return add_all(total, before, currency) && add_all(total, entries, currency);
  });
}

}  // namespace

bool is_balanced(const Entries& entries) {
  if (entries.size() < 2 || !are_positive(entries)) return false;
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    Turnover sum;
    return add_all(sum, entries, entry.account.currency) && sum.debits == sum.credits;
  });
}

bool is_allowed(PostingReason reason, const Entries& entries) {
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    return !touches_outside(entry.account.chart) || may_touch(reason, entry.account.chart);
  });
}

Outcome<Posted> make_posting(const Book& book, PostingReason reason, Entries entries,
                             std::span<const Entry> before) {
  if (!are_positive(entries)) return std::unexpected(Refusal::amount_must_be_positive);
  if (!totals_fit(book, before, entries)) return std::unexpected(Refusal::amount_must_fit);
  assert(is_balanced(entries) && is_allowed(reason, entries));
  for (const Entry& entry : entries) {
    if (!has_floor(entry.account.chart) || entry.side == Side::credit) continue;
    const Turnover after = turnover_after(book, entry.account, before, entries);
    if (after.debits > after.credits) return std::unexpected(Refusal::funds_must_cover_amount);
  }
  return Posted{reason, std::move(entries)};
}

void apply(Book& book, const Posted& event) {
  assert(is_balanced(event.entries) && is_allowed(event.reason, event.entries));
  for (const Entry& entry : event.entries) {
    [[maybe_unused]] const bool fits = add_to(book.accounts[entry.account], entry) &&
                                       add_to(book.totals[entry.account.currency], entry);
    assert(fits);
  }
  assert(std::ranges::all_of(event.entries, [&](const Entry& entry) {
    return !has_floor(entry.account.chart) || balance(book, entry.account) >= 0;
  }));
}

std::int64_t balance(const Book& book, const Account& account) {
  const Turnover turnover = turnover_of(book.accounts, account);
  const std::int64_t debit_balance = turnover.debits - turnover.credits;
  return normal_side(account.chart) == Side::debit ? debit_balance : -debit_balance;
}

std::map<Currency, Turnover> trial_balance(const Book& book) {
  std::map<Currency, Turnover> sums;
  for (const auto& [account, turnover] : book.accounts) {
    Turnover& sum = sums[account.currency];
    sum.debits += turnover.debits;
    sum.credits += turnover.credits;
  }
  return sums;
}

}  // namespace obverse
