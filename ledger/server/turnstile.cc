// The calls that bring a face, and their BUSY.
#include "ledger/server/turnstile.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "schemas/terminal.capnp.h"

namespace obverse {
namespace {

using capnp::typeId;
namespace protocol = capnp::rpc;

std::optional<Lane> lane_of(protocol::Call::Reader call) {
  if (call.getInterfaceId() == typeId<rpc::Gate>()) {
    if (call.getMethodId() == 0) return Lane::enter;
    if (call.getMethodId() == 1) return Lane::leave;
  }
  // pay and authorise
  if (call.getInterfaceId() == typeId<rpc::Checkout>() && call.getMethodId() <= 1) return Lane::pay;
  return std::nullopt;
}

template <class Outcome>
void write_busy(Outcome outcome, rpc::Refusal::Builder refusal, const Household& house) {
  const Answer answer = busy(house);
  write_fault(refusal, answer);
  write(outcome.initReceipt(), answer, house.head());
}

}  // namespace

Turnstile::Turnstile(Household& house, const Digest& certificate)
    : house_(house), share_(house.admission.share_of(certificate)) {}

kj::Maybe<kj::Array<capnp::word>> Turnstile::turn_away(protocol::Call::Reader call) {
  const auto lane = lane_of(call);
  if (!lane || !house_.admission.turns_away(*lane, *share_)) return nullptr;
  house_.metrics.add(Count::busy);
  capnp::MallocMessageBuilder message;
  auto answer = message.initRoot<protocol::Message>().initReturn();
  answer.setAnswerId(call.getQuestionId());
  auto content = answer.initResults().getContent();
  if (call.getInterfaceId() == typeId<rpc::Gate>()) {
    auto outcome = content.initAs<rpc::Gate::EnterResults>().initOutcome();
    write_busy(outcome, outcome.initRefused(), house_);
  } else {
    auto outcome = content.initAs<rpc::Checkout::PayResults>().initOutcome();
    write_busy(outcome, outcome.initDeclined(), house_);
  }
  return capnp::messageToFlatArray(message);
}

}  // namespace obverse
