// Calls as the bytes that a client would send, made by hand: for seeds, and for streams that are
// nearly right.
#pragma once

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>

#include <functional>
#include <string>

namespace obverse::fuzz {

inline std::string bytes_of(capnp::MessageBuilder& message) {
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

inline std::string bootstrap(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  message.initRoot<capnp::rpc::Message>().initBootstrap().setQuestionId(question);
  return bytes_of(message);
}

inline std::string finish(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  message.initRoot<capnp::rpc::Message>().initFinish().setQuestionId(question);
  return bytes_of(message);
}

inline std::string release(std::uint32_t capability, std::uint32_t count) {
  capnp::MallocMessageBuilder message;
  auto released = message.initRoot<capnp::rpc::Message>().initRelease();
  released.setId(capability);
  released.setReferenceCount(count);
  return bytes_of(message);
}

// Whom a call is for: pointer `field` of the answer to `question`, or what that answer itself is.
struct Receiver {
  std::uint32_t question = 0;
  int field = -1;
};

inline std::string call(std::uint32_t question, Receiver receiver, std::uint64_t interface,
                        std::uint16_t method,
                        const std::function<void(capnp::AnyPointer::Builder)>& fill) {
  capnp::MallocMessageBuilder message;
  auto made = message.initRoot<capnp::rpc::Message>().initCall();
  made.setQuestionId(question);
  auto answer = made.initTarget().initPromisedAnswer();
  answer.setQuestionId(receiver.question);
  if (receiver.field >= 0)
    answer.initTransform(1)[0].setGetPointerField(static_cast<std::uint16_t>(receiver.field));
  made.setInterfaceId(interface);
  made.setMethodId(method);
  made.getSendResultsTo().setCaller();
  fill(made.initParams().getContent());
  return bytes_of(message);
}

}  // namespace obverse::fuzz
