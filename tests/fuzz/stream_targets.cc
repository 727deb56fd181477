// A peer's bytes: the splitting into messages, and a whole server behind a channel of memory.
#include <capnp/rpc-twoparty.h>

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstring>
#include <memory>

#include "ledger/server/transport/message_stream.h"
#include "ledger/server/transport/usher.h"
#include "tests/fuzz/rpc_bytes.h"
#include "tests/fuzz/target.h"
#include "tests/server/inside.h"

namespace obverse::fuzz {
namespace {

constexpr std::size_t message_bytes_max = 1'024;
constexpr std::uint32_t segments_max = 16;

std::span<const std::byte> raw(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string bytes_of(kj::ArrayPtr<const capnp::word> words) {
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

// As a stream reads: what has begun is given back in front of the next piece, and every other
// message is done with where it lies. The messages in their order; nothing if the stream is lost.
std::optional<std::vector<std::string>> looked_at(std::span<const std::byte> bytes,
                                                  std::size_t piece, std::size_t limit) {
  constexpr std::size_t scratch_bytes = 1'024, askew = 3;
  alignas(8) std::array<std::byte, scratch_bytes + askew> room;
  const auto scratch = std::span(room).subspan(piece % 2 == 0 ? 0 : askew, scratch_bytes);
  MessageSplitter splitter(segments_max, limit);
  std::vector<std::string> found;
  std::deque<kj::Array<capnp::word>> kept;
  const auto keep = [&] {
    for (const auto& each : kept) found.push_back(bytes_of(each));
    kept.clear();
  };
  bool is_done_with = false;
  const auto look = [&](kj::ArrayPtr<const capnp::word> message) {
    keep();
    is_done_with = !is_done_with;
    if (is_done_with) found.push_back(bytes_of(message));
    return is_done_with;
  };
  while (!bytes.empty()) {
    std::size_t begun = splitter.give_back(scratch.first(scratch_bytes / 2));
    if (is_broken_as("splitter-forgets")) begun = 0;
    const auto come = bytes.first(std::min({piece, bytes.size(), scratch_bytes - begun}));
    bytes = bytes.subspan(come.size());
    std::ranges::copy(come, scratch.begin() + static_cast<std::ptrdiff_t>(begun));
    if (!splitter.take(scratch.first(begun + come.size()), kept, look)) return std::nullopt;
    keep();
  }
  hold(splitter.count() == found.size(), "each is seen or kept, once");
  return found;
}

// The same messages whatever the pieces in which the bytes come, and none over the limit.
void splitter(Input input) {
  if (input.empty()) return;
  const std::size_t piece = 1 + input[0] % 32;
  const auto bytes = raw(text_of(input.subspan(1)));
  const std::size_t limit =
      is_broken_as("splitter-limit") ? 4 * message_bytes_max : message_bytes_max;
  MessageSplitter whole(segments_max, limit), pieces(segments_max, limit);
  std::deque<kj::Array<capnp::word>> at_once, one_by_one;
  const bool taken = whole.take(bytes, at_once);
  bool still = true;
  for (std::size_t at = 0; still && at < bytes.size(); at += piece)
    still = pieces.take(bytes.subspan(at, std::min(piece, bytes.size() - at)), one_by_one);
  const auto looked = looked_at(bytes, 8 * piece, limit);
  hold(taken == still && taken == looked.has_value(), "the pieces do not decide what is refused");
  hold(at_once.size() == one_by_one.size() && whole.count() == at_once.size(), "nor how many");
  hold(!looked || looked->size() == at_once.size(), "nor how many where they are looked at");
  std::size_t used = 0;
  for (std::size_t i = 0; i < at_once.size(); ++i) {
    const std::string one = bytes_of(at_once[i]);
    hold(one == bytes_of(one_by_one[i]) && (!looked || one == (*looked)[i]), "nor what they are");
    hold(one.size() <= message_bytes_max, "no message is over the limit");
    hold(std::memcmp(one.data(), bytes.data() + used, one.size()) == 0, "they are the bytes");
    used += one.size();
  }
}

std::vector<std::string> splitter_seeds() {
  const std::string one = bootstrap(1);
  std::string zeros = std::string("\0\0\0\0\x7e\0\0\0", 8) + std::string(126 * 8, '\0');
  return {"\0" + one, "\3" + one + bootstrap(2) + one.substr(0, 9),
          "\7" + std::string("\x0f\0\0\0\1\0\0\0", 8) + std::string(80, '\0'), "\x05" + zeros,
          "\1" + std::string("\0\0\0\0\x90\0\0\0", 8) + std::string(0x90 * 8, '\0')};
}

// --- a server behind memory

struct Channel final : ByteChannel {
  Moved read(std::span<std::byte> into) override {
    const auto bytes = std::min(into.size(), in.size());
    std::memcpy(into.data(), in.data(), bytes);
    in.remove_prefix(bytes);
    return {bytes, in.empty() && ended ? Flow::end : Flow::wait};
  }
  Moved write(std::span<const std::byte> from) override {
    const std::size_t lost = is_broken_as("rpc-drops-a-word") && from.size() > 8 ? 8 : 0;
    out.append(reinterpret_cast<const char*>(from.data()), from.size() - lost);
    return {from.size(), Flow::more};
  }
  void when_readable(std::function<void()> call) override { readable = std::move(call); }
  void when_writable(std::function<void()>) override {}
  void finish() override {}
  void close() override { readable = nullptr; }

  std::string_view in;
  bool ended = false;
  std::string out;
  std::function<void()> readable;
};

// The defect "rpc-tells-why": what leaves goes past the stream, which would have taken the texts of
// exceptions out.
struct Telltale final : capnp::MessageStream {
  Telltale(obverse::MessageStream& in, std::string& told) : stream(in), out(told) {}

  kj::Promise<kj::Maybe<capnp::MessageReaderAndFds>> tryReadMessage(
      kj::ArrayPtr<kj::AutoCloseFd> files, capnp::ReaderOptions options,
      kj::ArrayPtr<capnp::word> words) override {
    return stream.tryReadMessage(files, options, words);
  }
  kj::Promise<void> writeMessage(
      kj::ArrayPtr<const int>,
      kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments) override {
    out += bytes_of(capnp::messageToFlatArray(segments));
    return kj::READY_NOW;
  }
  kj::Promise<void> writeMessages(
      kj::ArrayPtr<kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>>> messages) override {
    for (const auto each : messages) out += bytes_of(capnp::messageToFlatArray(each));
    return kj::READY_NOW;
  }
  kj::Maybe<int> getSendBufferSize() override { return stream.getSendBufferSize(); }
  kj::Promise<void> end() override { return stream.end(); }

  obverse::MessageStream& stream;
  std::string& out;
};

house::Inside& inside() {
  static const auto made = [] {
    auto fresh = std::make_unique<house::Inside>([](Config& config) { config.searches = 1; });
    fresh->set_up();
    fresh->tell(RegisterRider{Category::adult, {}});
    fresh->tell(OpenWallet{{1}, Currency::jpy});
    return fresh;
  }();
  return *made;
}

// Every message that left is whole, and none says why something failed.
void hold_discreet(std::string_view out) {
  MessageSplitter splitter(512, std::size_t{1} << 24U);
  std::deque<kj::Array<capnp::word>> messages;
  hold(splitter.take(raw(out), messages) && !splitter.partial(), "whole messages leave");
  for (const auto& each : messages) {
    capnp::FlatArrayMessageReader reader(each);
    const auto message = reader.getRoot<capnp::rpc::Message>();
    const bool fails = message.isReturn() && message.getReturn().isException();
    const bool aborts = message.isAbort();
    if (!fails && !aborts) continue;
    const auto exception = fails ? message.getReturn().getException() : message.getAbort();
    hold(is_bare(exception.getReason()), "no exception says more than an incident's number");
  }
}

std::size_t returns_in(std::string_view out) {
  MessageSplitter splitter(512, std::size_t{1} << 24U);
  std::deque<kj::Array<capnp::word>> messages;
  if (!splitter.take(raw(out), messages)) return 0;
  return messages.size();
}

// Turns away every other call at a gate: its answer is given where the message lies, and the RPC
// system never hears of it.
class Half final : public Usher {
 public:
  kj::ArrayPtr<const capnp::word> turn_away(capnp::rpc::Call::Reader call) override {
    if (call.getInterfaceId() != capnp::typeId<rpc::Gate>()) return nullptr;
    if (std::exchange(turn_, !turn_)) return nullptr;
    capnp::MallocMessageBuilder message;
    auto answer = message.initRoot<capnp::rpc::Message>().initReturn();
    answer.setAnswerId(call.getQuestionId());
    auto content = answer.initResults().getContent();
    content.initAs<rpc::Gate::EnterResults>().initOutcome().initRefused().setReason("BUSY");
    answer_ = capnp::messageToFlatArray(message);
    return answer_;
  }

 private:
  bool turn_ = false;
  kj::Array<capnp::word> answer_;
};

// One connection, from its first byte to its end. What the services answer comes from other
// threads, so the reactor turns by itself; a timer looks whether all is answered.
class Peer {
 public:
  Peer(Reactor& reactor, std::string_view stream, std::size_t asked)
      : reactor_(reactor), asked_(asked), crossing_(reactor), timer_(reactor.io()) {
    channel_->in = stream;
    limits_.questions_max = 64;
    const std::uint8_t papers[] = {house::gate_a_paper,  house::till_paper, house::enrolment_paper,
                                   house::auditor_paper, house::desk_paper, house::stranger_paper};
    messages_ = std::make_unique<MessageStream>(
        reactor, channel_, limits_,
        std::make_shared<const Incidents>([](const auto&, const auto&) {}), [](Ending) {});
    messages_->ask_first(std::make_shared<Half>());
    telltale_ = std::make_unique<Telltale>(*messages_, channel_->out);
    auto& way =
        is_broken_as("rpc-tells-why") ? static_cast<capnp::MessageStream&>(*telltale_) : *messages_;
    network_ = kj::heap<capnp::TwoPartyVatNetwork>(way, capnp::rpc::twoparty::Side::SERVER);
    rpc::Entrance::Client entrance =
        kj::heap<EntranceService>(inside().household(), crossing_,
                                  house::certificate(papers[stream.size() % std::size(papers)]),
                                  [this] { messages_->widen(); });
    system_ = kj::heap<capnp::RpcSystem<capnp::rpc::twoparty::VatId>>(
        capnp::makeRpcServer(*network_, kj::mv(entrance)));
    look_again();
  }

  // In this order, as in a connection: the RPC system goes before the network, and that before the
  // stream.
  void leave() {
    timer_.cancel();
    const auto drop = [](auto& thing) { kj::runCatchingExceptions([&] { thing = nullptr; }); };
    drop(system_);
    drop(network_);
    drop(messages_);
  }
  const std::string& out() const { return channel_->out; }

 private:
  void look_again() {
    timer_.expires_after(std::chrono::microseconds(20));
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) look();
    });
  }

  void look() {
    if (channel_->readable && (!channel_->in.empty() || channel_->ended))
      std::exchange(channel_->readable, nullptr)();
    const bool is_answered = channel_->in.empty() && returns_in(channel_->out) >= asked_;
    if (is_answered || ++looks_ > looks_max) channel_->ended = true;
    if (!channel_->ended || looks_ < looks_max + looks_at_end) {
      if (channel_->ended) looks_ = std::max(looks_, looks_max) + 1;
      return look_again();
    }
    reactor_.stop();
  }

  static constexpr int looks_max = 40, looks_at_end = 3;
  Reactor& reactor_;
  std::size_t asked_;
  Crossing crossing_;
  boost::asio::steady_timer timer_;
  int looks_ = 0;
  std::shared_ptr<Channel> channel_ = std::make_shared<Channel>();
  ListenerLimits limits_;
  std::unique_ptr<MessageStream> messages_;
  std::unique_ptr<Telltale> telltale_;
  kj::Own<capnp::TwoPartyVatNetwork> network_;
  kj::Own<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> system_;
};

void run_stream(std::string_view stream, std::size_t asked) {
  Reactor reactor;
  std::unique_ptr<Peer> peer;
  reactor.post([&] { peer = std::make_unique<Peer>(reactor, stream, asked); });
  std::string out;
  reactor.at_end([&] {
    peer->leave();
    out = peer->out();
    peer.reset();
  });
  reactor.run();
  hold_discreet(out);
}

constexpr std::array<std::uint64_t, 6> interfaces{
    capnp::typeId<rpc::Entrance>(),     capnp::typeId<rpc::Gate>(),
    capnp::typeId<rpc::Checkout>(),     capnp::typeId<rpc::EnrolmentDesk>(),
    capnp::typeId<rpc::OperatorDesk>(), capnp::typeId<rpc::Auditor>()};

// Parameters of any bytes, as far as they are a message.
void put_any(capnp::AnyPointer::Builder out, const std::string& bytes) {
  auto words = kj::heapArray<capnp::word>((bytes.size() + 7) / 8);
  std::memset(words.begin(), 0, words.asBytes().size());
  if (!bytes.empty()) std::memcpy(words.begin(), bytes.data(), bytes.size());
  const kj::ArrayPtr<const capnp::word> segment = words;
  kj::runCatchingExceptions([&] {
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1), {1'024, 16});
    out.set(reader.getRoot<capnp::AnyPointer>());
  });
}

std::string message_from(Tap& tap, std::size_t& asked) {
  const std::uint64_t what = tap.pick(7);
  const auto question = static_cast<std::uint32_t>(tap.pick(7));
  switch (what) {
    case 0:
      return tap.bytes(tap.pick(64));
    case 1:
      ++asked;
      return bootstrap(question);
    case 2:
      return finish(question);
    case 3:
      return release(question, static_cast<std::uint32_t>(tap.pick(3)));
    default: {
      ++asked;
      const Receiver receiver{static_cast<std::uint32_t>(tap.pick(7)),
                              static_cast<int>(tap.pick(8)) - 1};
      const std::uint64_t interface = interfaces[tap.pick(interfaces.size() - 1)];
      const auto method = static_cast<std::uint16_t>(tap.pick(13));
      const std::string params = tap.bytes(tap.pick(255));
      return call(question, receiver, interface, method,
                  [&](capnp::AnyPointer::Builder out) { put_any(out, params); });
    }
  }
}

// Whatever comes, what leaves is whole messages that say nothing of the house.
void rpc_stream(Input input) {
  if (input.empty()) return;
  if (input[0] % 2 == 0) return run_stream(text_of(input.subspan(1)), 3);
  Tap tap(input.subspan(1));
  std::string stream;
  std::size_t asked = 0;
  while (!tap.empty() && asked < 12) stream += message_from(tap, asked);
  run_stream(stream, asked);
}

// A login, then a call on what it gave, before its answer has come.
template <class Service>
std::string session_stream(int field, std::uint16_t method) {
  std::string out = bootstrap(0);
  out += call(1, {0, -1}, capnp::typeId<rpc::Entrance>(), 0, [](capnp::AnyPointer::Builder params) {
    params.initAs<rpc::Entrance::LoginParams>().initHello().setSoftware("fuzz");
  });
  out +=
      call(2, {1, field}, capnp::typeId<Service>(), method, [](capnp::AnyPointer::Builder params) {
        auto enter = params.initAs<rpc::Gate::EnterParams>();
        house::fill(enter.initAttempt(), house::key(3));
        enter.initPresence().initPin().setRider(1);
        enter.getPresence().getPin().setPin("482915");
      });
  return out + finish(2) + finish(1);
}

std::vector<std::string> rpc_stream_seeds() {
  std::vector<std::string> out;
  const std::string raw_mark(1, '\0');
  for (std::uint16_t method = 0; method < 3; ++method) {
    // The length of a stream decides whose certificate it came with: one of each.
    std::string gate = session_stream<rpc::Gate>(2, method);
    for (const int more : {0, 1, 2, 3, 4, 5}) {
      std::string one = gate;
      for (int i = 0; i < more; ++i) one += finish(static_cast<std::uint32_t>(30 + i));
      out.push_back(raw_mark + one);
    }
  }
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    std::string steps = "\1";
    steps += "\1" + std::string(1, '\0');  // bootstrap
    out.push_back(steps + noise(seed + 300, 120));
  }
  return out;
}

}  // namespace

std::vector<Target> stream_targets() {
  return {
      {"splitter",
       "the same messages whatever the pieces",
       8'192,
       splitter,
       splitter_seeds,
       {"splitter-limit", "splitter-forgets"}},
      {"rpc_stream",
       "whole messages leave, and tell nothing",
       4'096,
       rpc_stream,
       rpc_stream_seeds,
       {"rpc-tells-why", "rpc-drops-a-word"},
       60},
  };
}

}  // namespace obverse::fuzz
