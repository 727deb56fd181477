// What is remembered of a person: category, guardian, consents, the face reference's version and
// whether it may be matched, the PIN's version and its failures; and of some of them more, which is
// decided in credentials.h. Not the template, not the PIN, no name; and nothing of money.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
struct CategoryGrant {
  Category category = Category::adult;
  Instant from;
  std::optional<Instant> until;
  friend bool operator==(const CategoryGrant&, const CategoryGrant&) = default;
};
struct Rider {
  Category category = Category::adult;
  std::optional<RiderId> guardian;
  std::map<ConsentScope, Consent> consents;
  std::optional<Face> face;
  FaceVersion last_face;          // the highest version ever enrolled; erasure does not lower it
  bool erasure_deferred = false;  // the face goes when the last journey or hold has ended
  Pin pin;
  std::vector<CategoryGrant> grants;  // dated categories, the last given last
  friend bool operator==(const Rider&, const Rider&) = default;
};

struct Device {
  Digest key;
  std::optional<Instant> lost;
  friend bool operator==(const Device&, const Device&) = default;
};
struct TokenName {
  DeviceId device;
  std::uint64_t serial = 0;
  friend constexpr auto operator<=>(const TokenName&, const TokenName&) = default;
};
// What most people do not have; it ends with an erasure.
struct Credential {
  Custody custody = Custody::operator_key;
  std::uint8_t face_failures = 0;  // one to one, in a row
  bool face_locked = false;
  std::optional<LookalikeId> lookalikes;
  std::map<DeviceId, Device> devices;
  std::map<TokenName, Instant> used;             // codes, until they expire
  std::map<std::uint64_t, Instant> exit_tokens;  // by serial: issued and not used, when they expire
  PinVersion lost_pin;                           // this one and all before are good for nothing
  friend bool operator==(const Credential&, const Credential&) = default;
};
struct GuardianshipDue {
  Instant at;
  RiderId rider;
  friend constexpr auto operator<=>(const GuardianshipDue&, const GuardianshipDue&) = default;
};
// Staff vouch for this person at one terminal.
struct Override {
  OverrideId id;
  RiderId rider;
  Instant expires;
  friend bool operator==(const Override&, const Override&) = default;
};

// Ids are dense from 1: an id is a place here, plus one.
struct Enrolments {
  std::vector<Rider> riders;
  std::map<RiderId, Credential> credentials;
  std::map<LookalikeId, std::set<RiderId>> lookalikes;
  std::set<GuardianshipDue> guardianships;  // that end on a date
  std::map<TerminalId, Override> overrides;
  std::map<RiderId, DenyCause> deny_listed;
  friend bool operator==(const Enrolments&, const Enrolments&) = default;
};

const Rider* find(const Enrolments&, RiderId);                // good until `enrolments` changes
const Credential& credential_of(const Enrolments&, RiderId);  // of anybody; mostly nothing special
Outcome<const Rider*> must_be_registered(const Enrolments&, RiderId);

// Consent for the purpose, given to this party or to everyone. A child's counts only when the
// linked guardian gave it: guardian_must_consent; otherwise consent_must_be_in_force.
Outcome<void> consent_in_force(const Enrolments&, RiderId, Purpose, Party);

// A face that may be searched for among many: enrolled, not erased, suspended or locked, and under
// the operator's key.
bool is_matchable(const Enrolments&, RiderId);

// What the person travels as at this instant: the dated category given last that is in force; once
// all that have begun are over, adult.
Category category_at(const Rider&, Instant);

// What a decision that ends a journey or a hold appends: the erasure that waited for it. Empty
// where none waits, or where something of the rider is still open after that decision.
Events finish_erasure(const Enrolments&, RiderId, bool anything_open_after);

Decision decide(const Enrolments&, const RegisterRider&, const Moment&);
Decision decide(const Enrolments&, const AssignCategory&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const GrantConsent&, const Moment&);
Decision decide(const Enrolments&, const Parties&, const EnrolFace&, const Moment&);
Decision decide(const Enrolments&, const SuspendFace&, const Moment&);
// Where the policy asks for a proof: the face compared one to one at this desk, and the PIN.
Decision decide(const Enrolments&, const Parties&, const ReinstateFace&, const Moment&);
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
