// See the header. Where a number is filled in is found by a mark that the builder put there.
#include "tests/promises/kit/terminal_words.h"

#include <capnp/message.h>
#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "benchmarks/house.h"
#include "schemas/terminal.capnp.h"

namespace obverse::promises {
namespace {

namespace protocol = capnp::rpc;

constexpr std::uint32_t question_mark = 0xA5C3F01E;
constexpr std::uint64_t attempt_mark = 0x3C5A'96F0'17E8'2B4D;
constexpr std::uint32_t login_question = 1;
// Of login's results, in the order of the schema.
constexpr std::uint16_t session_field = 1, gate_field = 2, checkout_field = 3;

Words framed(capnp::MessageBuilder& message) {
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  const auto* from = reinterpret_cast<const std::byte*>(bytes.begin());
  return {from, from + bytes.size()};
}

template <class Number>
std::optional<std::size_t> find(const Words& bytes, Number mark) {
  std::array<std::byte, sizeof mark> wanted{};
  std::memcpy(wanted.data(), &mark, sizeof mark);
  const auto at = std::ranges::search(bytes, wanted);
  if (at.empty()) return std::nullopt;
  return static_cast<std::size_t>(at.begin() - bytes.begin());
}

protocol::Call::Builder call_on(capnp::MessageBuilder& message, std::uint16_t field,
                                std::uint64_t interface, std::uint16_t method) {
  auto call = message.initRoot<protocol::Message>().initCall();
  call.setQuestionId(question_mark);
  call.setInterfaceId(interface);
  call.setMethodId(method);
  auto target = call.initTarget().initPromisedAnswer();
  target.setQuestionId(login_question);
  target.initTransform(1)[0].setGetPointerField(field);
  return call;
}

void put_attempt(rpc::AttemptKey::Builder key) {
  house::fill(key, {.high = house::key(0).high, .low = attempt_mark});
}

void put_face(rpc::Presence::Builder presence, std::span<const float> face) {
  house::fill(presence.initProbe(), house::Numbers(face.begin(), face.end()));
}

template <class Params>
void put_passage(Params params, std::span<const float> face, std::int64_t occurred_at) {
  put_attempt(params.initAttempt());
  put_face(params.initPresence(), face);
  params.setOccurredAt(occurred_at);
}

void put_refusal(Told& told, rpc::Refusal::Reader refusal) {
  const bool busy = refusal.getReason() == "BUSY";
  told.verdict = busy ? Verdict::busy : Verdict::refused;
  told.wait_ms = refusal.getRetryAfterMs();
  told.name = refusal.getName().cStr();
}

void read_payment(Told& told, rpc::PayOutcome::Reader outcome) {
  if (outcome.isDeclined()) return put_refusal(told, outcome.getDeclined());
  told.verdict = outcome.isApproved() ? Verdict::done : Verdict::unknown;
  if (outcome.isApproved()) told.id = outcome.getApproved().getPurchase();
}

void read_passage(Told& told, rpc::GateOutcome::Reader outcome) {
  if (outcome.isRefused()) return put_refusal(told, outcome.getRefused());
  const bool done = outcome.isEntered() || outcome.isLeft();
  told.verdict = done ? Verdict::done : Verdict::unknown;
  if (outcome.isEntered()) told.id = outcome.getEntered().getJourney();
  if (outcome.isLeft()) told.id = outcome.getLeft().getLeftJourney();
}

void read_results(Told& told, capnp::AnyPointer::Reader content, Phrase::Verb verb) {
  using Gate = rpc::Gate;
  using Till = rpc::Checkout;
  switch (verb) {
    case Phrase::Verb::pay:
      return read_payment(told, content.getAs<Till::PayResults>().getOutcome());
    case Phrase::Verb::status:
      return read_payment(told, content.getAs<Till::StatusResults>().getOutcome());
    case Phrase::Verb::enter:
      return read_passage(told, content.getAs<Gate::EnterResults>().getOutcome());
    case Phrase::Verb::leave:
      return read_passage(told, content.getAs<Gate::LeaveResults>().getOutcome());
    case Phrase::Verb::login: {
      const auto results = content.getAs<rpc::Entrance::LoginResults>();
      if (results.hasRefused()) return put_refusal(told, results.getRefused());
      told.verdict = Verdict::done;
      return;
    }
    case Phrase::Verb::manage: {
      const auto outcome = content.getAs<rpc::OperatorDesk::PublishTariffResults>().getOutcome();
      if (outcome.isRefused()) return put_refusal(told, outcome.getRefused());
      told.verdict = outcome.isDone() ? Verdict::done : Verdict::unknown;
      return;
    }
    case Phrase::Verb::ping:
      told.verdict = Verdict::done;
  }
}

// A reader of bytes that stand anywhere.
template <class Body>
auto with_message(std::span<const std::byte> message, Body body) {
  if (reinterpret_cast<std::uintptr_t>(message.data()) % alignof(capnp::word) == 0) {
    const auto* words = reinterpret_cast<const capnp::word*>(message.data());
    capnp::FlatArrayMessageReader reader({words, message.size() / sizeof(capnp::word)});
    return body(reader.getRoot<protocol::Message>());
  }
  auto copy = kj::heapArray<capnp::word>(message.size() / sizeof(capnp::word));
  std::memcpy(copy.begin(), message.data(), message.size());
  capnp::FlatArrayMessageReader reader(copy);
  return body(reader.getRoot<protocol::Message>());
}

}  // namespace

Phrase::Phrase(Verb verb, Words bytes) : verb_(verb), bytes_(std::move(bytes)) {
  const auto question = find(bytes_, question_mark);
  if (!question) throw std::logic_error("a phrase without a place for its question");
  question_at_ = *question;
  attempt_at_ = find(bytes_, attempt_mark);
}

Phrase Phrase::pay(std::span<const float> face, std::int64_t amount, std::int64_t occurred_at) {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, checkout_field, capnp::typeId<rpc::Checkout>(), 0);
  auto params = call.initParams().getContent().initAs<rpc::Checkout::PayParams>();
  put_passage(params, face, occurred_at);
  params.initAmount().setMinor(amount);
  params.getAmount().setCurrency(392);
  return {Verb::pay, framed(message)};
}

Phrase Phrase::enter(std::span<const float> face, std::int64_t occurred_at) {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, gate_field, capnp::typeId<rpc::Gate>(), 0);
  put_passage(call.initParams().getContent().initAs<rpc::Gate::EnterParams>(), face, occurred_at);
  return {Verb::enter, framed(message)};
}

Phrase Phrase::leave(std::span<const float> face, std::int64_t occurred_at) {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, gate_field, capnp::typeId<rpc::Gate>(), 1);
  put_passage(call.initParams().getContent().initAs<rpc::Gate::LeaveParams>(), face, occurred_at);
  return {Verb::leave, framed(message)};
}

Phrase Phrase::status() {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, checkout_field, capnp::typeId<rpc::Checkout>(), 6);
  put_attempt(call.initParams().getContent().initAs<rpc::Checkout::StatusParams>().initAttempt());
  return {Verb::status, framed(message)};
}

Phrase Phrase::ping() {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, session_field, capnp::typeId<rpc::Session>(), 0);
  call.initParams().getContent().initAs<rpc::Session::PingParams>();
  return {Verb::ping, framed(message)};
}

Phrase Phrase::other(std::uint16_t field, std::uint64_t interface, std::uint16_t method) {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, field, interface, method);
  call.initParams().getContent().initAs<rpc::Session::PingParams>();
  return {Verb::ping, framed(message)};
}

Phrase Phrase::on_export(std::uint32_t number, std::span<const float> face) {
  capnp::MallocMessageBuilder message;
  auto call = call_on(message, checkout_field, capnp::typeId<rpc::Checkout>(), 0);
  call.initTarget().setImportedCap(number);
  auto params = call.initParams().getContent().initAs<rpc::Checkout::PayParams>();
  put_passage(params, face, 0);
  params.initAmount().setMinor(1);
  params.getAmount().setCurrency(392);
  return {Verb::pay, framed(message)};
}

Phrase Phrase::held() const {
  return with_message(bytes_, [this](protocol::Message::Reader root) {
    capnp::MallocMessageBuilder message;
    message.setRoot(root);
    const bool is_session = verb_ == Verb::ping;
    message.getRoot<protocol::Message>().getCall().initTarget().setImportedCap(is_session ? 1 : 2);
    return Phrase(verb_, framed(message));
  });
}

void Phrase::say(Words& to, std::uint32_t question, std::uint64_t attempt) const {
  const std::size_t begin = to.size();
  to.insert(to.end(), bytes_.begin(), bytes_.end());
  std::memcpy(to.data() + begin + question_at_, &question, sizeof question);
  const std::uint64_t low = house::key(attempt).low;
  if (attempt_at_) std::memcpy(to.data() + begin + *attempt_at_, &low, sizeof low);
}

Words bootstrap_words(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  message.initRoot<protocol::Message>().initBootstrap().setQuestionId(question);
  return framed(message);
}

Words login_words(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  auto call = message.initRoot<protocol::Message>().initCall();
  call.setQuestionId(question);
  call.setInterfaceId(capnp::typeId<rpc::Entrance>());
  call.setMethodId(0);
  call.initTarget().initPromisedAnswer().setQuestionId(0);
  auto params = call.initParams().getContent().initAs<rpc::Entrance::LoginParams>();
  params.initHello().setSoftware("promises");
  return framed(message);
}

void say_finish(Words& to, std::uint32_t question) {
  static const Words made = [] {
    capnp::MallocMessageBuilder message;
    auto finish = message.initRoot<protocol::Message>().initFinish();
    finish.setQuestionId(question_mark);
    finish.setReleaseResultCaps(false);
    return framed(message);
  }();
  static const std::size_t question_at = find(made, question_mark).value();
  const std::size_t begin = to.size();
  to.insert(to.end(), made.begin(), made.end());
  std::memcpy(to.data() + begin + question_at, &question, sizeof question);
}

std::size_t Hearing::whole(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(capnp::word)) return 0;
  const auto number_at = [&](std::size_t at) {
    std::uint32_t number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return std::size_t{number};
  };
  const std::size_t last = number_at(0);
  const std::size_t table = ((last + 1) / 2 + 1) * sizeof(capnp::word);
  if (bytes.size() < table) return 0;
  std::size_t size = table;
  for (std::size_t i = 0; i <= last; ++i) size += number_at(4 + 4 * i) * sizeof(capnp::word);
  return bytes.size() < size ? 0 : size;
}

std::optional<std::uint32_t> Hearing::question_of(std::span<const std::byte> message) {
  return with_message(message, [](protocol::Message::Reader root) {
    return root.isReturn() ? std::optional(root.getReturn().getAnswerId()) : std::nullopt;
  });
}

Told Hearing::read(std::span<const std::byte> message, Phrase::Verb verb) {
  return with_message(message, [verb](protocol::Message::Reader root) {
    static constexpr std::array kinds{"FAILED", "OVERLOADED", "DISCONNECTED", "UNIMPLEMENTED"};
    const auto answer = root.getReturn();
    Told told;
    told.question = answer.getAnswerId();
    if (answer.isResults()) {
      read_results(told, answer.getResults().getContent(), verb);
    } else {
      told.verdict = Verdict::failed;
      const auto kind = static_cast<std::size_t>(answer.getException().getType());
      told.name = answer.isException() ? kinds.at(kind) : "no results";
    }
    return told;
  });
}

}  // namespace obverse::promises
