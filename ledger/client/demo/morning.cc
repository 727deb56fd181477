// The second act: a morning at the gates of a metro and in a shop, with everything that goes wrong
// in one.
#include "ledger/client/commands/attempt.h"
#include "ledger/client/demo/demo.h"
#include "ledger/client/demo/play.h"

namespace obverse {
namespace {

const Member& playing(const Play& play, const std::string& part) {
  for (const Member& member : play.cast)
    if (member.part == part) return member;
  throw CommandFailed(Ended::usage, "nobody plays " + part);
}

void ride(Play& play) {
  const auto& cast = play.cast;
  tell(play, "person 1 enters at Umeda (M16)", "entered", enter(play, "G-M16", cast[0]));
  tell(play, "person 1 again at the same gate: pass-back", "refused: PASS_BACK",
       enter(play, "G-M16", cast[0]));
  tell(play, "person 1 leaves at Namba (M20): two sections", "left, fare 240 JPY",
       leave(play, "G-M20", cast[0]));
  tell(play, "person 2 enters at Esaka (M11)", "entered", enter(play, "G-M11", cast[1]));
  tell(play, "person 2 leaves at Yumeshima (C09): surcharge", "left, fare 480 JPY",
       leave(play, "G-C09", cast[1]));
  const Member& child = playing(play, "child");
  tell(play, "a child enters at Esaka (M11)", "entered", enter(play, "G-M11", child));
  tell(play, "the child leaves at Yumeshima: half, rounded up", "left, fare 240 JPY",
       leave(play, "G-C09", child));
  tell(play, "person 3 enters at Umeda", "entered", enter(play, "G-M16", cast[2]));
  tell(play, "person 3 at another station's entry, seconds later", "refused: IMPOSSIBLE_TRAVEL",
       enter(play, "G-C09", cast[2]));
  tell(play, "person 3 leaves by PIN at Namba", "left, fare 240 JPY",
       leave_by_pin(play, "G-M20", cast[2], "2580"));
  tell(play, "person 4 wants out without having entered", "refused: NO_OPEN_JOURNEY",
       leave(play, "G-M20", cast[3]));
  tell(play, "a stranger at the gate", "refused: NOT_RECOGNISED",
       enter(play, "G-M16", playing(play, "stranger")));
  tell(play, "too little money to enter (100 yen)", "refused: INSUFFICIENT_BALANCE",
       enter(play, "G-M16", playing(play, "too little money")));
}

Scene reverse(Play& play, const AttemptKey& original) {
  Session& till = play.as("T1");
  auto request = till.checkout().reverseRequest();
  fill(request.initAttempt(), new_attempt(now_by_clock()));
  fill(request.initOriginal(), original);
  return {to_json(request.send().wait(till.wait_scope()).getOutcome()), 0, 1};
}

void shop(Play& play) {
  const auto& cast = play.cast;
  const std::string first = text(new_attempt(now_by_clock()));
  const Scene sold = pay(play, "T1", cast[4], {1'620, first, 0, ""});
  tell(play, "person 5 pays 1,620 by face", "paid, amount 1,620 JPY, balance 48,380 JPY", sold);
  Scene again = pay(play, "T1", cast[4], {1'620, first, 0, ""});
  const bool same = again.outcome == sold.outcome ||
                    (again.outcome["purchase"] == sold.outcome["purchase"] &&
                     again.outcome["receipt"]["chain"] == sold.outcome["receipt"]["chain"]);
  tell(play, "the same attempt again: the same answer, charged once",
       same ? "paid" : "the first answer", again);
  tell(play, "the same key with another amount", "refused: IDEMPOTENCY_CONFLICT",
       pay(play, "T1", cast[4], {1'621, first, 0, ""}));
  tell(play, "no consent to pay by face", "refused: PURPOSE_NOT_CONSENTED",
       pay(play, "T1", playing(play, "no consent to pay"), {540, "", 0, ""}));
  const Scene large = pay(play, "T1", cast[5], {12'800, "", 0, ""});
  tell(play, "person 6 pays 12,800: above what a face alone may", "refused: STEP_UP_REQUIRED",
       large);
  const auto step_up = large.outcome.value("step_up", std::uint64_t{0});
  tell(play, "person 6 types the PIN", "paid, amount 12,800 JPY",
       pay(play, "T1", cast[5], {12'800, "", step_up, "2580"}));
  const AttemptKey mistaken = new_attempt(now_by_clock());
  tell(play, "person 7 pays 700", "paid, amount 700 JPY",
       pay(play, "T1", cast[6], {700, text(mistaken), 0, ""}));
  tell(play, "the till reverses that sale", "reversed, returned 700 JPY", reverse(play, mistaken));
  tell(play, "and once more: one effect", "reversed", reverse(play, mistaken));
  tell(play, "a stranger at the till", "refused: NOT_RECOGNISED",
       pay(play, "T1", play.cast[19], {540, "", 0, ""}));
}

}  // namespace

void play_morning(Play& play) {
  ride(play);
  shop(play);
}

}  // namespace obverse
