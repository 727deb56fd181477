// The sum of settlement: what it remembers, and what its decisions may look at.
#pragma once

#include "ledger/rules/money/batches.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/clearing.h"
#include "ledger/rules/money/openings.h"
#include "ledger/rules/money/payouts.h"
#include "ledger/rules/money/reconciliation.h"
#include "ledger/rules/money/safeguarding.h"
#include "ledger/rules/money/terms.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/money/windows.h"

namespace obverse {

struct Settlement {
  Terms terms;
  Windows windows;
  Batches batches;
  Payouts payouts;
  Reconciliation reconciliation;
  Clearing clearing;
  Safeguarding safeguarding;
  Openings openings;
  friend bool operator==(const Settlement&, const Settlement&) = default;
};

struct SettlementView {
  const Settlement& settlement;
  const Book& book;
  const Parties& parties;
  const Wallets& wallets;
};

Decision decide(const SettlementView&, const PublishSettlementCalendar&, const Moment&);
Decision decide(const SettlementView&, const PublishFeeSchedule&, const Moment&);
Decision decide(const SettlementView&, const SetOwnAccount&, const Moment&);
Decision decide(const SettlementView&, const SetPayoutAccount&, const Moment&);

// The timer of settlement that runs out first.
struct SettlementDue {
  Instant at;
  Command command;
};
std::optional<SettlementDue> next_due(const Settlement&);

// To every part that the event concerns.
void apply(Settlement&, const Posted&);
void apply(Settlement&, const SettlementCalendarPublished&);
void apply(Settlement&, const FeeSchedulePublished&);
void apply(Settlement&, const AgreementPublished&);
void apply(Settlement&, const SafeguardingTermsPublished&);
void apply(Settlement&, const OwnAccountSet&);
void apply(Settlement&, const PayoutAccountSet&);
void apply(Settlement&, const SettlementWindowOpened&);
void apply(Settlement&, const SettlementWindowClosed&);
void apply(Settlement&, const SettlementItemAssigned&);
void apply(Settlement&, const SettlementBatchFormed&);
void apply(Settlement&, const SettlementCarriedForward&);
void apply(Settlement&, const SettlementDeferred&);
void apply(Settlement&, const ReserveWithheld&);
void apply(Settlement&, const ReserveReleased&);
void apply(Settlement&, const PayoutInstructed&);
void apply(Settlement&, const PayoutFileProduced&);
void apply(Settlement&, const PayoutConfirmed&);
void apply(Settlement&, const PayoutReturned&);
void apply(Settlement&, const PayoutRejected&);
void apply(Settlement&, const PayoutMigrated&);
void apply(Settlement&, const SettlementWindowSettled&);
void apply(Settlement&, const StatementImported&);
void apply(Settlement&, const StatementEntryMatched&);
void apply(Settlement&, const StatementEntryUnmatched&);
void apply(Settlement&, const BreakResolved&);
void apply(Settlement&, const ApportionmentComputed&);
void apply(Settlement&, const NetPositionComputed&);
void apply(Settlement&, const SafeguardingRequirementComputed&);
void apply(Settlement&, const SafeguardingDepositAdjusted&);

}  // namespace obverse
