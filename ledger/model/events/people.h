// What can have happened to a person, their face, their PIN and their consent.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"
#include "ledger/model/party.h"
#include "ledger/model/recognition.h"
#include "ledger/model/tariff.h"

namespace obverse {

enum class Suspension : std::uint8_t { asked = 1, consent_withdrawn, erasure };

struct RiderRegistered {
  RiderId rider;
  Category category;
  friend bool operator==(const RiderRegistered&, const RiderRegistered&) = default;
};
struct CategoryAssigned {
  RiderId rider;
  Category category;
  friend bool operator==(const CategoryAssigned&, const CategoryAssigned&) = default;
};
struct GuardianLinked {
  RiderId rider;
  RiderId guardian;
  friend bool operator==(const GuardianLinked&, const GuardianLinked&) = default;
};

struct ConsentGranted {
  RiderId rider;
  Purpose purpose;
  Party party;
  std::uint32_t text_version = 0;   // of the words the person agreed to
  std::optional<RiderId> guardian;  // who agreed for a child
  friend bool operator==(const ConsentGranted&, const ConsentGranted&) = default;
};
struct ConsentWithdrawn {
  RiderId rider;
  Purpose purpose;
  Party party;
  friend bool operator==(const ConsentWithdrawn&, const ConsentWithdrawn&) = default;
};

// The template itself is in the vault; the digest of its sealed record binds it to the log and
// tells nothing.
struct FaceEnrolled {
  RiderId rider;
  FaceVersion face;
  Code model;
  std::uint8_t photos = 0;
  Digest sealed;
  friend bool operator==(const FaceEnrolled&, const FaceEnrolled&) = default;
};
struct FaceSuspended {
  RiderId rider;
  Suspension because;
  friend bool operator==(const FaceSuspended&, const FaceSuspended&) = default;
};
struct FaceReinstated {
  RiderId rider;
  friend bool operator==(const FaceReinstated&, const FaceReinstated&) = default;
};
struct ErasureRequested {
  RiderId rider;
  friend bool operator==(const ErasureRequested&, const ErasureRequested&) = default;
};
struct ErasureDeferred {
  RiderId rider;
  friend bool operator==(const ErasureDeferred&, const ErasureDeferred&) = default;
};  // a journey or a hold is open
struct FaceErased {
  RiderId rider;
  FaceVersion face;
  friend bool operator==(const FaceErased&, const FaceErased&) = default;
};
struct ErasureCompleted {
  RiderId rider;
  friend bool operator==(const ErasureCompleted&, const ErasureCompleted&) = default;
};

struct PinSet {
  RiderId rider;
  PinVersion version;
  friend bool operator==(const PinSet&, const PinSet&) = default;
};
struct PinVerified {
  RiderId rider;
  PinVersion version;
  TerminalId terminal;
  friend bool operator==(const PinVerified&, const PinVerified&) = default;
};
struct PinFailed {
  RiderId rider;
  TerminalId terminal;
  std::uint8_t failures = 0;
  friend bool operator==(const PinFailed&, const PinFailed&) = default;
};
struct PinLocked {
  RiderId rider;
  friend bool operator==(const PinLocked&, const PinLocked&) = default;
};
struct PinReset {
  RiderId rider;
  TerminalId desk;
  friend bool operator==(const PinReset&, const PinReset&) = default;
};

struct FaceRecognised {
  Recognition evidence;
  friend bool operator==(const FaceRecognised&, const FaceRecognised&) = default;
};
// No person is known here, and nothing of the picture is kept.
struct CaptureRejected {
  TerminalId terminal;
  Capture why;
  friend bool operator==(const CaptureRejected&, const CaptureRejected&) = default;
};
struct PresentationAttackDetected {
  TerminalId terminal;
  friend bool operator==(const PresentationAttackDetected&,
                         const PresentationAttackDetected&) = default;
};

}  // namespace obverse
