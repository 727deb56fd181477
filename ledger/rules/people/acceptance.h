// Is this evidence good enough, now, at this terminal, for this purpose and this party (DOMAIN 1.0,
// steps 2 to 4, and the deny-list of step 6)? It remembers nothing itself: PINs are counted by
// enrolments.h, comparisons one to one by credentials.h.
#pragma once

#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/policy.h"
#include "ledger/model/record.h"
#include "ledger/rules/people/enrolments.h"

namespace obverse {

// What the evidence is asked for. Leaving with a PIN or a code needs no consent: a withdrawal must
// never trap a person inside (invariant 31). Everything else does, and a face always does. What was
// sold without network was sold before anybody was on the deny-list for it.
struct Demand {
  TerminalId terminal;
  Purpose purpose = Purpose::transit;
  Party party;
  bool leaving = false;
  bool was_offline = false;
};

struct Accepted {
  RiderId rider;
  bool by_face = false;
  bool by_pin = false;
  bool by_token = false;
  std::optional<StepUpId> confirms = {};  // what a code of the person's app says yes to
};

struct Judged {
  // Evidence (FaceRecognised, PinVerified) or what went wrong (CaptureRejected,
  // PresentationAttackDetected, FaceAmbiguous, PinFailed, PinLocked). They go first into the
  // decision's events, whatever the verdict and whatever the caller decides after it.
  Events events;
  // Whom the caller's denial event may name. None: the caller adds no denial event of its own,
  // because nobody was identified (invariants 16, 45), or the events above say it already.
  std::optional<RiderId> rider;
  Outcome<Accepted> verdict;
};

Judged judge(const Enrolments&, const Policy&, const Presence&, const Demand&, const Moment&);

// The person themselves, at a desk: their face compared one to one, suspended or not, and their
// PIN. No consent is asked for: this is how one changes one's own credentials.
Judged judge_proof(const Enrolments&, const Policy&, const Presence&, RiderId, TerminalId desk,
                   const Moment&);

// The threshold published for this model, kind of search and number of people searched; none: such
// a search can recognise nobody.
std::optional<Score> threshold_for(const Policy&, const Code& model, Search, std::uint32_t scope);

}  // namespace obverse
