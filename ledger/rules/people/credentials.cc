// Devices, codes, lookalikes, custody, locks, dated categories, staff who vouch.
#include "ledger/rules/people/credentials.h"

#include <algorithm>
#include <cassert>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

Credential& at(Enrolments& enrolments, RiderId id) {
  assert(find(enrolments, id));
  return enrolments.credentials[id];
}

// Whoever has nothing special any more is not kept among those who have.
void settle(Enrolments& enrolments, RiderId id) {
  const auto found = enrolments.credentials.find(id);
  if (found != enrolments.credentials.end() && found->second == Credential{})
    enrolments.credentials.erase(found);
}

bool is_instant(Instant instant) { return instant >= instant_min && instant <= instant_max; }

bool is_named(Category category) {
  return category >= Category::adult && category <= Category::student;
}

// Different people, all of them known, and of every group that one of them is in, everybody.
Outcome<std::set<RiderId>> whole_group(const Enrolments& enrolments,
                                       const std::vector<RiderId>& members) {
  const std::set<RiderId> all(members.begin(), members.end());
  if (all.size() != members.size() || all.size() < 2 || all.size() > lookalikes_max)
    return std::unexpected(Refusal::lookalikes_must_be_valid);
  for (const RiderId member : all) {
    if (!find(enrolments, member)) return std::unexpected(Refusal::rider_must_be_registered);
    const auto group = credential_of(enrolments, member).lookalikes;
    if (group && !std::ranges::includes(all, enrolments.lookalikes.at(*group)))
      return std::unexpected(Refusal::lookalikes_must_be_valid);
  }
  return all;
}

Outcome<void> may_look(const Parties& parties, TerminalId reader) {
  const Terminal* terminal = find(parties, reader);
  if (!terminal) return std::unexpected(Refusal::terminal_must_be_registered);
  for (const Role role : {Role::enrolment_desk, Role::operator_desk, Role::auditor})
    if (terminal->role == role) {
      if (auto desk = may(parties, reader, role); !desk) return std::unexpected(desk.error());
      return {};
    }
  return std::unexpected(Refusal::terminal_must_have_role);
}

}  // namespace

Outcome<void> token_must_be_good(const Enrolments& enrolments, const Policy& policy,
                                 const Token& token, Instant now) {
  const CredentialPolicy& bounds = policy.credentials;
  if (!is_instant(token.issued) || !is_instant(token.expires))
    return std::unexpected(Refusal::token_must_be_fresh);
  if (token.issued > now + bounds.clock_skew_max || now >= token.expires)
    return std::unexpected(Refusal::token_must_be_fresh);
  const Credential& credential = credential_of(enrolments, token.rider);
  if (credential.used.contains({token.device, token.serial}))
    return std::unexpected(Refusal::token_must_not_be_used);
  if (token.device == DeviceId{}) {
    const auto issued = credential.exit_tokens.find(token.serial);
    if (token.purpose != TokenPurpose::leave || issued == credential.exit_tokens.end())
      return std::unexpected(Refusal::token_must_not_be_revoked);
    if (now >= issued->second) return std::unexpected(Refusal::token_must_be_fresh);
    return {};
  }
  if (token.expires - token.issued > bounds.token_life_max)
    return std::unexpected(Refusal::token_must_be_fresh);
  const auto device = credential.devices.find(token.device);
  if (device == credential.devices.end() || (device->second.lost && *device->second.lost <= now))
    return std::unexpected(Refusal::token_must_not_be_revoked);
  return {};
}

Decision decide(const Enrolments& enrolments, const Parties& parties,
                const FormLookalikeGroup& command, const Moment& moment) {
  if (auto desk = may(parties, command.desk, Role::enrolment_desk); !desk)
    return refuse(desk.error());
  const auto members = whole_group(enrolments, command.members);
  if (!members) return refuse(members.error());
  // From here on it succeeds.
  const LookalikeId id{moment.position.value};
  std::set<LookalikeId> before;
  for (const RiderId member : *members)
    if (const auto group = credential_of(enrolments, member).lookalikes) before.insert(*group);
  Events events;
  for (const LookalikeId group : before)
    events.push_back(LookalikeGroupDissolved{group, command.desk});
  events.push_back(
      LookalikeGroupFormed{id, static_cast<std::uint32_t>(members->size()), command.desk});
  for (const RiderId member : *members) events.push_back(LookalikeAssigned{member, id});
  return {std::move(events), Registered{id.value}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties,
                const DissolveLookalikeGroup& command, const Moment&) {
  if (auto desk = may(parties, command.desk, Role::enrolment_desk); !desk)
    return refuse(desk.error());
  if (!enrolments.lookalikes.contains(command.group))
    return refuse(Refusal::lookalikes_must_be_known);
  // From here on it succeeds.
  return {{LookalikeGroupDissolved{command.group, command.desk}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const UnlockFace& command,
                const Moment&) {
  if (auto desk = may(parties, command.desk, Role::enrolment_desk); !desk)
    return refuse(desk.error());
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  if (!credential_of(enrolments, command.rider).face_locked)
    return refuse(Refusal::face_must_be_locked);
  // From here on it succeeds.
  return {{FaceUnlocked{command.rider, command.desk}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const ChooseCustody& command, const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (command.custody < Custody::device_held || command.custody > Custody::operator_key)
    return refuse(Refusal::custody_must_be_known);
  if (rider->erasure_deferred) return refuse(Refusal::face_must_not_be_erased);
  // No way around what must be ended first.
  if (rider->face && rider->face->suspended) return refuse(Refusal::face_must_not_be_suspended);
  // From here on it succeeds. A template that was kept in one way is not kept in another: it goes,
  // and the person enrols anew.
  Events events;
  if (rider->face && credential_of(enrolments, command.rider).custody != command.custody)
    events.push_back(FaceErased{command.rider, rider->face->version});
  events.push_back(CustodyChosen{command.rider, command.custody});
  return {std::move(events), Done{}};
}

Decision decide(const Enrolments& enrolments, const LinkDevice& command, const Moment& moment) {
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  if (credential_of(enrolments, command.rider).devices.size() >= devices_max)
    return refuse(Refusal::devices_must_not_be_too_many);
  // From here on it succeeds.
  const DeviceId id{moment.position.value};
  return {{DeviceLinked{command.rider, id, command.key}}, Registered{id.value}};
}

Decision decide(const Enrolments& enrolments, const ReportDeviceLost& command,
                const Moment& moment) {
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  const auto& devices = credential_of(enrolments, command.rider).devices;
  const auto device = devices.find(command.device);
  if (device == devices.end()) return refuse(Refusal::device_must_be_known);
  if (device->second.lost) return refuse(Refusal::device_must_not_be_lost);
  // From here on it succeeds.
  return {{DeviceReportedLost{command.rider, command.device, moment.now}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const GrantCategory& command, const Moment&) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  const bool are_instants =
      is_instant(command.from) && (!command.until || is_instant(*command.until));
  if (!is_named(command.category) || !are_instants ||
      (command.until && *command.until <= command.from))
    return refuse(Refusal::category_must_be_dated);
  // A child's fare is no way around a child's guardian.
  if ((command.category == Category::child || command.category == Category::infant) &&
      !rider->guardian)
    return refuse(Refusal::guardian_must_be_linked);
  // From here on it succeeds.
  return {{CategoryGranted{command.rider, command.category, command.from, command.until}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const EndGuardianship& command,
                const Moment& moment) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  if (!rider->guardian) return refuse(Refusal::guardianship_must_last);
  if (!is_instant(command.at)) return refuse(Refusal::category_must_be_dated);
  // From here on it succeeds.
  if (command.at <= moment.now) return {{GuardianshipEnded{command.rider}}, Done{}};
  return {{GuardianshipEndSet{command.rider, command.at}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const ExpireGuardianship& command,
                const Moment& moment) {
  const auto due =
      std::ranges::find(enrolments.guardianships, command.rider, &GuardianshipDue::rider);
  if (due == enrolments.guardianships.end() || moment.now < due->at)
    return refuse(Refusal::timer_must_be_due);
  // From here on it succeeds.
  return {{GuardianshipEnded{command.rider}}, Done{}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const IssueExitToken& command,
                bool is_inside, const Moment& moment) {
  const Rider* rider = find(enrolments, command.rider);
  if (!rider) return refuse(Refusal::rider_must_be_registered);
  const auto policy = policy_in_force(parties);
  if (!policy) return refuse(policy.error());
  if (!is_inside) return refuse(Refusal::journey_must_be_open);
  // From here on it succeeds.
  const std::uint64_t serial = moment.position.value;
  const Instant expires = moment.now + (*policy)->credentials.exit_token_life;
  return {{ExitTokenIssued{command.rider, serial, expires}}, ExitToken{serial, expires}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties, const GrantOverride& command,
                TerminalId second, const Moment& moment) {
  if (auto desk = may(parties, command.desk, Role::operator_desk); !desk)
    return refuse(desk.error());
  if (auto gate = may(parties, command.terminal, Role::gate); !gate) return refuse(gate.error());
  const auto policy = policy_in_force(parties);
  if (!policy) return refuse(policy.error());
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  // From here on it succeeds.
  const OverrideId id{moment.position.value};
  const Instant expires = moment.now + (*policy)->credentials.override_life;
  return {
      {ManualOverrideGranted{id, command.rider, command.terminal, command.desk, second, expires}},
      Registered{id.value}};
}

Decision decide(const Enrolments& enrolments, const Parties& parties,
                const ReadPersonalData& command, const Moment&) {
  if (auto reader = may_look(parties, command.reader); !reader) return refuse(reader.error());
  if (!find(enrolments, command.rider)) return refuse(Refusal::rider_must_be_registered);
  // From here on it succeeds.
  Events events{AuditAccessed{command.reader, command.rider, command.what}};
  if (command.what == PersonalData::own_export)
    events.push_back(DataExported{command.rider, command.reader});
  return {std::move(events), Done{}};
}

std::optional<GuardianshipDue> next_due(const Enrolments& enrolments) {
  if (enrolments.guardianships.empty()) return {};
  return *enrolments.guardianships.begin();
}

void apply(Enrolments& enrolments, const FaceVerified& event) {
  const auto found = enrolments.credentials.find(event.rider);
  if (found == enrolments.credentials.end()) return;
  assert(!found->second.face_locked);
  found->second.face_failures = 0;
  settle(enrolments, event.rider);
}
void apply(Enrolments& enrolments, const FaceVerificationFailed& event) {
  Credential& credential = at(enrolments, event.rider);
  assert(!credential.face_locked && event.failures == credential.face_failures + 1);
  credential.face_failures = event.failures;
}
void apply(Enrolments& enrolments, const FaceLocked& event) {
  at(enrolments, event.rider).face_locked = true;
}
void apply(Enrolments& enrolments, const FaceUnlocked& event) {
  at(enrolments, event.rider).face_locked = false;
  at(enrolments, event.rider).face_failures = 0;
  settle(enrolments, event.rider);
}
void apply(Enrolments& enrolments, const LookalikeGroupFormed& event) {
  [[maybe_unused]] const bool is_new = enrolments.lookalikes.try_emplace(event.group).second;
  assert(is_new);
}
void apply(Enrolments& enrolments, const LookalikeAssigned& event) {
  at(enrolments, event.rider).lookalikes = event.group;
  enrolments.lookalikes.at(event.group).insert(event.rider);
}
void apply(Enrolments& enrolments, const LookalikeGroupDissolved& event) {
  const std::set<RiderId> members = enrolments.lookalikes.at(event.group);
  for (const RiderId member : members) {
    at(enrolments, member).lookalikes.reset();
    settle(enrolments, member);
  }
  enrolments.lookalikes.erase(event.group);
}
void apply(Enrolments& enrolments, const CustodyChosen& event) {
  at(enrolments, event.rider).custody = event.custody;
  settle(enrolments, event.rider);
}
void apply(Enrolments& enrolments, const DeviceLinked& event) {
  [[maybe_unused]] const bool is_new =
      at(enrolments, event.rider).devices.try_emplace(event.device, Device{event.key, {}}).second;
  assert(is_new);
}
void apply(Enrolments& enrolments, const DeviceReportedLost& event) {
  Credential& credential = at(enrolments, event.rider);
  assert(!credential.devices.at(event.device).lost);
  credential.devices.at(event.device).lost = event.at;
  credential.lost_pin = find(enrolments, event.rider)->pin.version;
}
void apply(Enrolments& enrolments, const ExitTokenIssued& event) {
  at(enrolments, event.rider).exit_tokens[event.serial] = event.expires;
}
void apply(Enrolments& enrolments, const TokenAccepted& event) {
  Credential& credential = at(enrolments, event.rider);
  // What has expired is refused for that, and need not be known as used.
  std::erase_if(credential.used, [&](const auto& one) { return one.second <= event.at; });
  std::erase_if(credential.exit_tokens, [&](const auto& one) { return one.second <= event.at; });
  if (event.device == DeviceId{})
    credential.exit_tokens.erase(event.serial);
  else
    credential.used[{event.device, event.serial}] = event.expires;
  settle(enrolments, event.rider);
}
void apply(Enrolments& enrolments, const CategoryGranted& event) {
  assert(find(enrolments, event.rider));
  auto& grants = enrolments.riders[event.rider.value - 1].grants;
  if (grants.size() == categories_max) grants.erase(grants.begin());
  grants.push_back({event.category, event.from, event.until});
}
void apply(Enrolments& enrolments, const GuardianshipEndSet& event) {
  std::erase_if(enrolments.guardianships,
                [&](const GuardianshipDue& due) { return due.rider == event.rider; });
  enrolments.guardianships.insert({event.at, event.rider});
}
// What the guardian agreed to stays in force: it is now the person's own to confirm or withdraw.
void apply(Enrolments& enrolments, const GuardianshipEnded& event) {
  assert(find(enrolments, event.rider));
  Rider& rider = enrolments.riders[event.rider.value - 1];
  rider.guardian.reset();
  rider.category = Category::adult;
  std::erase_if(enrolments.guardianships,
                [&](const GuardianshipDue& due) { return due.rider == event.rider; });
}
void apply(Enrolments& enrolments, const ManualOverrideGranted& event) {
  enrolments.overrides[event.terminal] = {event.override_id, event.rider, event.expires};
}
void apply(Enrolments& enrolments, const ManualOverrideUsed& event) {
  assert(enrolments.overrides.at(event.terminal).id == event.override_id);
  enrolments.overrides.erase(event.terminal);
}
void apply(Enrolments& enrolments, const DenyListed& event) {
  if (event.because == DenyCause::offline_debt)
    enrolments.deny_listed[event.rider] = event.because;
}
void apply(Enrolments& enrolments, const DenyListCleared& event) {
  if (event.because != DenyCause::offline_debt) return;
  [[maybe_unused]] const auto gone = enrolments.deny_listed.erase(event.rider);
  assert(gone == 1);
}

}  // namespace obverse
