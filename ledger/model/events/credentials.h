// What can have happened to what people show besides faces and PINs: devices and codes, groups of
// lookalikes, locks, custody, dated categories; and to what staff may only do in pairs.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/credential.h"
#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/tariff.h"

namespace obverse {

// Nobody is named, whatever the matcher thought.
struct FaceAmbiguous {
  TerminalId terminal;
  std::uint32_t candidates = 0;
  std::optional<LookalikeId> group;
  friend bool operator==(const FaceAmbiguous&, const FaceAmbiguous&) = default;
};
// Compared with the one person who was named; the count is of failures in a row.
struct FaceVerified {
  RiderId rider;
  TerminalId terminal;
  friend bool operator==(const FaceVerified&, const FaceVerified&) = default;
};
struct FaceVerificationFailed {
  RiderId rider;
  TerminalId terminal;
  std::uint8_t failures = 0;
  friend bool operator==(const FaceVerificationFailed&, const FaceVerificationFailed&) = default;
};
struct FaceLocked {
  RiderId rider;
  friend bool operator==(const FaceLocked&, const FaceLocked&) = default;
};
struct FaceUnlocked {
  RiderId rider;
  TerminalId desk;
  friend bool operator==(const FaceUnlocked&, const FaceUnlocked&) = default;
};

// At enrolment: so many others look too much like this person.
struct DuplicateFaceSuspected {
  RiderId rider;
  std::uint32_t candidates = 0;
  friend bool operator==(const DuplicateFaceSuspected&, const DuplicateFaceSuspected&) = default;
};
// Each member is assigned by an event of their own, so that no event names two people.
struct LookalikeGroupFormed {
  LookalikeId group;
  std::uint32_t size = 0;
  TerminalId desk;
  friend bool operator==(const LookalikeGroupFormed&, const LookalikeGroupFormed&) = default;
};
struct LookalikeAssigned {
  RiderId rider;
  LookalikeId group;
  friend bool operator==(const LookalikeAssigned&, const LookalikeAssigned&) = default;
};
// By a desk, or because fewer than two are left.
struct LookalikeGroupDissolved {
  LookalikeId group;
  std::optional<TerminalId> desk;
  friend bool operator==(const LookalikeGroupDissolved&, const LookalikeGroupDissolved&) = default;
};

struct CustodyChosen {
  RiderId rider;
  Custody custody;
  friend bool operator==(const CustodyChosen&, const CustodyChosen&) = default;
};

struct DeviceLinked {
  RiderId rider;
  DeviceId device;
  Digest key;  // SHA-256 of its public key
  friend bool operator==(const DeviceLinked&, const DeviceLinked&) = default;
};
// Its codes are good for nothing from here on, and the PIN must be set anew.
struct DeviceReportedLost {
  RiderId rider;
  DeviceId device;
  Instant at;
  friend bool operator==(const DeviceReportedLost&, const DeviceReportedLost&) = default;
};
struct ExitTokenIssued {
  RiderId rider;
  std::uint64_t serial = 0;
  Instant expires;
  friend bool operator==(const ExitTokenIssued&, const ExitTokenIssued&) = default;
};
// Used up.
struct TokenAccepted {
  RiderId rider;
  DeviceId device;
  std::uint64_t serial = 0;
  TokenPurpose purpose;
  TerminalId terminal;
  Instant at;
  Instant expires;
  friend bool operator==(const TokenAccepted&, const TokenAccepted&) = default;
};

// In force from `from` until before `until`; afterwards the person is an adult.
struct CategoryGranted {
  RiderId rider;
  Category category;
  Instant from;
  std::optional<Instant> until;
  friend bool operator==(const CategoryGranted&, const CategoryGranted&) = default;
};
struct GuardianshipEndSet {
  RiderId rider;
  Instant at;
  friend bool operator==(const GuardianshipEndSet&, const GuardianshipEndSet&) = default;
};
struct GuardianshipEnded {
  RiderId rider;
  friend bool operator==(const GuardianshipEnded&, const GuardianshipEnded&) = default;
};

// Staff looked at the person themselves. It counts for nothing but one passage at this terminal.
struct ManualOverrideGranted {
  OverrideId override_id;
  RiderId rider;
  TerminalId terminal;
  TerminalId staff;
  TerminalId second;  // 0: nobody else was needed
  Instant expires;
  friend bool operator==(const ManualOverrideGranted&, const ManualOverrideGranted&) = default;
};
struct ManualOverrideUsed {
  OverrideId override_id;
  RiderId rider;
  TerminalId terminal;
  friend bool operator==(const ManualOverrideUsed&, const ManualOverrideUsed&) = default;
};

// In the order of Action (model/commands.h).
enum class ActionKind : std::uint8_t {
  publish_tariff = 1,
  publish_policy,
  publish_limits,
  correct_journey,
  grant_override,
  release_offline,
  give_up_offline,
};
struct OperatorActionRequested {
  ActionId action;
  ActionKind kind;
  Digest content;  // SHA-256 of all that was asked for
  TerminalId desk;
  Instant at;
  Instant expires;
  friend bool operator==(const OperatorActionRequested&, const OperatorActionRequested&) = default;
};
// What it did stands beside it in the same decision.
struct OperatorActionApproved {
  ActionId action;
  TerminalId desk;
  friend bool operator==(const OperatorActionApproved&, const OperatorActionApproved&) = default;
};

struct AuditAccessed {
  TerminalId reader;
  RiderId rider;
  PersonalData what;
  friend bool operator==(const AuditAccessed&, const AuditAccessed&) = default;
};
struct DataExported {
  RiderId rider;
  TerminalId desk;
  friend bool operator==(const DataExported&, const DataExported&) = default;
};

}  // namespace obverse
