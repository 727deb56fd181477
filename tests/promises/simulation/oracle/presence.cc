// Who stands at the terminal: is the evidence usable, good enough, fresh and bound to this place,
// and may this person be recognised for this purpose (DOMAIN 1.0, S12-S14, S18, S29).
#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

// The first row that covers the scope.
std::optional<Score> threshold_of(const Policy& policy, const Recognition& face) {
  for (const ThresholdRow& row : policy.thresholds)
    if (row.model == face.model && row.search == face.search && face.scope <= row.scope_max)
      return row.threshold;
  return std::nullopt;
}

void ask_match(Trouble& trouble, const Books& books, const Case& at, const Recognition& face,
               TerminalId terminal) {
  const Policy& policy = *books.policy;
  const auto threshold = threshold_of(policy, face);
  // One to one the person was named by somebody: that they are not alike is known of them.
  const bool reaches = threshold && (face.score >= *threshold || face.search == Search::one_to_one);
  trouble.if_not(reaches || books.broken("threshold_ignored"), similar,
                 Refusal::recognition_must_reach_threshold);
  const bool apart = !face.runner_up || std::int64_t{face.score} - *face.runner_up >= policy.margin;
  trouble.if_not(apart || face.search == Search::one_to_one || books.broken("ambiguity_ignored"),
                 unique, Refusal::recognition_must_be_unambiguous);
  trouble.if_not(face.terminal == terminal || books.broken("binding_ignored"), matched,
                 Refusal::recognition_must_be_of_this_terminal);
  const Duration age = at.now - face.at;
  trouble.if_not(
      (age <= policy.authorisation_life && age >= Duration{}) || books.broken("freshness_ignored"),
      matched, Refusal::recognition_must_be_fresh);
}

void ask_credential(Trouble& trouble, const Books& books, const Recognition& face) {
  const Person* who = books.person(face.rider);
  trouble.if_not(who != nullptr, matched, Refusal::rider_must_be_registered);
  if (who == nullptr) return;
  trouble.add(ask_face(*who));
  if (!who->has_face) return;
  trouble.if_not(!who->suspended || books.broken("suspension_ignored"), credential,
                 Refusal::face_must_not_be_suspended);
  trouble.if_not(
      (face.face == who->last_face && face.model == who->model) || books.broken("versions_ignored"),
      credential, Refusal::recognition_must_be_of_current_face);
}

// A comparison with the one person who was named.
void ask_alike(Seen& out, const Books& books, const Recognition& face) {
  const Person* who = books.person(face.rider);
  if (who == nullptr) return;
  out.trouble.if_not(!who->face_locked, alike, Refusal::face_must_not_be_locked);
  if (face.search != Search::one_to_one || out.trouble.any()) return;
  const RiderId rider = face.rider;
  const std::string name = "face of " + std::to_string(rider.value);
  if (face.score >= *threshold_of(*books.policy, face)) {
    out.tried.emplace_back(alike, [=](Books& now) {
      if (!now.broken("failures_add_up_for_ever")) now.people[rider].face_failures = 0;
      now.did(name + " alike", 1);
    });
    return;
  }
  const int failures = who->face_failures + 1;
  const bool last =
      failures >= books.policy->credentials.face_failures_max && !books.broken("face_never_locks");
  out.trouble.if_not(false, alike,
                     last ? Refusal::face_must_not_be_locked : Refusal::face_must_match_claim);
  out.tried.emplace_back(alike, [=](Books& now) {
    now.people[rider].face_failures = failures;
    now.did(name + " unlike", failures);
    if (!last) return;
    now.people[rider].face_locked = true;
    now.did(name + " locked", 1);
  });
}

// True if the PIN may be tried at all.
bool ask_pin(Trouble& trouble, const Books& books, const Presence& presented) {
  const Person* who = books.person(presented.pin->rider);
  trouble.if_not(who != nullptr, pin_given, Refusal::rider_must_be_registered);
  trouble.if_not(!presented.face || presented.face->rider == presented.pin->rider, whose_pin,
                 Refusal::pin_must_be_of_same_person);
  if (who == nullptr) return false;
  trouble.if_not(who->pin.value > 0, pin_given, Refusal::pin_must_be_set);
  if (who->pin.value == 0) return false;
  trouble.if_not(!who->pin_locked, pin_given, Refusal::pin_must_not_be_locked);
  if (who->pin_locked) return false;
  trouble.if_not(presented.pin->version == who->pin, pin_given, Refusal::pin_must_be_current);
  return presented.pin->version == who->pin;
}

void count_wrong_pin(Books& books, RiderId rider, int failures_max) {
  Person& who = books.people[rider];
  ++who.pin_failures;
  books.did("PIN of " + std::to_string(rider.value) + " wrong", who.pin_failures);
  if (who.pin_failures < failures_max || books.broken("pin_never_locks")) return;
  who.pin_locked = true;
  books.did("PIN of " + std::to_string(rider.value) + " locked", 1);
}

}  // namespace

Trouble ask_face(const Person& who) {
  Trouble trouble;
  const bool was_there = who.erased && who.last_face.value > 0;
  trouble.if_not(who.has_face, credential,
                 was_there ? Refusal::face_must_not_be_erased : Refusal::face_must_be_enrolled);
  return trouble;
}

Trouble ask_terminal(const Books& books, TerminalId id, Role role) {
  Trouble trouble;
  const auto found = books.terminals.find(id);
  trouble.if_not(found != books.terminals.end(), who_asks, Refusal::terminal_must_be_registered);
  if (found == books.terminals.end()) return trouble;
  trouble.if_not(!found->second.revoked || books.broken("revocation_ignored"), revoked,
                 Refusal::terminal_must_not_be_revoked);
  trouble.if_not(found->second.role == role, who_asks, Refusal::terminal_must_have_role);
  return trouble;
}

// A child's is the guardian's to give.
Trouble ask_consent(const Books& books, const Person& who, std::optional<Purpose> purpose,
                    Party party) {
  Trouble trouble;
  bool given = books.broken("consent_ignored"), by_guardian = given;
  for (const auto& [what, guardian] : who.consents) {
    const auto& [for_what, to_whom] = what;
    const bool covers =
        !purpose || (for_what == *purpose && (to_whom == party || to_whom == Party{}));
    given = given || covers;
    by_guardian = by_guardian || (covers && guardian && guardian == who.guardian);
  }
  if (who.category == Category::child && !books.broken("guardian_ignored"))
    trouble.if_not(by_guardian, consented, Refusal::guardian_must_consent);
  else
    trouble.if_not(given, consented, Refusal::consent_must_be_in_force);
  return trouble;
}

Trouble ask_wallet(const Person& who, Currency currency) {
  Trouble trouble;
  trouble.if_not(who.wallets.contains(currency), entitled, Refusal::wallet_must_be_open);
  return trouble;
}

Expected refuse(const Trouble& trouble, const Seen& who) {
  Expected expected = refuse(trouble);
  if (!who.tried.empty()) expected.otherwise = [=](Books& now, Refusal) { who.tell(now, trouble); };
  return expected;
}

Seen look(const Books& books, const Case& at, const Presence& presented, TerminalId terminal,
          std::optional<Purpose> purpose, Party party) {
  Seen out;
  Trouble& trouble = out.trouble;
  trouble.if_not(books.policy.has_value(), who_asks, Refusal::policy_must_be_published);
  trouble.if_not(presented.capture != Capture::attack_suspected, seen,
                 Refusal::capture_must_be_live);
  trouble.if_not(presented.capture != Capture::occluded, seen, Refusal::capture_must_be_clear);
  trouble.if_not(presented.capture != Capture::low_quality, seen,
                 Refusal::capture_must_have_quality);
  trouble.if_not(presented.face || presented.pin, shown, Refusal::recognition_must_be_present);
  if (trouble.any()) return out;
  if (presented.face) {
    out.rider = presented.face->rider;
    ask_match(trouble, books, at, *presented.face, terminal);
    ask_credential(trouble, books, *presented.face);
    ask_alike(out, books, *presented.face);
  }
  if (presented.pin) {
    if (!presented.face) out.rider = presented.pin->rider;
    if (ask_pin(trouble, books, presented) && presented.pin->correct) {
      out.with_pin = true;
      out.tried.emplace_back(consented, [rider = presented.pin->rider](Books& now) {
        now.people[rider].pin_failures = 0;
        now.did("PIN of " + std::to_string(rider.value) + " right", 1);
      });
    } else if (!trouble.any()) {
      const RiderId rider = presented.pin->rider;
      const int failures_max = books.policy->pin_failures_max;
      const bool last =
          books.person(rider)->pin_failures + 1 >= failures_max && !books.broken("pin_never_locks");
      trouble.if_not(false, pin_given,
                     last ? Refusal::pin_must_not_be_locked : Refusal::pin_must_be_correct);
      out.tried.emplace_back(pin_given,
                             [=](Books& now) { count_wrong_pin(now, rider, failures_max); });
      return out;
    }
  }
  const Person* who = books.person(out.rider);
  if (who != nullptr && purpose) trouble.add(ask_consent(books, *who, *purpose, party));
  return out;
}

}  // namespace obverse::oracle
