// A message stream over a channel made of memory.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ledger/server/transport/message_stream.h"
#include "tests/server/transport/transport_fixture.h"

namespace obverse {

struct Memory final : ByteChannel {
  Moved read(std::span<std::byte> into) override {
    ++reads;
    const auto bytes = std::min(into.size(), in.size());
    std::copy_n(in.begin(), bytes, into.begin());
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(bytes));
    return {bytes, in.empty() && ended ? Flow::end : Flow::wait};
  }
  Moved write(std::span<const std::byte> from) override {
    ++writes;
    const auto bytes = std::min(from.size(), room);
    room -= bytes;
    out.insert(out.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(bytes));
    return {bytes, bytes < from.size() ? Flow::wait : Flow::more};
  }
  void when_readable(std::function<void()> call) override { readable = std::move(call); }
  void when_writable(std::function<void()> call) override { writable = std::move(call); }
  void finish() override { finished = true; }
  void close() override { closed = true; }

  Bytes in, out;
  std::size_t room = 1 << 30;
  int reads = 0, writes = 0;
  bool ended = false, finished = false, closed = false;
  std::function<void()> readable, writable;
};

// A stream on a reactor that the test turns itself.
struct Bench {
  static void run(const std::function<void(Bench&)>& test, ListenerLimits limits = {}) {
    Reactor reactor;
    reactor.post([&] {
      Bench bench(reactor, limits);
      test(bench);
      reactor.stop();
    });
    reactor.run();
  }

  Bench(Reactor& on, ListenerLimits given)
      : outer(on),
        limits(given),
        stream(on, memory, limits,
               std::make_shared<const Incidents>([](const auto&, const auto&) {}),
               [this](Ending ending) { endings.push_back(ending); }) {}

  kj::WaitScope& scope() { return outer.wait_scope(); }
  void arrives(const Bytes& bytes) {
    append(memory->in, bytes);
    if (memory->readable) std::exchange(memory->readable, nullptr)();
  }
  void writable(std::size_t room) {
    memory->room = room;
    std::exchange(memory->writable, nullptr)();
  }
  auto read() { return stream.tryReadMessage(nullptr, capnp::ReaderOptions(), nullptr); }
  void write(capnp::MessageBuilder& message) {
    stream.writeMessage(nullptr, message.getSegmentsForOutput()).wait(scope());
  }

  Reactor& outer;
  std::shared_ptr<Memory> memory = std::make_shared<Memory>();
  ListenerLimits limits;
  std::vector<Ending> endings;
  MessageStream stream;
};

}  // namespace obverse
