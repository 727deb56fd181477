// The checks of one authorisation from the camera to consent, in order; the first that fails names
// the refusal, and nothing later is looked at.
#include "ledger/rules/people/acceptance.h"

#include <utility>

#include "ledger/rules/people/credentials.h"
#include "ledger/rules/people/parties.h"

namespace obverse {
namespace {

Outcome<void> must(bool holds, Refusal refusal) {
  if (!holds) return std::unexpected(refusal);
  return {};
}

// What the camera saw. A bad capture is remembered for the terminal; no person is known yet.
Outcome<void> judge_capture(Capture capture, TerminalId terminal, Events& events) {
  switch (capture) {
    case Capture::good:
      return {};
    case Capture::attack_suspected:
      events.push_back(PresentationAttackDetected{terminal});
      return std::unexpected(Refusal::capture_must_be_live);
    case Capture::occluded:
      events.push_back(CaptureRejected{terminal, capture});
      return std::unexpected(Refusal::capture_must_be_clear);
    case Capture::low_quality:
      break;
  }
  events.push_back(CaptureRejected{terminal, Capture::low_quality});
  return std::unexpected(Refusal::capture_must_have_quality);
}

// Whether the evidence of a search singles out one person. It comes before every check that could
// put a person's number on the log: below the threshold nobody was recognised (invariant 45). Of a
// comparison with the one person who was named, only that its score can be judged.
Outcome<void> judge_scores(const Policy& policy, const Recognition& face) {
  const auto threshold = threshold_for(policy, face.model, face.search, face.scope);
  if (!threshold) return std::unexpected(Refusal::recognition_must_reach_threshold);
  if (face.search == Search::one_to_one) return {};
  if (face.score < *threshold) return std::unexpected(Refusal::recognition_must_reach_threshold);
  if (!face.runner_up) return {};
  const std::int64_t lead = std::int64_t{face.score} - *face.runner_up;
  return must(lead >= policy.margin, Refusal::recognition_must_be_unambiguous);
}

// Whether it is bound to this terminal and this moment, and speaks of the face enrolled now.
Outcome<void> judge_binding(const Policy& policy, const Rider& rider, const Recognition& face,
                            TerminalId terminal, Instant now) {
  if (face.terminal != terminal)
    return std::unexpected(Refusal::recognition_must_be_of_this_terminal);
  if (face.at > now || now - face.at > policy.authorisation_life)
    return std::unexpected(Refusal::recognition_must_be_fresh);
  if (!rider.face)
    return std::unexpected(rider.last_face.value > 0 ? Refusal::face_must_not_be_erased
                                                     : Refusal::face_must_be_enrolled);
  return must(face.face == rider.face->version && face.model == rider.face->model,
              Refusal::recognition_must_be_of_current_face);
}

// One to one: against the rider's count. The failure that locks says so, and so does every later
// try, alike or not.
Outcome<void> judge_comparison(const Enrolments& enrolments, const Policy& policy,
                               const Recognition& face, Judged& judged) {
  const Credential& credential = credential_of(enrolments, face.rider);
  if (credential.face_locked) return std::unexpected(Refusal::face_must_not_be_locked);
  if (face.search != Search::one_to_one) return {};
  if (face.score >= *threshold_for(policy, face.model, face.search, face.scope)) {
    judged.events.push_back(FaceVerified{face.rider, face.terminal});
    return {};
  }
  const auto failures = static_cast<std::uint8_t>(credential.face_failures + 1);
  judged.events.push_back(FaceVerificationFailed{face.rider, face.terminal, failures});
  if (failures < policy.credentials.face_failures_max)
    return std::unexpected(Refusal::face_must_match_claim);
  judged.events.push_back(FaceLocked{face.rider});
  return std::unexpected(Refusal::face_must_not_be_locked);
}

// A PIN against its rider's count. The failure that locks says so, and so does every later try,
// right or wrong.
Outcome<void> judge_pin(const Enrolments& enrolments, const Policy& policy, const PinCheck& check,
                        TerminalId terminal, Events& events) {
  const Pin& pin = find(enrolments, check.rider)->pin;
  if (pin.version.value == 0) return std::unexpected(Refusal::pin_must_be_set);
  if (pin.locked) return std::unexpected(Refusal::pin_must_not_be_locked);
  if (pin.version <= credential_of(enrolments, check.rider).lost_pin)
    return std::unexpected(Refusal::pin_must_be_set_anew);
  if (check.version != pin.version) return std::unexpected(Refusal::pin_must_be_current);
  if (check.correct) {
    events.push_back(PinVerified{check.rider, check.version, terminal});
    return {};
  }
  const auto failures = static_cast<std::uint8_t>(pin.failures + 1);
  events.push_back(PinFailed{check.rider, terminal, failures});
  if (failures < policy.pin_failures_max) return std::unexpected(Refusal::pin_must_be_correct);
  events.push_back(PinLocked{check.rider});
  return std::unexpected(Refusal::pin_must_not_be_locked);
}

bool fits(TokenPurpose purpose, const Demand& demand) {
  if (demand.purpose == Purpose::payment) return purpose == TokenPurpose::confirm;
  return purpose == TokenPurpose::ride || (demand.leaving && purpose == TokenPurpose::leave);
}

Outcome<void> judge_consent(const Enrolments& enrolments, const Accepted& accepted,
                            const Demand& demand) {
  if (demand.leaving && !accepted.by_face) return {};
  return consent_in_force(enrolments, accepted.rider, demand.purpose, demand.party);
}

// All that was shown, as far as it names anybody.
struct Shown {
  std::optional<Recognition> face;
  std::optional<PinCheck> pin;
  std::optional<Token> token;
  std::optional<RiderId> vouched;
  // Who says who they are, besides a face: of more than one, the first; the others must agree.
  std::optional<RiderId> claim() const {
    if (token) return token->rider;
    if (pin) return pin->rider;
    return vouched;
  }
  RiderId rider() const { return face ? face->rider : *claim(); }
};

// A code that is not ours and an override that is not in force name nobody.
Outcome<Shown> what_counts(const Enrolments& enrolments, const Presence& presence,
                           const Demand& demand, Instant now) {
  Shown shown{presence.face, presence.pin, {}, {}};
  if (presence.token) {
    if (!presence.token->genuine) return std::unexpected(Refusal::token_must_be_genuine);
    shown.token = presence.token->token;
  }
  if (presence.vouched) {
    const auto found = enrolments.overrides.find(demand.terminal);
    if (found == enrolments.overrides.end() || found->second.id != *presence.vouched ||
        now > found->second.expires)
      return std::unexpected(Refusal::override_must_be_granted);
    shown.vouched = found->second.rider;
  }
  return shown;
}

Outcome<void> nobody_is_named(const Demand& demand, std::size_t candidates,
                              std::optional<LookalikeId> group, Judged& judged) {
  judged.events.push_back(
      FaceAmbiguous{demand.terminal, static_cast<std::uint32_t>(candidates), group});
  return std::unexpected(Refusal::recognition_must_be_unambiguous);
}

// A face that could be somebody else's names nobody by itself. Where a PIN or a code names one of
// those whom it could be, that one is meant, and the face adds nothing.
Outcome<void> judge_likeness(const Enrolments& enrolments, const Presence& presence,
                             const Demand& demand, Shown& shown, Judged& judged) {
  const auto claim = shown.claim();
  if (presence.ambiguous) {
    shown.face.reset();
    if (claim) return {};
    return nobody_is_named(demand, presence.ambiguous->candidates, {}, judged);
  }
  if (!shown.face) return must(claim.has_value(), Refusal::recognition_must_be_present);
  const auto group = credential_of(enrolments, shown.face->rider).lookalikes;
  if (!group) return {};
  if (!claim)
    return nobody_is_named(demand, enrolments.lookalikes.at(*group).size(), group, judged);
  if (credential_of(enrolments, *claim).lookalikes != group)
    return std::unexpected(Refusal::pin_must_be_of_same_person);
  if (*claim != shown.face->rider) shown.face.reset();
  return {};
}

Outcome<void> judge_face(const Enrolments& enrolments, const Policy& policy, const Rider& rider,
                         const Recognition& face, const Demand& demand, Instant now,
                         Judged& judged) {
  if (auto bound = judge_binding(policy, rider, face, demand.terminal, now); !bound) return bound;
  if (rider.face->suspended) return std::unexpected(Refusal::face_must_not_be_suspended);
  return judge_comparison(enrolments, policy, face, judged);
}

// Face, PIN, code and staff must speak of one person, before any of them is looked at: a failure
// never counts against a person who is not here.
Outcome<void> judge_claims(const Enrolments& enrolments, const Policy& policy, const Shown& shown,
                           const Demand& demand, const Moment& moment, Judged& judged) {
  const RiderId id = shown.rider();
  if (shown.pin && shown.pin->rider != id)
    return std::unexpected(Refusal::pin_must_be_of_same_person);
  if (shown.token && shown.token->rider != id)
    return std::unexpected(Refusal::token_must_be_of_same_person);
  if (shown.vouched && *shown.vouched != id)
    return std::unexpected(Refusal::override_must_be_granted);
  if (shown.token) {
    if (!fits(shown.token->purpose, demand))
      return std::unexpected(Refusal::token_must_fit_purpose);
    if (auto good = token_must_be_good(enrolments, policy, *shown.token, moment.now); !good)
      return good;
  }
  if (!shown.pin) return {};
  return judge_pin(enrolments, policy, *shown.pin, demand.terminal, judged.events);
}

Accepted accepted_by(const Shown& shown) {
  Accepted accepted{shown.rider(), shown.face.has_value(), shown.pin.has_value(),
                    shown.token.has_value()};
  if (shown.token && shown.token->purpose == TokenPurpose::confirm)
    accepted.confirms = StepUpId{shown.token->bound};
  return accepted;
}

// What was shown is used up, or is the evidence.
void tell(const Presence& presence, const Shown& shown, const Demand& demand, Instant now,
          Events& events) {
  if (shown.face) events.insert(events.begin(), FaceRecognised{*shown.face});
  if (shown.token)
    events.push_back(TokenAccepted{shown.token->rider, shown.token->device, shown.token->serial,
                                   shown.token->purpose, demand.terminal, now,
                                   shown.token->expires});
  if (shown.vouched)
    events.push_back(ManualOverrideUsed{*presence.vouched, *shown.vouched, demand.terminal});
}

Outcome<Accepted> judge_presence(const Enrolments& enrolments, const Policy& policy,
                                 const Presence& presence, const Demand& demand,
                                 const Moment& moment, Judged& judged) {
  const auto refuse = [](const auto& why) { return std::unexpected(why.error()); };
  if (auto good = judge_capture(presence.capture, demand.terminal, judged.events); !good)
    return refuse(good);
  auto shown = what_counts(enrolments, presence, demand, moment.now);
  if (!shown) return refuse(shown);
  if (shown->face && !presence.ambiguous) {
    if (auto scores = judge_scores(policy, *shown->face); !scores) return refuse(scores);
  }
  if (auto one = judge_likeness(enrolments, presence, demand, *shown, judged); !one)
    return refuse(one);
  const RiderId id = shown->rider();
  const Rider* rider = find(enrolments, id);
  if (!rider) return std::unexpected(Refusal::rider_must_be_registered);
  if (shown->face && shown->face->search == Search::one_to_many &&
      credential_of(enrolments, id).custody != Custody::operator_key)
    return std::unexpected(Refusal::face_must_be_compared_one_to_one);
  judged.rider = id;
  if (shown->face) {
    auto face = judge_face(enrolments, policy, *rider, *shown->face, demand, moment.now, judged);
    if (!face) return refuse(face);
  }
  if (auto claims = judge_claims(enrolments, policy, *shown, demand, moment, judged); !claims)
    return refuse(claims);
  const Accepted accepted = accepted_by(*shown);
  if (auto consent = judge_consent(enrolments, accepted, demand); !consent) return refuse(consent);
  if (!demand.leaving && !demand.was_offline && enrolments.deny_listed.contains(id))
    return std::unexpected(Refusal::rider_must_not_be_deny_listed);
  // From here on it succeeds.
  tell(presence, *shown, demand, moment.now, judged.events);
  return accepted;
}

Outcome<Accepted> judge_person(const Enrolments& enrolments, const Policy& policy,
                               const Presence& presence, RiderId id, TerminalId desk,
                               const Moment& moment, Judged& judged) {
  const auto refuse = [](const auto& why) { return std::unexpected(why.error()); };
  if (auto good = judge_capture(presence.capture, desk, judged.events); !good) return refuse(good);
  const auto& face = presence.face;
  const auto& pin = presence.pin;
  if (!face || !pin || face->search != Search::one_to_one || face->rider != id ||
      pin->rider != id || !threshold_for(policy, face->model, face->search, face->scope))
    return std::unexpected(Refusal::proof_must_be_given);
  const Rider& rider = *find(enrolments, id);
  judged.rider = id;
  if (auto bound = judge_binding(policy, rider, *face, desk, moment.now); !bound)
    return refuse(bound);
  if (auto alike = judge_comparison(enrolments, policy, *face, judged); !alike)
    return refuse(alike);
  if (auto right = judge_pin(enrolments, policy, *pin, desk, judged.events); !right)
    return refuse(right);
  // From here on it succeeds.
  judged.events.insert(judged.events.begin(), FaceRecognised{*face});
  return Accepted{id, true, true};
}

}  // namespace

std::optional<Score> threshold_for(const Policy& policy, const Code& model, Search search,
                                   std::uint32_t scope) {
  for (const ThresholdRow& row : policy.thresholds) {
    if (row.search == search && row.scope_max >= scope && row.model == model) return row.threshold;
  }
  return std::nullopt;
}

Judged judge(const Enrolments& enrolments, const Policy& policy, const Presence& presence,
             const Demand& demand, const Moment& moment) {
  Judged judged;
  judged.verdict = judge_presence(enrolments, policy, presence, demand, moment, judged);
  return judged;
}

Judged judge_proof(const Enrolments& enrolments, const Policy& policy, const Presence& presence,
                   RiderId rider, TerminalId desk, const Moment& moment) {
  Judged judged;
  judged.verdict = judge_person(enrolments, policy, presence, rider, desk, moment, judged);
  return judged;
}

}  // namespace obverse
