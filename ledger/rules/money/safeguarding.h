// What the law asks of prepaid value: at the end of every base date, of what is unused above a
// threshold, a part must be on deposit. Bonus value is not asked for.
#pragma once

#include <map>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"

namespace obverse {

struct SettlementView;

struct Safeguarding {
  std::vector<SafeguardingTerms> terms;       // the last one is in force
  std::map<Currency, std::int64_t> unused;    // paid value on wallets, kept as it moves
  std::map<Currency, std::int64_t> required;  // at the last base date
  BaseDate next;                              // once there are terms
  friend bool operator==(const Safeguarding&, const Safeguarding&) = default;
};

// Nothing up to the threshold inclusive; above it the part of the whole, rounded up.
std::int64_t requirement(const SafeguardingTerms&, std::int64_t unused);
// The first base date that has not ended.
BaseDate base_date_after(const SafeguardingTerms&, Instant now, Duration offset);
std::int64_t on_deposit(const Book&, Currency);

Decision decide(const SettlementView&, const PublishSafeguardingTerms&, const Moment&);
Decision decide(const SettlementView&, const AssessSafeguarding&, const Moment&);  // timer
Decision decide(const SettlementView&, const AdjustSafeguardingDeposit&, const Moment&);

std::optional<Instant> next_due(const Safeguarding&);

void apply(Safeguarding&, const Posted&);
void apply(Safeguarding&, const SafeguardingTermsPublished&);
void apply(Safeguarding&, const SafeguardingRequirementComputed&);

}  // namespace obverse
