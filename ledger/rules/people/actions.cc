#include "ledger/rules/people/actions.h"

#include <cassert>

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

}  // namespace

ActionKind kind_of(const Action& action) { return static_cast<ActionKind>(action.index() + 1); }

bool needs_two(const Parties& parties, ActionKind kind) {
  const auto policy = policy_in_force(parties);
  if (!policy) return false;
  const TwoPersons& rule = (*policy)->two_persons;
  switch (kind) {
    case ActionKind::publish_tariff:
      return rule.for_tariffs;
    case ActionKind::publish_policy:
      return rule.for_policies;
    case ActionKind::publish_limits:
      return rule.for_limits;
    case ActionKind::correct_journey:
      return rule.for_corrections;
    case ActionKind::grant_override:
      return rule.for_overrides;
    case ActionKind::release_offline:
    case ActionKind::give_up_offline:
      return rule.for_offline;
  }
  return true;
}

Decision decide(const Actions&, const Parties& parties, const RequestAction& command,
                const Moment& moment) {
  if (auto desk = may(parties, command.desk, Role::operator_desk); !desk)
    return refuse(desk.error());
  const auto policy = policy_in_force(parties);
  if (!policy) return refuse(policy.error());
  if (!moment.action) return refuse(Refusal::action_must_be_the_same);
  // From here on it succeeds.
  const ActionId id{moment.position.value};
  return {{OperatorActionRequested{id, kind_of(command.action), *moment.action, command.desk,
                                   moment.now, moment.now + (*policy)->credentials.action_life}},
          Registered{id.value}};
}

Outcome<TerminalId> approved_for(const Actions& actions, const Parties& parties,
                                 const ApproveAction& command, const Moment& moment) {
  if (auto desk = may(parties, command.desk, Role::operator_desk); !desk)
    return std::unexpected(desk.error());
  const auto found = actions.open.find(command.id);
  if (found == actions.open.end()) return std::unexpected(Refusal::action_must_be_requested);
  const RequestedAction& asked = found->second;
  if (moment.now > asked.expires) return std::unexpected(Refusal::action_must_be_in_time);
  if (asked.desk == command.desk) return std::unexpected(Refusal::approver_must_be_another);
  // Whoever lost the right to ask in the meantime has not asked.
  if (auto still = may(parties, asked.desk, Role::operator_desk); !still)
    return std::unexpected(still.error());
  if (asked.kind != kind_of(command.action) || asked.content != moment.action)
    return std::unexpected(Refusal::action_must_be_the_same);
  return asked.desk;
}

void apply(Actions& actions, const OperatorActionRequested& event) {
  // What nobody approved in time goes with the next request.
  std::erase_if(actions.open, [&](const auto& one) { return one.second.expires < event.at; });
  actions.open[event.action] = {event.kind, event.content, event.desk, event.expires};
}

void apply(Actions& actions, const OperatorActionApproved& event) {
  [[maybe_unused]] const auto gone = actions.open.erase(event.action);
  assert(gone == 1);
}

}  // namespace obverse
