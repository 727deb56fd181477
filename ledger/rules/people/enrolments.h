// What is remembered of a person: category, guardian, consents, the face reference's version and
// whether it may be matched, the PIN's version and its failures. Not the template, not the PIN, no
// name; and nothing of money.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/record.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

struct ConsentScope {
  Purpose purpose = Purpose::transit;
  Party party;
  friend constexpr auto operator<=>(const ConsentScope&, const ConsentScope&) = default;
};
struct Consent {
  std::uint32_t text_version = 0;
  std::optional<RiderId> guardian;
  friend bool operator==(const Consent&, const Consent&) = default;
};
// The face reference that counts now. After an erasure there is none.
struct Face {
  FaceVersion version;
  Code model;
  std::uint8_t photos = 0;
  Digest sealed;
  std::optional<Suspension> suspended;
  friend bool operator==(const Face&, const Face&) = default;
};
struct Pin {
  PinVersion version;  // 0: never set
  std::uint8_t failures = 0;
  bool locked = false;
  friend bool operator==(const Pin&, const Pin&) = default;
};
struct Rider {
  Category category = Category::adult;
  std::optional<RiderId> guardian;
  std::map<ConsentScope, Consent> consents;
  std::optional<Face> face;
  FaceVersion last_face;          // the highest version ever enrolled; erasure does not lower it
  bool erasure_deferred = false;  // the face goes when the last journey or hold has ended
  Pin pin;
  friend bool operator==(const Rider&, const Rider&) = default;
};
// Ids are dense from 1: an id is a place here, plus one.
struct Enrolments {
  std::vector<Rider> riders;
  friend bool operator==(const Enrolments&, const Enrolments&) = default;
};

const Rider* find(const Enrolments&, RiderId);  // good until `enrolments` changes
Outcome<const Rider*> must_be_registered(const Enrolments&, RiderId);

// Consent for the purpose, given to this party or to everyone. A child's counts only when the
// linked guardian gave it: guardian_must_consent; otherwise consent_must_be_in_force.
Outcome<void> consent_in_force(const Enrolments&, RiderId, Purpose, Party);

// A face that may be compared with anybody: enrolled, not erased, not suspended.
bool is_matchable(const Enrolments&, RiderId);

// What a decision that ends a journey or a hold appends: the erasure that waited for it. Empty
// where none waits, or where something of the rider is still open after that decision.
Events finish_erasure(const Enrolments&, RiderId, bool anything_open_after);

Decision decide(const Enrolments&, const RegisterRider&, const Moment&);
Decision decide(const Enrolments&, const AssignCategory&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const GrantConsent&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const EnrolFace&, const Moment&);
Decision decide(const Enrolments&, const SuspendFace&, const Moment&);
Decision decide(const Enrolments&, const ReinstateFace&, const Moment&);
Decision decide(const Enrolments&, const SetPin&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const ResetPin&, const Moment&);
// `has_open_business`: the rider has an open journey or an open hold; erasure waits for its end.
// Withdrawing the last consent suspends the face at once and begins its erasure.
Decision decide(const Enrolments&, const WithdrawConsent&, bool has_open_business, const Moment&);
Decision decide(const Enrolments&, const EraseRider&, bool has_open_business, const Moment&);

void apply(Enrolments&, const RiderRegistered&);
void apply(Enrolments&, const CategoryAssigned&);
void apply(Enrolments&, const GuardianLinked&);
void apply(Enrolments&, const ConsentGranted&);
void apply(Enrolments&, const ConsentWithdrawn&);
void apply(Enrolments&, const FaceEnrolled&);
void apply(Enrolments&, const FaceSuspended&);
void apply(Enrolments&, const FaceReinstated&);
void apply(Enrolments&, const ErasureRequested&);  // withdraws every consent of the rider
void apply(Enrolments&, const ErasureDeferred&);
void apply(Enrolments&, const FaceErased&);
void apply(Enrolments&, const ErasureCompleted&);
void apply(Enrolments&, const PinSet&);
void apply(Enrolments&, const PinVerified&);
void apply(Enrolments&, const PinFailed&);
void apply(Enrolments&, const PinLocked&);
void apply(Enrolments&, const PinReset&);

}  // namespace obverse
