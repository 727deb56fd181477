// What the bank says, held against the books. A statement is taken whole or not at all, and once;
// then its entries are posted one by one. What nobody can explain waits in suspense until somebody
// does.
#pragma once

#include <map>
#include <vector>

#include "ledger/rules/money/payouts.h"

namespace obverse {

struct StatementPart {
  Digest digest;
  std::uint32_t part = 0;
  friend auto operator<=>(const StatementPart&, const StatementPart&) = default;
};
struct AccountOf {
  BankId bank;
  Currency currency = Currency::jpy;
  friend constexpr auto operator<=>(const AccountOf&, const AccountOf&) = default;
};
// A statement whose entries are still being posted.
struct Posting {
  AccountOf account;
  Instant imported_at;
  std::vector<ImportedEntry> entries;
  std::uint32_t next = 0;
  friend bool operator==(const Posting&, const Posting&) = default;
};
struct Break {
  BankId bank;
  Money amount;  // positive: money in
  std::int64_t value_day = 0;
  friend bool operator==(const Break&, const Break&) = default;
};
struct Reconciliation {
  std::map<StatementPart, StatementId> imported;
  std::map<AccountOf, std::int64_t> closing;  // of the last statement
  std::map<StatementId, Posting> posting;
  std::map<StatementLine, Break> breaks;  // open ones
  friend bool operator==(const Reconciliation&, const Reconciliation&) = default;
};

// Opening + entries = closing, and the opening is the last closing of that account.
Decision decide(const SettlementView&, const ImportStatement&, const Moment&);
Decision decide(const SettlementView&, const PostStatementEntry&, const Moment&);  // timer
Decision decide(const SettlementView&, const ResolveBreak&, const Moment&);

struct PostingDue {
  Instant at;
  StatementId statement;
};
std::optional<PostingDue> next_due(const Reconciliation&);

void apply(Reconciliation&, const StatementImported&);
void apply(Reconciliation&, const StatementEntryMatched&);
void apply(Reconciliation&, const StatementEntryUnmatched&);
void apply(Reconciliation&, const BreakResolved&);

}  // namespace obverse
