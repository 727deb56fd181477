// What an acquirer would say, said at once or when the script wants it.
#include "tests/scenarios/rail.h"

#include <string>
#include <utility>

namespace obverse::scenarios {

// Only what is authorised can be declined here; captures, refunds and reversals it takes.
void ScriptedRail::send(const RailOrder& order) {
  if (const auto known = answered_.find(order.request); known != answered_.end()) {
    answers_.push_back(known->second);
    return;
  }
  unanswered_.emplace(order.request, order);
  const bool is_asked = order.kind == RailKind::authorise;
  switch (mood_) {
    case Mood::silent:
      return;
    case Mood::approves:
      return answer(order, RailOutcome::approved);
    case Mood::declines:
      return answer(order, is_asked ? RailOutcome::declined : RailOutcome::approved);
    case Mood::away:
      answers_.push_back({order.request, RailOutcome::unavailable, {}});
  }
}

void ScriptedRail::answer_late() {
  for (const auto& [request, order] : std::exchange(unanswered_, {}))
    answer(order, RailOutcome::approved);
}

void ScriptedRail::repeat_itself() {
  for (const auto& [request, answer] : answered_) answers_.push_back(answer);
}

std::vector<TakeRailAnswer> ScriptedRail::take_answers() { return std::exchange(answers_, {}); }

void ScriptedRail::answer(const RailOrder& order, RailOutcome outcome) {
  const bool approves = order.kind == RailKind::authorise && outcome == RailOutcome::approved;
  const Code approval = approves ? "A" + std::to_string(order.request.value) : "";
  const TakeRailAnswer said{order.request, outcome, approval};
  unanswered_.erase(order.request);
  answered_[order.request] = said;
  answers_.push_back(said);
}

}  // namespace obverse::scenarios
