// The books as another system left them: balances by one posting or several, and the payouts that
// were under way. Only before anything else is posted; after that nobody makes money by a word.
#pragma once

#include <map>

#include "ledger/rules/money/payouts.h"

namespace obverse {

struct Openings {
  bool is_over = false;                       // something else was posted
  std::map<Account, std::int64_t> under_way;  // payouts told of, not yet in a posting
  friend bool operator==(const Openings&, const Openings&) = default;
};

Decision decide(const SettlementView&, const OpenBooks&, const Moment&);
// Told before the posting that has its money.
Decision decide(const SettlementView&, const MigratePayout&, const Moment&);

void apply(Openings&, const Posted&);
void apply(Openings&, const PayoutMigrated&);

}  // namespace obverse
