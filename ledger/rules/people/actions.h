// Two people: what one desk requests, another approves, and then it happens in one decision with
// the approval (invariant 46). Desk certificates stand for people. Which kinds of action need it is
// published with the policy (TwoPersons).
#pragma once

#include <map>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/outcome.h"
#include "ledger/model/policy.h"
#include "ledger/model/record.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

struct RequestedAction {
  ActionKind kind = ActionKind::publish_tariff;
  Digest content;
  TerminalId desk;
  Instant expires;
  friend bool operator==(const RequestedAction&, const RequestedAction&) = default;
};
struct Actions {
  std::map<ActionId, RequestedAction> open;
  friend bool operator==(const Actions&, const Actions&) = default;
};

ActionKind kind_of(const Action&);
// Not before there is a policy: somebody must be able to begin.
bool needs_two(const Parties&, ActionKind);

Decision decide(const Actions&, const Parties&, const RequestAction&, const Moment&);
// Who requested it, if this desk may approve exactly this now: action_must_be_requested,
// action_must_be_in_time, approver_must_be_another, action_must_be_the_same.
Outcome<TerminalId> approved_for(const Actions&, const Parties&, const ApproveAction&,
                                 const Moment&);

void apply(Actions&, const OperatorActionRequested&);
void apply(Actions&, const OperatorActionApproved&);

}  // namespace obverse
