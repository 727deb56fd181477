// Wallets: open one per rider and currency, load money into it from a bank. Its balance is in the
// book, its holds are in holds.h.
#pragma once

#include <cstdint>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/people/enrolments.h"

namespace obverse {

struct Wallets {
  std::set<Account> open;
  friend bool operator==(const Wallets&, const Wallets&) = default;
};

// wallet_must_be_open, if the rider has none in this currency.
Outcome<void> wallet_must_be_open(const Wallets&, RiderId, Currency);
// amount_must_be_positive; amount_must_fit above the bound of one command.
Outcome<void> amount_must_be_fit(Money);

Decision decide(const Wallets&, const Enrolments&, const OpenWallet&, const Moment&);
// Bank to wallet; what the rider owes is recovered from the load first, but for `not_due_minor` of
// it, which a card is going to pay.
Decision decide(const Wallets&, const Book&, const LoadFunds&, const Moment&,
                std::int64_t not_due_minor = 0);

// A load from wherever: FundsLoaded, its posting, and what it recovers of `due_minor` of debt.
struct Load {
  LoadId id;
  RiderId rider;
  Money amount;
  Account source;
  BankId bank;
  std::int64_t due_minor = 0;
};
Outcome<Events> load_wallet(const Book&, const Load&);

void apply(Wallets&, const WalletOpened&);

}  // namespace obverse
