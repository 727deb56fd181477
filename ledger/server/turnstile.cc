// The calls that bring a face, and their BUSY.
#include "ledger/server/turnstile.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <cassert>

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

template <class Results, class Choose>
Turnstile::Busy Turnstile::write(const Household& house, Choose refusal_of) {
  capnp::MallocMessageBuilder message;
  auto answer = message.initRoot<protocol::Message>().initReturn();
  auto content = answer.initResults().getContent();
  write_busy(refusal_of(content.initAs<Results>().initOutcome()), house);
  Busy busy{.words = capnp::messageToFlatArray(message)};
  // The number is the first thing in a return's data.
  capnp::FlatArrayMessageReader reader(busy.words);
  const auto data = capnp::AnyStruct::Reader(reader.getRoot<protocol::Message>().getReturn());
  const auto at = data.getDataSection().begin() - busy.words.asBytes().begin();
  busy.question = reinterpret_cast<std::uint32_t*>(busy.words.asBytes().begin() + at);
  *busy.question = 1;
  assert(reader.getRoot<protocol::Message>().getReturn().getAnswerId() == 1);
  return busy;
}

kj::ArrayPtr<const capnp::word> Turnstile::turn_away(protocol::Call::Reader call) {
  const auto lane = lane_of(call);
  if (!lane) return nullptr;
  if (!lets_on(*lane)) return busy(call);
  ++let_on_;
  house_.admission.keep_free(1);
  return nullptr;
}

bool Turnstile::lets_on(Lane lane) {
  if (share_->pace.takes(std::chrono::steady_clock::now()))
    return !house_.admission.turns_away(lane, *share_);
  house_.metrics.add(Count::hurries);
  hurries_ = true;
  return false;
}

kj::ArrayPtr<const capnp::word> Turnstile::busy(protocol::Call::Reader call) {
  house_.metrics.add(Count::busy);
  const bool is_gate = call.getInterfaceId() == typeId<rpc::Gate>();
  Busy& busy = is_gate ? at_gate_ : at_till_;
  if (busy.question == nullptr) {
    busy = is_gate ? write<rpc::Gate::EnterResults>(
                         house_, [](auto outcome) { return outcome.initRefused(); })
                   : write<rpc::Checkout::PayResults>(
                         house_, [](auto outcome) { return outcome.initDeclined(); });
  }
  *busy.question = call.getQuestionId();
  return busy.words;
}

// Whoever does not wait as BUSY told it is not heard before, and costs nothing meanwhile.
std::chrono::milliseconds Turnstile::rest() {
  return std::chrono::milliseconds(std::exchange(hurries_, false) ? house_.retry_after.ms : 0);
}

void Turnstile::all_begun() { house_.admission.give_free(std::exchange(let_on_, 0)); }

}  // namespace obverse
