// Defects of what is decided: the rules' decision, with something taken away, doubled or altered.
#include "ledger/rules/machine.h"
#include "tests/promises/simulation/defects.h"
#include "tests/promises/simulation/seam.h"

namespace obverse::simulation {
namespace {

template <class Fact>
void drop(Events& events, Defect defect) {
  if (is(defect))
    std::erase_if(events, [](const Event& e) { return std::holds_alternative<Fact>(e); });
}

template <class Fact>
Fact* first(Events& events) {
  for (Event& event : events)
    if (auto* fact = std::get_if<Fact>(&event)) return fact;
  return nullptr;
}

void take_away(Events& events, const Command& command) {
  if (std::holds_alternative<Pay>(command) || std::holds_alternative<LeaveGate>(command))
    drop<Posted>(events, Defect::money_is_not_posted);
  drop<HoldReleased>(events, Defect::hold_is_not_released);
  drop<HoldCaptured>(events, Defect::hold_is_not_captured);
  drop<JourneyClosed>(events, Defect::journey_is_not_closed);
  drop<PinFailed>(events, Defect::pin_failure_is_not_counted);
  drop<PinLocked>(events, Defect::pin_is_not_locked);
  drop<ReversalRecorded>(events, Defect::early_reversal_is_forgotten);
  drop<FaceErased>(events, Defect::erasure_leaves_the_face);
  drop<ConsentWithdrawn>(events, Defect::consent_stays);
  drop<FaceRecognised>(events, Defect::evidence_is_not_kept);
}

void alter(Decision& decision) {
  Events& events = decision.events;
  if (const Posted* posted = first<Posted>(events);
      posted != nullptr && is(Defect::money_is_posted_twice))
    if (std::holds_alternative<Paid>(decision.reply)) events.push_back(Posted(*posted));
  if (auto* paid = std::get_if<Paid>(&decision.reply);
      paid != nullptr && is(Defect::another_amount_is_told))
    ++paid->amount.minor;
  if (auto* held = first<FundsReserved>(events);
      held != nullptr && is(Defect::hold_is_on_a_neighbour))
    held->rider = {held->rider.value % 3 + 1};
  if (auto* undone = first<PurchaseReversed>(events);
      undone != nullptr && is(Defect::reversal_gives_nothing_back))
    undone->amount.minor = 0;
  if (auto* opened = first<JourneyOpened>(events);
      opened != nullptr && is(Defect::category_is_wrong))
    opened->category = opened->category == Category::adult ? Category::child : Category::adult;
  if (std::holds_alternative<Left>(decision.reply) && is_due(Defect::refused_and_done, 20))
    decision.reply = Refused{Refusal::journey_must_be_open, {}};
  if (std::holds_alternative<Paid>(decision.reply) && is_due(Defect::done_and_nothing_kept, 20))
    events.clear();
}

}  // namespace

SEAM(Decision, decide, const State& state, const Command& command, const Moment& moment) {
  Decision decision = decide_real(state, command, moment);
  take_away(decision.events, command);
  alter(decision);
  return decision;
}

}  // namespace obverse::simulation
