// Dispatch, and nothing else: which part of settlement remembers what.
#include "ledger/rules/money/settlement.h"

namespace obverse {

Decision decide(const SettlementView& view, const PublishSettlementCalendar& command,
                const Moment& moment) {
  return decide(view.settlement.terms, view.parties, command, moment);
}
Decision decide(const SettlementView& view, const PublishFeeSchedule& command,
                const Moment& moment) {
  return decide(view.settlement.terms, view.parties, command, moment);
}
Decision decide(const SettlementView& view, const SetOwnAccount& command, const Moment& moment) {
  return decide(view.settlement.terms, view.parties, command, moment);
}
Decision decide(const SettlementView& view, const SetPayoutAccount& command, const Moment& moment) {
  return decide(view.settlement.terms, view.parties, command, moment);
}

// Of two at the same instant the one that stands first here: windows before what is in them.
std::optional<SettlementDue> next_due(const Settlement& s) {
  std::optional<SettlementDue> due;
  const auto take = [&](Instant at, Command command) {
    if (!due || at < due->at) due = SettlementDue{at, std::move(command)};
  };
  if (const auto window = next_due(s.windows, s.terms)) {
    if (window->opens)
      take(window->at, OpenSettlementWindow{});
    else
      take(window->at, CloseSettlementWindow{std::nullopt, window->window});
  }
  if (const auto base = next_due(s.safeguarding)) take(*base, AssessSafeguarding{});
  if (const auto batch = next_batch_due(s.windows)) {
    if (batch->payee)
      take(batch->at, FormSettlementBatch{std::nullopt, batch->window, batch->payee->party,
                                          batch->payee->currency});
    else
      take(batch->at, ComputeNetPositions{std::nullopt, batch->window});
  }
  if (const auto release = next_release_due(s.batches))
    take(release->at, ReleaseReserve{release->batch});
  if (const auto entry = next_due(s.reconciliation))
    take(entry->at, PostStatementEntry{entry->statement});
  return due;
}

void apply(Settlement& s, const Posted& event) {
  apply(s.windows, event);
  apply(s.safeguarding, event);
  apply(s.openings, event);
}

void apply(Settlement& s, const SettlementCalendarPublished& event) { apply(s.terms, event); }
void apply(Settlement& s, const FeeSchedulePublished& event) { apply(s.terms, event); }
void apply(Settlement& s, const AgreementPublished& event) { apply(s.clearing, event); }
void apply(Settlement& s, const SafeguardingTermsPublished& event) { apply(s.safeguarding, event); }
void apply(Settlement& s, const OwnAccountSet& event) { apply(s.terms, event); }
void apply(Settlement& s, const PayoutAccountSet& event) { apply(s.terms, event); }

void apply(Settlement& s, const SettlementWindowOpened& event) { apply(s.windows, event); }
void apply(Settlement& s, const SettlementWindowClosed& event) { apply(s.windows, event); }
void apply(Settlement& s, const SettlementItemAssigned& event) { apply(s.windows, event); }
void apply(Settlement& s, const SettlementWindowSettled& event) { apply(s.windows, event); }

void apply(Settlement& s, const SettlementBatchFormed& event) {
  apply(s.batches, event);
  apply(s.windows, event);
}
void apply(Settlement&, const SettlementCarriedForward&) {}  // the receivable's balance says it
void apply(Settlement& s, const SettlementDeferred& event) { apply(s.windows, event); }
void apply(Settlement& s, const ReserveWithheld& event) { apply(s.batches, event); }
void apply(Settlement& s, const ReserveReleased& event) { apply(s.batches, event); }

void apply(Settlement& s, const PayoutInstructed& event) {
  apply(s.payouts, event);
  apply(s.windows, event);
}
void apply(Settlement& s, const PayoutFileProduced& event) { apply(s.payouts, event); }
void apply(Settlement& s, const PayoutConfirmed& event) {
  payout_ended(s.windows, find(s.payouts, event.payout)->window);
  apply(s.payouts, event);
}
void apply(Settlement& s, const PayoutReturned& event) { apply(s.payouts, event); }
void apply(Settlement& s, const PayoutRejected& event) {
  payout_ended(s.windows, find(s.payouts, event.payout)->window);
  apply(s.payouts, event);
}
void apply(Settlement& s, const PayoutMigrated& event) {
  apply(s.payouts, event);
  apply(s.openings, event);
}

void apply(Settlement& s, const StatementImported& event) {
  apply(s.payouts, event);
  apply(s.reconciliation, event);
}
void apply(Settlement& s, const StatementEntryMatched& event) { apply(s.reconciliation, event); }
void apply(Settlement& s, const StatementEntryUnmatched& event) { apply(s.reconciliation, event); }
void apply(Settlement& s, const BreakResolved& event) { apply(s.reconciliation, event); }

void apply(Settlement&, const ApportionmentComputed&) {}  // its posting says it
void apply(Settlement& s, const NetPositionComputed& event) { apply(s.windows, event); }
void apply(Settlement& s, const SafeguardingRequirementComputed& event) {
  apply(s.safeguarding, event);
}
void apply(Settlement&, const SafeguardingDepositAdjusted&) {}  // its posting says it

}  // namespace obverse
