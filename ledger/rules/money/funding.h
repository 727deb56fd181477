// What card schemes have paid for captures, less what they keep for refunds and chargebacks, and
// less their fee. Refunds and chargebacks are owed to the scheme (2090) until it keeps them; what
// was captured is owed by it (1110) until it pays.
#pragma once

#include <compare>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"

namespace obverse {

struct AfterSale;
struct Cards;

struct FundingKey {
  Scheme scheme = Scheme::visa;
  Code statement;
  friend auto operator<=>(const FundingKey&, const FundingKey&) = default;
};
struct Funding {
  std::set<FundingKey> received;
  friend bool operator==(const Funding&, const Funding&) = default;
};

// Refuses funding_must_be_new, funding_must_fit_receivable.
Decision decide(const AfterSale&, const ReceiveSchemeFunding&, const Moment&);  // Done
void apply(Cards&, const SchemeFundingReceived&);

}  // namespace obverse
