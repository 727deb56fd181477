#include "tests/promises/crash/shared/terminals.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

namespace obverse::mortal {
namespace {

using Kind = Ask::Kind;

// A loop that stood still while a server started still has the time of then, and whoever connects
// would be late at once.
const std::shared_ptr<ClientLoop>& awake(const std::shared_ptr<ClientLoop>& loop) {
  loop->io().waitScope.poll();
  return loop;
}

std::string bytes(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

template <class Request>
void fill_presence(Request& request, const Ask& ask) {
  house::fill(request.initAttempt(), house::key(ask.number));
  house::fill(request.initPresence().initProbe(), house::photo(ask.face, 3));
}

template <class Request>
Request keyed(Request request, const Ask& ask) {
  house::fill(request.initAttempt(), house::key(ask.number));
  return request;
}

void read(rpc::PayOutcome::Reader outcome, Answer& answer) {
  answer.yes = outcome.isApproved();
  if (answer.yes) answer.yen = -outcome.getApproved().getAmount().getMinor();
  if (outcome.isDeclined()) answer.refusal = outcome.getDeclined().getName().cStr();
}

void read(rpc::GateOutcome::Reader outcome, Answer& answer) {
  answer.yes = outcome.isEntered() || outcome.isLeft();
  if (outcome.isLeft()) answer.yen = -outcome.getLeft().getFare().getMinor();
  if (outcome.isRefused()) answer.refusal = outcome.getRefused().getName().cStr();
}

void read(rpc::Outcome::Reader outcome, Answer& answer) {
  answer.yes = outcome.isDone();
  if (answer.yes) answer.id = outcome.getDone().getId();
  if (outcome.isRefused()) answer.refusal = outcome.getRefused().getName().cStr();
}

}  // namespace

Terminals::Terminals(const std::shared_ptr<ClientLoop>& loop, std::uint16_t port,
                     const house::Estate& estate, house::Seen& seen)
    : seen_(seen),
      till_(awake(loop), port, estate.terminal("till"), seen),
      gate_a_(loop, port, estate.terminal("gate-a"), seen),
      gate_b_(loop, port, estate.terminal("gate-b"), seen),
      desk_(loop, port, estate.terminal("enrolment"), seen) {
  for (house::Terminal* each : {&till_, &gate_a_, &gate_b_, &desk_})
    if (each->login().hasRefused())
      throw RolledBack(std::string("the newest receipt is refused: ") +
                       each->login().getRefused().getName().cStr());
}

// BUSY is no outcome: whoever is told so asks again a little later, under the same key.
kj::Promise<Answer> Terminals::ask(const Ask& wanted) {
  return ask_once(wanted).then([this, wanted](Answer answer) -> kj::Promise<Answer> {
    if (answer.refusal != "queue_must_have_room") return answer;
    return timer().afterDelay(20 * kj::MILLISECONDS).then([this, wanted] { return ask(wanted); });
  });
}

kj::Promise<Answer> Terminals::ask_once(const Ask& ask) {
  if (ask.kind == Kind::pay) return pay(ask);
  if (ask.kind == Kind::enter || ask.kind == Kind::leave) return pass_gate(ask);
  return at_desk(ask);
}

// Where a log is proven to be behind is the head that an answer leaves with: it is kept, but two
// answers to one attempt may differ in it.
template <class Outcome>
Answer Terminals::answer(typename Outcome::Reader outcome) {
  Answer out;
  const auto receipt = outcome.getReceipt();
  if (receipt.getHeadPosition() > seen_.position) {
    const auto copy = [](capnp::Data::Reader data) {
      return std::vector<kj::byte>(data.begin(), data.end());
    };
    seen_ = {receipt.getHeadPosition(), copy(receipt.getHeadChain()), copy(receipt.getMark())};
  }
  out.position = receipt.getPosition();
  out.chain = bytes(receipt.getChain());
  read(outcome, out);
  capnp::MallocMessageBuilder message;
  message.setRoot(outcome);
  auto kept = message.template getRoot<Outcome>();
  kept.getReceipt().setHeadPosition(0);
  kept.getReceipt().disownHeadChain();
  kept.getReceipt().disownMark();
  const auto words = capnp::canonicalize(kept.asReader());
  out.words = bytes(words.asBytes());
  return out;
}

kj::Promise<Answer> Terminals::pay(const Ask& ask) {
  auto request = till_.checkout().payRequest();
  fill_presence(request, ask);
  request.initAmount().setMinor(ask.yen);
  request.getAmount().setCurrency(392);
  return request.send().then(
      [this](auto&& told) { return answer<rpc::PayOutcome>(told.getOutcome()); });
}

kj::Promise<Answer> Terminals::pass_gate(const Ask& ask) {
  rpc::Gate::Client gate = (ask.at_b ? gate_b_ : gate_a_).gate();
  // A lambda each: KJ keeps what it is given by reference as a reference.
  if (ask.kind == Kind::enter) {
    auto request = gate.enterRequest();
    fill_presence(request, ask);
    return request.send().then(
        [this](auto&& told) { return answer<rpc::GateOutcome>(told.getOutcome()); });
  }
  auto request = gate.leaveRequest();
  fill_presence(request, ask);
  return request.send().then(
      [this](auto&& told) { return answer<rpc::GateOutcome>(told.getOutcome()); });
}

kj::Promise<Answer> Terminals::at_desk(const Ask& ask) {
  rpc::EnrolmentDesk::Client desk = desk_.enrolment();
  const auto send = [this](auto request) {
    return request.send().then(
        [this](auto&& told) { return answer<rpc::Outcome>(told.getOutcome()); });
  };
  if (ask.kind == Kind::found) return send(keyed(desk.registerRequest(), ask));
  if (ask.kind == Kind::consent) {
    auto request = keyed(desk.consentRequest(), ask);
    request.setRider(ask.rider);
    request.setPurpose(rpc::EnrolmentDesk::Purpose::PAYMENT);
    request.initParty().setEveryone();
    request.setTextVersion(1);
    return send(kj::mv(request));
  }
  if (ask.kind == Kind::enrol) {
    auto request = keyed(desk.enrolRequest(), ask);
    request.setRider(ask.rider);
    auto photos = request.initPhotos(2);
    house::fill(photos[0], house::photo(ask.face, 1));
    house::fill(photos[1], house::photo(ask.face, 2));
    return send(kj::mv(request));
  }
  if (ask.kind == Kind::wallet) {
    auto request = keyed(desk.openWalletRequest(), ask);
    request.setRider(ask.rider);
    request.setCurrency(392);
    return send(kj::mv(request));
  }
  if (ask.kind == Kind::load) {
    auto request = keyed(desk.loadRequest(), ask);
    request.setRider(ask.rider);
    request.initAmount().setMinor(ask.yen);
    request.getAmount().setCurrency(392);
    return send(kj::mv(request));
  }
  auto request = keyed(desk.eraseRequest(), ask);
  request.setRider(ask.rider);
  return send(kj::mv(request));
}

std::int64_t Terminals::balance(std::uint64_t rider) {
  auto request = desk_.enrolment().personRequest();
  request.setRider(rider);
  return desk_.ask(kj::mv(request)).getPerson().getBalance().getMinor();
}

}  // namespace obverse::mortal
