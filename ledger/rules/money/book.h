// Double entry: the only place where a balance changes, by the only event that can, Posted. It
// knows charts of account and signs, not why money moves, and not what is held.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "ledger/model/account.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"

namespace obverse {

// All that was ever posted to an account, minor units; both only grow.
struct Turnover {
  std::int64_t debits = 0;
  std::int64_t credits = 0;
  friend bool operator==(const Turnover&, const Turnover&) = default;
};

struct Book {
  std::map<Account, Turnover> accounts;  // iterate here: by chart, owner, currency
  std::map<Currency, Turnover> totals;   // of all accounts: while these fit, every account fits
  friend bool operator==(const Book&, const Book&) = default;
};

// Debits equal credits per currency, every amount positive, at least two entries, no overflow.
bool is_balanced(const Entries&);
// Money comes from outside only for reasons that may bring it (invariant 11).
bool is_allowed(PostingReason, const Entries&);

// A posting that the book can take. `before` are entries of earlier postings of the same decision,
// which the book has not seen yet. Refuses amount_must_be_positive, amount_must_fit (a turnover
// would overflow), funds_must_cover_amount (a wallet would fall below zero). Unbalanced entries and
// entries not allowed for the reason are bugs of the caller.
Outcome<Posted> make_posting(const Book&, PostingReason, Entries,
                             std::span<const Entry> before = {});

void apply(Book&, const Posted&);

// On the account's normal side: what a wallet holds is positive, so is what a bank account holds.
std::int64_t balance(const Book&, const Account&);

// Per currency the sum of all accounts. Debits equal credits, always (invariant 2).
std::map<Currency, Turnover> trial_balance(const Book&);

}  // namespace obverse
