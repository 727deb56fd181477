// A role is the object it is handed: what is null cannot be called.
#include "ledger/server/entrance_service.h"

#include <algorithm>

#include "ledger/server/audit_service.h"
#include "ledger/server/enrolment_service.h"
#include "ledger/server/operator_service.h"
#include "ledger/server/processor_service.h"
#include "ledger/server/terminal_service.h"

namespace obverse {
namespace {

constexpr std::uint64_t welcome_words = 96;
constexpr unsigned welcome_capabilities = 2;

kj::StringPtr words(Role role) {
  switch (role) {
    case Role::gate:
      return "gate"_kj;
    case Role::till:
      return "till"_kj;
    case Role::enrolment_desk:
      return "enrolmentDesk"_kj;
    case Role::operator_desk:
      return "operatorDesk"_kj;
    case Role::auditor:
      return "auditor"_kj;
    case Role::processor:
      return "processor"_kj;
  }
  return "none"_kj;
}

template <class Results>
void hand_out(Results results, const std::shared_ptr<const Caller>& caller) {
  results.setSession(kj::heap<SessionService>(caller));
  switch (caller->terminal().role) {
    case Role::gate:
      return results.setGate(kj::heap<GateService>(caller));
    case Role::till:
      return results.setCheckout(kj::heap<CheckoutService>(caller));
    case Role::enrolment_desk:
      return results.setEnrolment(kj::heap<EnrolmentService>(caller));
    case Role::operator_desk:
      return results.setOperator(kj::heap<OperatorService>(caller));
    case Role::auditor:
      return results.setAuditor(kj::heap<AuditService>(caller));
    case Role::processor:
      return results.setProcessor(kj::heap<ProcessorService>(caller));
  }
}

void write(rpc::Welcome::Builder welcome, const Household& house, const Terminal& terminal) {
  const MarkedReceipt head = house.head();
  const Instant now = house.clock.now();
  welcome.setTerminal(terminal.code.c_str());
  welcome.setRole(words(terminal.role));
  welcome.setModel(house.matcher.model().id.c_str());
  welcome.setDimensions(house.matcher.model().dimensions);
  obverse::write(welcome.initHead(), head, now, head);
  welcome.setServerTime(now.ms);
}

}  // namespace

// Auditors and operators may look, so that somebody can find out what happened; what they write is
// refused like everybody's.
bool EntranceService::refuse_rollback(rpc::Hello::Reader hello, Role role, LoginContext& context) {
  Receipt seen{{hello.getHighestPosition()}, {}};
  const auto chain = hello.getHighestChain();
  if (chain.size() == seen.chain.bytes.size()) std::ranges::copy(chain, seen.chain.bytes.begin());
  const auto mark = hello.getHighestMark();
  const auto doubt = house_.rollback.doubt(seen, {mark.begin(), mark.size()});
  const bool may_look = role == Role::auditor || role == Role::operator_desk;
  if (!doubt && (may_look || !house_.rollback.is_proven())) return false;
  auto refused = context.getResults().initRefused();
  obverse::write(refused, Refused{Refusal::log_must_hold_what_was_answered, {}});
  if (doubt) refused.setCause(doubt->c_str());
  return true;
}

kj::Promise<void> EntranceService::login(LoginContext context) {
  return guarded(house_.incidents, [&]() -> kj::Promise<void> {
    const auto terminal = house_.directory.terminal(certificate_);
    const bool may_enter = terminal && !terminal->revoked;
    if (!may_enter || refuse_rollback(context.getParams().getHello(), terminal->role, context)) {
      house_.metrics.add(Count::logins_refused);
      if (may_enter) return kj::READY_NOW;
      obverse::write(context.getResults().initRefused(),
                     Refused{.refusal = terminal ? Refusal::terminal_must_not_be_revoked
                                                 : Refusal::terminal_must_be_registered,
                             .step_up = {}});
      return kj::READY_NOW;
    }
    house_.metrics.add(Count::logins);
    logged_in_();
    // A terminal may keep the answer as long as it is connected: no larger than it is.
    auto results = context.initResults(capnp::MessageSize{welcome_words, welcome_capabilities});
    write(results.initWelcome(), house_, *terminal);
    auto stay = house_.whereabouts.arrive(terminal->id, address_, std::chrono::steady_clock::now());
    hand_out(results,
             std::make_shared<const Caller>(house_, crossing_, *terminal, std::move(stay)));
    return kj::READY_NOW;
  });
}

}  // namespace obverse
