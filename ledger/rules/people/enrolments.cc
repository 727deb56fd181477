// Riders: registration, categories, consents, the life of a face reference, the counting of PINs.
#include "ledger/rules/people/enrolments.h"

#include <algorithm>
#include <cassert>

#include "ledger/model/limits.h"
#include "ledger/rules/people/acceptance.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Rider& at(Enrolments& enrolments, RiderId id) {
  assert(find(enrolments, id));
  return enrolments.riders[id.value - 1];
}

Face& face_of(Enrolments& enrolments, RiderId id) {
  Rider& rider = at(enrolments, id);
  assert(rider.face);
  return *rider.face;
}

// Somebody else must agree for them. A dated category that has ended changes a fare, not this.
bool is_minor(Category category) {
  return category == Category::child || category == Category::infant;
}
bool is_minor(const Rider& rider) { return is_minor(rider.category); }

bool counts(const Rider& rider, const Consent& consent) {
  if (!is_minor(rider)) return true;
  return consent.guardian && rider.guardian && *consent.guardian == *rider.guardian;
}

Refusal missing_consent(const Rider& rider) {
  return is_minor(rider) ? Refusal::guardian_must_consent : Refusal::consent_must_be_in_force;
}

Outcome<void> any_consent_in_force(const Rider& rider) {
  const auto is_good = [&](const auto& row) { return counts(rider, row.second); };
  if (!std::ranges::any_of(rider.consents, is_good)) return std::unexpected(missing_consent(rider));
  return {};
}

Outcome<void> party_must_be_registered(const Parties& parties, const Party& party) {
  switch (party.kind) {
    case Party::Kind::everyone:
      return {};
    case Party::Kind::transit_operator:
      if (find(parties, OperatorId{party.id})) return {};
      return std::unexpected(Refusal::operator_must_be_registered);
    case Party::Kind::merchant:
      if (find(parties, MerchantId{party.id})) return {};
      return std::unexpected(Refusal::merchant_must_be_registered);
  }
  return std::unexpected(Refusal::merchant_must_be_registered);
}

// "Everyone" is one scope, whatever number came with it.
Party plain(Party party) {
  if (party.kind == Party::Kind::everyone) party.id = 0;
  return party;
}

Outcome<void> guardian_must_be_adult(const Enrolments& enrolments, RiderId guardian) {
  const Rider* adult = find(enrolments, guardian);
  if (!adult) return std::unexpected(Refusal::rider_must_be_registered);
  if (is_minor(*adult)) return std::unexpected(Refusal::guardian_must_be_linked);
  return {};
}

// Of somebody who is a child now.
bool is_guardian(const Enrolments& enrolments, RiderId rider) {
  return std::ranges::any_of(enrolments.riders, [&](const Rider& other) {
    return other.guardian == rider && is_minor(other);
  });
}

// A face that was erased, or is about to be, can be neither suspended nor reinstated.
Outcome<const Face*> must_have_face(const Enrolments& enrolments, RiderId id) {
  const Rider* rider = find(enrolments, id);
  if (!rider) return std::unexpected(Refusal::rider_must_be_registered);
  if (rider->erasure_deferred) return std::unexpected(Refusal::face_must_not_be_erased);
  if (rider->face) return &*rider->face;
  return std::unexpected(rider->last_face.value > 0 ? Refusal::face_must_not_be_erased
                                                    : Refusal::face_must_be_enrolled);
}

void erase_now(Events& events, const Enrolments& enrolments, RiderId id) {
  const Rider& rider = *find(enrolments, id);
  if (rider.face) events.push_back(FaceErased{id, rider.face->version});
  events.push_back(ErasureCompleted{id});
  const auto group = credential_of(enrolments, id).lookalikes;
  if (group && enrolments.lookalikes.at(*group).size() <= 2)
    events.push_back(LookalikeGroupDissolved{*group, {}});
}

void begin_erasure(Events& events, const Enrolments& enrolments, RiderId id, Suspension because,
                   bool has_open_business) {
  if (find(enrolments, id)->face) events.push_back(FaceSuspended{id, because});
  if (has_open_business) {
    events.push_back(ErasureDeferred{id});
  } else {
    erase_now(events, enrolments, id);
  }
}

// Lookalikes are people who are known to be several: somebody else who looks alike may be the same
// person with a second account.
std::uint32_t doubles(const Enrolments& enrolments, RiderId id,
                      const std::vector<RiderId>& lookalikes) {
  const auto group = credential_of(enrolments, id).lookalikes;
  return static_cast<std::uint32_t>(std::ranges::count_if(lookalikes, [&](RiderId other) {
    return !group || credential_of(enrolments, other).lookalikes != group;
  }));
}

}  // namespace

const Rider* find(const Enrolments& enrolments, RiderId id) {
  if (id.value == 0 || id.value > enrolments.riders.size()) return nullptr;
  return &enrolments.riders[id.value - 1];
}

Outcome<const Rider*> must_be_registered(const Enrolments& enrolments, RiderId id) {
  const Rider* rider = find(enrolments, id);
  if (!rider) return std::unexpected(Refusal::rider_must_be_registered);
  return rider;
}

Outcome<void> consent_in_force(const Enrolments& enrolments, RiderId id, Purpose purpose,
                               Party party) {
  const Rider* rider = find(enrolments, id);
  if (!rider) return std::unexpected(Refusal::rider_must_be_registered);
  for (const Party& given_to : {Party{}, plain(party)}) {
    const auto found = rider->consents.find({purpose, given_to});
    if (found != rider->consents.end() && counts(*rider, found->second)) return {};
  }
  return std::unexpected(missing_consent(*rider));
}

bool is_matchable(const Enrolments& enrolments, RiderId id) {
  const Rider* rider = find(enrolments, id);
  if (!rider || !rider->face || rider->face->suspended) return false;
  const Credential& credential = credential_of(enrolments, id);
  return !credential.face_locked && credential.custody == Custody::operator_key;
}

const Credential& credential_of(const Enrolments& enrolments, RiderId id) {
  static const Credential nothing;
  const auto found = enrolments.credentials.find(id);
  return found == enrolments.credentials.end() ? nothing : found->second;
}

Category category_at(const Rider& rider, Instant instant) {
  bool has_begun = false;
  for (auto grant = rider.grants.rbegin(); grant != rider.grants.rend(); ++grant) {
    if (instant < grant->from) continue;
    if (!grant->until || instant < *grant->until) return grant->category;
    has_begun = true;
  }
  return has_begun ? Category::adult : rider.category;
}

Events finish_erasure(const Enrolments& enrolments, RiderId id, bool anything_open_after) {
  const Rider* rider = find(enrolments, id);
  Events events;
  if (rider && rider->erasure_deferred && !anything_open_after) erase_now(events, enrolments, id);
  return events;
}

Decision decide(const Enrolments& enrolments, const RegisterRider& command, const Moment&) {
  if (is_minor(command.category) && !command.guardian)
    return refuse(Refusal::guardian_must_be_linked);
  if (command.guardian) {
    if (auto adult = guardian_must_be_adult(enrolments, *command.guardian); !adult)
      return refuse(adult.error());
  }
  // From here on it succeeds.
  const RiderId id{enrolments.riders.size() + 1};
  Events events{RiderRegistered{id, command.category}};
  if (command.guardian) events.push_back(GuardianLinked{id, *command.guardian});
  return {std::move(events), Registered{id.value}};
}

Decision decide(const Enrolments& enrolments, const AssignCategory& command, const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (is_minor(command.category)) {
    if (!rider->guardian || is_guardian(enrolments, command.rider))
      return refuse(Refusal::guardian_must_be_linked);
    if (auto adult = guardian_must_be_adult(enrolments, *rider->guardian); !adult)
      return refuse(adult.error());
  }
  // From here on it succeeds.
  return {{CategoryAssigned{command.rider, command.category}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const GrantConsent& command,
                const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (auto known = party_must_be_registered(parties, command.party); !known)
    return refuse(known.error());
  if (is_minor(*rider) && !command.guardian) return refuse(Refusal::guardian_must_consent);
  if (command.guardian && command.guardian != rider->guardian)
    return refuse(Refusal::guardian_must_be_linked);
  // From here on it succeeds.
  return {{ConsentGranted{command.rider, command.purpose, plain(command.party),
                          command.text_version, command.guardian}},
          Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const EnrolFace& command,
                const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  const auto policy = policy_in_force(parties);
  if (!policy) return refuse(policy.error());
  if (!is_valid_code(command.model)) return refuse(Refusal::code_must_be_valid);
  if (command.photos < (*policy)->photos_min || command.photos > photos_max)
    return refuse(Refusal::photos_must_be_enough);
  if (auto consent = any_consent_in_force(*rider); !consent) return refuse(consent.error());
  if (rider->erasure_deferred) return refuse(Refusal::face_must_not_be_erased);
  if (rider->face && rider->face->suspended) return refuse(Refusal::face_must_not_be_suspended);
  if (credential_of(enrolments, command.rider).face_locked)
    return refuse(Refusal::face_must_not_be_locked);
  if (command.face.value != rider->last_face.value + 1)
    return refuse(Refusal::face_version_must_be_next);
  if (const auto alike = doubles(enrolments, command.rider, command.lookalikes); alike > 0)
    return {{DuplicateFaceSuspected{command.rider, alike}},
            Refused{Refusal::face_must_not_be_double, {}}};
  // From here on it succeeds.
  return {
      {FaceEnrolled{command.rider, command.face, command.model, command.photos, command.sealed}},
      Enrolled{command.rider, command.face}};
}

Decision decide(const Enrolments& enrolments, const SuspendFace& command, const Moment&) {
  const auto face = must_have_face(enrolments, command.rider);
  if (!face) return refuse(face.error());
  if ((*face)->suspended) return refuse(Refusal::face_must_not_be_suspended);
  // From here on it succeeds.
  return {{FaceSuspended{command.rider, Suspension::asked}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const ReinstateFace& command,
                const Moment& moment) {
  const auto face = must_have_face(enrolments, command.rider);
  if (!face) return refuse(face.error());
  if (!(*face)->suspended) return refuse(Refusal::face_must_be_suspended);
  // As at enrolling: whoever was made a child since needs the guardian's.
  if (auto consent = any_consent_in_force(*find(enrolments, command.rider)); !consent)
    return refuse(consent.error());
  const auto policy = policy_in_force(parties);
  Judged proof;
  if (policy && (*policy)->credentials.reinstating_needs_proof) {
    proof = judge_proof(enrolments, **policy, command.presence, command.rider, command.terminal,
                        moment);
    if (!proof.verdict) return {std::move(proof.events), Refused{proof.verdict.error(), {}}};
  }
  // From here on it succeeds.
  proof.events.push_back(FaceReinstated{command.rider});
  return {std::move(proof.events), Done{}};
}

// A new PIN is no way around a lock, and does not forgive failures: only a desk's reset does.
Decision decide(const Enrolments& enrolments, const SetPin& command, const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (rider->pin.locked) return refuse(Refusal::pin_must_not_be_locked);
  if (command.version.value != rider->pin.version.value + 1)
    return refuse(Refusal::pin_must_be_current);
  // From here on it succeeds.
  return {{PinSet{command.rider, command.version}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const ResetPin& command,
                const Moment&) {
  if (auto desk = may(parties, command.desk, Role::enrolment_desk); !desk)
    return refuse(desk.error());
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (rider->pin.version.value == 0) return refuse(Refusal::pin_must_be_set);
  // From here on it succeeds.
  return {{PinReset{command.rider, command.desk}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const WithdrawConsent& command,
                bool has_open_business, const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  const ConsentScope scope{command.purpose, plain(command.party)};
  if (!rider->consents.contains(scope)) return refuse(Refusal::consent_must_be_in_force);
  // From here on it succeeds.
  Events events{ConsentWithdrawn{command.rider, scope.purpose, scope.party}};
  const bool is_last = std::ranges::none_of(rider->consents, [&](const auto& row) {
    return row.first != scope && counts(*rider, row.second);
  });
  if (is_last && rider->face && !rider->erasure_deferred)
    begin_erasure(events, enrolments, command.rider, Suspension::consent_withdrawn,
                  has_open_business);
  return {std::move(events), Done{}};
}

// Asking again is not refused: it leaves a second request, and the erasure happens once.
Decision decide(const Enrolments& enrolments, const EraseRider& command, bool has_open_business,
                const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  // From here on it succeeds.
  Events events{ErasureRequested{command.rider}};
  begin_erasure(events, enrolments, command.rider, Suspension::erasure, has_open_business);
  return {std::move(events), Erased{command.rider, has_open_business}};
}

void apply(Enrolments& enrolments, const RiderRegistered& event) {
  assert(event.rider.value == enrolments.riders.size() + 1);
  enrolments.riders.push_back({});
  enrolments.riders.back().category = event.category;
}
void apply(Enrolments& enrolments, const CategoryAssigned& event) {
  at(enrolments, event.rider).category = event.category;
  at(enrolments, event.rider).grants.clear();
}
void apply(Enrolments& enrolments, const GuardianLinked& event) {
  at(enrolments, event.rider).guardian = event.guardian;
}
void apply(Enrolments& enrolments, const ConsentGranted& event) {
  at(enrolments, event.rider).consents[{event.purpose, event.party}] = {event.text_version,
                                                                        event.guardian};
}
void apply(Enrolments& enrolments, const ConsentWithdrawn& event) {
  [[maybe_unused]] const auto gone =
      at(enrolments, event.rider).consents.erase({event.purpose, event.party});
  assert(gone == 1);
}
void apply(Enrolments& enrolments, const FaceEnrolled& event) {
  Rider& rider = at(enrolments, event.rider);
  assert(event.face.value == rider.last_face.value + 1);
  rider.last_face = event.face;
  rider.face = Face{event.face, event.model, event.photos, event.sealed, {}};
}
void apply(Enrolments& enrolments, const FaceSuspended& event) {
  face_of(enrolments, event.rider).suspended = event.because;
}
void apply(Enrolments& enrolments, const FaceReinstated& event) {
  assert(face_of(enrolments, event.rider).suspended);
  face_of(enrolments, event.rider).suspended.reset();
}
void apply(Enrolments& enrolments, const ErasureRequested& event) {
  at(enrolments, event.rider).consents.clear();
}
void apply(Enrolments& enrolments, const ErasureDeferred& event) {
  at(enrolments, event.rider).erasure_deferred = true;
}
void apply(Enrolments& enrolments, const FaceErased& event) {
  assert(face_of(enrolments, event.rider).version == event.face);
  at(enrolments, event.rider).face.reset();
}
void apply(Enrolments& enrolments, const ErasureCompleted& event) {
  assert(!at(enrolments, event.rider).face);
  at(enrolments, event.rider).erasure_deferred = false;
  if (const auto group = credential_of(enrolments, event.rider).lookalikes)
    enrolments.lookalikes.at(*group).erase(event.rider);
  enrolments.credentials.erase(event.rider);
}
void apply(Enrolments& enrolments, const PinSet& event) {
  Pin& pin = at(enrolments, event.rider).pin;
  assert(event.version.value == pin.version.value + 1);
  pin.version = event.version;
}
void apply(Enrolments& enrolments, const PinVerified& event) {
  Pin& pin = at(enrolments, event.rider).pin;
  assert(!pin.locked && pin.version == event.version);
  pin.failures = 0;
}
void apply(Enrolments& enrolments, const PinFailed& event) {
  Pin& pin = at(enrolments, event.rider).pin;
  assert(!pin.locked && event.failures == pin.failures + 1);
  pin.failures = event.failures;
}
void apply(Enrolments& enrolments, const PinLocked& event) {
  at(enrolments, event.rider).pin.locked = true;
}
void apply(Enrolments& enrolments, const PinReset& event) {
  Pin& pin = at(enrolments, event.rider).pin;
  pin.failures = 0;
  pin.locked = false;
}

}  // namespace obverse
