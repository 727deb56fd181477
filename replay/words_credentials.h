// The words for devices, codes, lookalikes, locks, pairs of staff, and sales without network.
#pragma once

#include <string>

#include "ledger/rules/machine.h"

namespace obverse {

// One overload set a group of events, so that each fits a screen.
struct CredentialWords {
  const State& state;
  std::string operator()(const FaceAmbiguous& e) const;
  std::string operator()(const FaceVerified& e) const;
  std::string operator()(const FaceVerificationFailed& e) const;
  std::string operator()(const FaceLocked& e) const;
  std::string operator()(const FaceUnlocked& e) const;
  std::string operator()(const DuplicateFaceSuspected& e) const;
  std::string operator()(const LookalikeGroupFormed& e) const;
  std::string operator()(const LookalikeAssigned& e) const;
  std::string operator()(const LookalikeGroupDissolved& e) const;
  std::string operator()(const CustodyChosen& e) const;
  std::string operator()(const DeviceLinked& e) const;
  std::string operator()(const DeviceReportedLost& e) const;
  std::string operator()(const ExitTokenIssued& e) const;
  std::string operator()(const TokenAccepted& e) const;
  std::string operator()(const CategoryGranted& e) const;
  std::string operator()(const GuardianshipEndSet& e) const;
  std::string operator()(const GuardianshipEnded& e) const;
};

struct StaffWords {
  const State& state;
  std::string operator()(const ManualOverrideGranted& e) const;
  std::string operator()(const ManualOverrideUsed& e) const;
  std::string operator()(const OperatorActionRequested& e) const;
  std::string operator()(const OperatorActionApproved& e) const;
  std::string operator()(const AuditAccessed& e) const;
  std::string operator()(const DataExported& e) const;
};

struct OfflineWords {
  const State& state;
  std::string operator()(const TerminalLimitsPublished& e) const;
  std::string operator()(const OfflineBatchReceived& e) const;
  std::string operator()(const ClockSkewDetected& e) const;
  std::string operator()(const OfflineGapReported& e) const;
  std::string operator()(const OfflineItemsGivenUp& e) const;
  std::string operator()(const OfflineEventAccepted& e) const;
  std::string operator()(const OfflineEventRejected& e) const;
  std::string operator()(const OfflineEventQuarantined& e) const;
  std::string operator()(const DenyListed& e) const;
  std::string operator()(const DenyListCleared& e) const;
};

std::string_view in_words(Category);

}  // namespace obverse
