// The checks of one authorisation from the camera to consent, in order; the first that fails names
// the refusal, and nothing later is looked at.
#include "ledger/rules/people/acceptance.h"

#include <utility>

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

// Whether the evidence singles out one person. It comes before every check that could put a
// person's number on the log: below the threshold nobody was recognised (invariant 45).
Outcome<void> judge_scores(const Policy& policy, const Recognition& face) {
  const auto threshold = threshold_for(policy, face.model, face.search, face.scope);
  if (!threshold || face.score < *threshold)
    return std::unexpected(Refusal::recognition_must_reach_threshold);
  if (face.search == Search::one_to_many && face.runner_up) {
    const std::int64_t lead = std::int64_t{face.score} - *face.runner_up;
    return must(lead >= policy.margin, Refusal::recognition_must_be_unambiguous);
  }
  return {};
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
  if (face.face != rider.face->version || face.model != rider.face->model)
    return std::unexpected(Refusal::recognition_must_be_of_current_face);
  return must(!rider.face->suspended, Refusal::face_must_not_be_suspended);
}

// A PIN against its rider's count. The failure that locks says so, and so does every later try,
// right or wrong.
Outcome<void> judge_pin(const Policy& policy, const Pin& pin, const PinCheck& check,
                        TerminalId terminal, Events& events) {
  if (pin.version.value == 0) return std::unexpected(Refusal::pin_must_be_set);
  if (pin.locked) return std::unexpected(Refusal::pin_must_not_be_locked);
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

Outcome<void> judge_consent(const Enrolments& enrolments, const Accepted& accepted,
                            const Demand& demand) {
  if (demand.leaving && !accepted.by_face) return {};
  return consent_in_force(enrolments, accepted.rider, demand.purpose, demand.party);
}

Outcome<Accepted> judge_presence(const Enrolments& enrolments, const Policy& policy,
                                 const Presence& presence, const Demand& demand,
                                 const Moment& moment, Judged& judged) {
  const auto& [capture, face, pin] = presence;
  if (auto good = judge_capture(capture, demand.terminal, judged.events); !good)
    return std::unexpected(good.error());
  if (!face && !pin) return std::unexpected(Refusal::recognition_must_be_present);
  if (face) {
    if (auto scores = judge_scores(policy, *face); !scores) return std::unexpected(scores.error());
  }
  const RiderId id = face ? face->rider : pin->rider;
  const Rider* rider = find(enrolments, id);
  if (!rider) return std::unexpected(Refusal::rider_must_be_registered);
  judged.rider = id;
  if (face) {
    if (auto bound = judge_binding(policy, *rider, *face, demand.terminal, moment.now); !bound)
      return std::unexpected(bound.error());
  }
  // Before the PIN is looked at: a failure never counts against a person who is not here.
  if (pin && pin->rider != id) return std::unexpected(Refusal::pin_must_be_of_same_person);
  if (pin) {
    if (auto right = judge_pin(policy, rider->pin, *pin, demand.terminal, judged.events); !right)
      return std::unexpected(right.error());
  }
  const Accepted accepted{id, face.has_value(), pin.has_value()};
  if (auto consent = judge_consent(enrolments, accepted, demand); !consent)
    return std::unexpected(consent.error());
  // From here on it succeeds.
  if (face) judged.events.insert(judged.events.begin(), FaceRecognised{*face});
  return accepted;
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

}  // namespace obverse
