// Events of settlement in an auditor's words: one overload an event, one line each.
#pragma once

#include <string>

#include "ledger/rules/machine.h"

namespace obverse {

struct SettlementWords {
  const State& state;

  std::string operator()(const SettlementCalendarPublished&) const;
  std::string operator()(const FeeSchedulePublished&) const;
  std::string operator()(const AgreementPublished&) const;
  std::string operator()(const SafeguardingTermsPublished&) const;
  std::string operator()(const OwnAccountSet&) const;
  std::string operator()(const PayoutAccountSet&) const;
  std::string operator()(const SettlementWindowOpened&) const;
  std::string operator()(const SettlementWindowClosed&) const;
  std::string operator()(const SettlementItemAssigned&) const;
  std::string operator()(const SettlementWindowSettled&) const;
  std::string operator()(const SettlementBatchFormed&) const;
  std::string operator()(const SettlementCarriedForward&) const;
  std::string operator()(const SettlementDeferred&) const;
  std::string operator()(const ReserveWithheld&) const;
  std::string operator()(const ReserveReleased&) const;
  std::string operator()(const PayoutInstructed&) const;
  std::string operator()(const PayoutMigrated&) const;
  std::string operator()(const PayoutFileProduced&) const;
  std::string operator()(const PayoutConfirmed&) const;
  std::string operator()(const PayoutReturned&) const;
  std::string operator()(const PayoutRejected&) const;
  std::string operator()(const StatementImported&) const;
  std::string operator()(const StatementEntryMatched&) const;
  std::string operator()(const StatementEntryUnmatched&) const;
  std::string operator()(const BreakResolved&) const;
  std::string operator()(const ApportionmentComputed&) const;
  std::string operator()(const NetPositionComputed&) const;
  std::string operator()(const SafeguardingRequirementComputed&) const;
  std::string operator()(const SafeguardingDepositAdjusted&) const;
};

}  // namespace obverse
