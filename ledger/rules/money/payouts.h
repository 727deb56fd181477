// Payouts on their way: instructed by a batch, put into a bank's file, confirmed, returned or
// rejected. Every one ends. The file's bytes are made outside; what is decided here is which
// payouts are in it, once and for ever, and what its digest is.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "ledger/rules/money/book.h"
#include "ledger/rules/money/windows.h"

namespace obverse {

// Matched: a statement speaks of it, and the posting is about to be made.
enum class PayoutState : std::uint8_t {
  instructed = 1,
  in_file,
  matched,
  confirmed,
  coming_back,
  returned,
  rejected
};
struct Payout {
  WindowId window;
  Party payee;
  Money amount;
  PayoutAccountId account;
  Label reference;
  std::int64_t day = 0;  // due; once in a file, that of the file
  BankId bank;           // whose file
  PayoutState state = PayoutState::instructed;
  friend bool operator==(const Payout&, const Payout&) = default;
};
struct PayoutFile {
  PayoutFileId id;
  BankId bank;
  std::int64_t day = 0;
  Digest digest;
  friend bool operator==(const PayoutFile&, const PayoutFile&) = default;
};
struct AmountOf {
  std::int64_t minor = 0;
  PayoutId payout;
  friend constexpr auto operator<=>(const AmountOf&, const AmountOf&) = default;
};
struct Payouts {
  std::map<PayoutId, Payout> all;
  std::map<Label, PayoutId> references;
  std::map<Code, PayoutFile> files;
  std::set<AmountOf> in_file;    // what a bank may debit
  std::set<AmountOf> confirmed;  // what may come back
  std::set<PayoutId> instructed;
  friend bool operator==(const Payouts&, const Payouts&) = default;
};

const Payout* find(const Payouts&, PayoutId);

// The same code, content and digest again: the same answer, and nothing happens.
Decision decide(const SettlementView&, const ProducePayoutFile&, const Moment&);
// Before the bank has confirmed it: the payee is owed again.
Decision decide(const SettlementView&, const RejectPayout&, const Moment&);

// What the bank has done, as postings: the first ends a payout that is under way, the second brings
// back one that had ended. `from` is the account that stands for the bank's side.
Outcome<Posted> post_confirmed(const Book&, const Payout&, const Account& from);
Outcome<Posted> post_returned(const Book&, const Payout&, const Account& from);

void apply(Payouts&, const PayoutInstructed&);
void apply(Payouts&, const PayoutMigrated&);
void apply(Payouts&, const PayoutFileProduced&);
void apply(Payouts&, const PayoutConfirmed&);
void apply(Payouts&, const PayoutReturned&);
void apply(Payouts&, const PayoutRejected&);
void apply(Payouts&, const StatementImported&);

}  // namespace obverse
