// The calls that bring a face, and their BUSY.
#include "ledger/server/turnstile.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "schemas/terminal.capnp.h"

namespace obverse {
namespace {

using capnp::typeId;
namespace protocol = capnp::rpc;

constexpr std::size_t answer_words = 128;  // more than it takes: then nothing is allocated

std::optional<Lane> lane_of(protocol::Call::Reader call) {
  if (call.getInterfaceId() == typeId<rpc::Gate>()) {
    if (call.getMethodId() == 0) return Lane::enter;
    if (call.getMethodId() == 1) return Lane::leave;
  }
  // pay and authorise
  if (call.getInterfaceId() == typeId<rpc::Checkout>() && call.getMethodId() <= 1) return Lane::pay;
  return std::nullopt;
}

// Without a receipt: marking one takes longer than all the rest of the answer.
void write_busy(rpc::Refusal::Builder refusal, const Household& house) {
  Answer answer;
  answer.fault = Answer::Fault::busy;
  answer.retry_after = house.retry_after;
  write_fault(refusal, answer);
}

}  // namespace

Turnstile::Turnstile(Household& house, const Digest& certificate)
    : house_(house), share_(house.admission.share_of(certificate)) {}

kj::Maybe<kj::Array<capnp::word>> Turnstile::turn_away(protocol::Call::Reader call) {
  const auto lane = lane_of(call);
  if (!lane || !house_.admission.turns_away(*lane, *share_)) return nullptr;
  house_.metrics.add(Count::busy);
  capnp::word room[answer_words] = {};
  capnp::MallocMessageBuilder message(kj::ArrayPtr<capnp::word>(room, answer_words));
  auto answer = message.initRoot<protocol::Message>().initReturn();
  answer.setAnswerId(call.getQuestionId());
  auto content = answer.initResults().getContent();
  if (call.getInterfaceId() == typeId<rpc::Gate>()) {
    write_busy(content.initAs<rpc::Gate::EnterResults>().initOutcome().initRefused(), house_);
  } else {
    write_busy(content.initAs<rpc::Checkout::PayResults>().initOutcome().initDeclined(), house_);
  }
  return capnp::messageToFlatArray(message);
}

}  // namespace obverse
