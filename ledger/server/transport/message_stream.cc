// See the header. Core outlives the stream for as long as a callback of the channel or a flush may
// still name it.
#include "ledger/server/transport/message_stream.h"

#include <capnp/message.h>
#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "ledger/vault/secret_bytes.h"

namespace obverse {
namespace {

using capnp::word;
using Segments = kj::ArrayPtr<const kj::ArrayPtr<const word>>;
namespace protocol = capnp::rpc;

constexpr std::size_t word_bytes = sizeof(word);
constexpr std::size_t kept_capacity_max = 512;  // of a connection that may now be idle for hours
constexpr std::size_t compact_bytes_min = 64UZ * 1024;
// A message may be read a few times over (by the RPC system, by the method), but not amplified by
// aliased pointers.
constexpr std::uint64_t traversals = 4;
constexpr std::uint64_t traversal_words_min = 4'096;

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

kj::Exception disconnected(kj::StringPtr why) {
  return kj::Exception(kj::Exception::Type::DISCONNECTED, "", 0, kj::str(why));
}

// Questions of the peer that are not yet both answered and finished: exactly the answers that the
// RPC system remembers.
class Questions {
 public:
  void asked(std::uint32_t id) { open_.try_emplace(id); }
  void answered(std::uint32_t id) { settle(id, &State::answered); }
  void finished(std::uint32_t id) { settle(id, &State::finished); }
  bool is_open(std::uint32_t id) const { return open_.contains(id); }
  std::size_t count() const { return open_.size(); }

 private:
  struct State {
    bool answered = false;
    bool finished = false;
  };
  void settle(std::uint32_t id, bool State::* half) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    found->second.*half = true;
    if (found->second.answered && found->second.finished) open_.erase(found);
  }
  std::unordered_map<std::uint32_t, State> open_;
};

bool carries_exception(protocol::Message::Reader message) {
  return message.isAbort() || (message.isReturn() && message.getReturn().isException()) ||
         (message.isResolve() && message.getResolve().isException());
}

protocol::Exception::Builder exception_of(protocol::Message::Builder message) {
  if (message.isAbort()) return message.getAbort();
  if (message.isReturn()) return message.getReturn().getException();
  return message.getResolve().getException();
}

kj::Array<word> without_exception_text(protocol::Message::Reader message,
                                       const Incidents& incidents) {
  capnp::MallocMessageBuilder copy;
  copy.setRoot(message);
  auto exception = exception_of(copy.getRoot<protocol::Message>());
  const kj::Exception cause(static_cast<kj::Exception::Type>(exception.getType()), "", 0,
                            kj::str(exception.asReader().getReason()));
  const kj::Exception bare = incidents.bare(cause);
  // A fresh message: the old text must not travel as an unreferenced part of the copy.
  capnp::MallocMessageBuilder fresh;
  exception.setReason(bare.getDescription());
  exception.setTrace("");
  fresh.setRoot(copy.getRoot<protocol::Message>().asReader());
  return capnp::messageToFlatArray(fresh);
}

}  // namespace

// --- splitting ---------------------------------------------------------------------------------

MessageSplitter::MessageSplitter(std::uint32_t segments_max, std::size_t message_bytes_max)
    : segments_max_(segments_max), message_bytes_max_(message_bytes_max) {}

bool MessageSplitter::take(std::span<const std::byte> bytes, std::deque<kj::Array<word>>& whole,
                           const Look& look) {
  if (partial_.empty()) {
    const auto used = split(bytes, whole, look);
    if (!used) return false;
    partial_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(*used), bytes.end());
    return true;
  }
  partial_.insert(partial_.end(), bytes.begin(), bytes.end());
  const auto used = split(partial_, whole, look);
  if (!used) return false;
  if (*used == partial_.size()) {
    WipedStream().swap(partial_);
  } else {
    partial_.erase(partial_.begin(), partial_.begin() + static_cast<std::ptrdiff_t>(*used));
  }
  return true;
}

std::size_t MessageSplitter::give_back(std::span<std::byte> into) {
  if (partial_.size() > into.size()) return 0;
  std::ranges::copy(partial_, into.begin());
  const std::size_t size = partial_.size();
  WipedStream().swap(partial_);
  return size;
}

std::optional<std::size_t> MessageSplitter::split(std::span<const std::byte> bytes,
                                                  std::deque<kj::Array<word>>& whole,
                                                  const Look& look) {
  std::size_t used = 0;
  for (auto rest = bytes; rest.size() >= word_bytes; rest = bytes.subspan(used)) {
    const std::uint32_t last = number_at(rest, 0);
    if (last >= segments_max_) return std::nullopt;
    const std::size_t table = ((last + 1) / 2 + 1) * word_bytes;
    if (rest.size() < table) break;
    std::uint64_t size = table;  // at most 512 times 2^35: cannot wrap
    for (std::size_t i = 0; i <= last; ++i)
      size += number_at(rest, 4 + 4 * i) * std::uint64_t{word_bytes};
    if (size > message_bytes_max_) return std::nullopt;
    if (rest.size() < size) break;
    ++count_;
    used += size;
    const bool is_even = reinterpret_cast<std::uintptr_t>(rest.data()) % alignof(word) == 0;
    if (look && is_even && look({reinterpret_cast<const word*>(rest.data()), size / word_bytes}))
      continue;
    auto message = wiped_words(size / word_bytes);
    std::memcpy(message.begin(), rest.data(), size);
    if (look && !is_even && look(message)) continue;
    whole.push_back(kj::mv(message));
  }
  return used;
}

// --- the stream --------------------------------------------------------------------------------

class MessageStream::Core final : public Flushable, public std::enable_shared_from_this<Core> {
 public:
  Core(Reactor& reactor, std::shared_ptr<ByteChannel> channel, const ListenerLimits& limits,
       std::shared_ptr<const Incidents> incidents, std::function<void(Ending)> on_end)
      : reactor_(reactor),
        channel_(std::move(channel)),
        limits_(limits),
        incidents_(std::move(incidents)),
        on_end_(std::move(on_end)),
        splitter_(limits.segments_max, limits.message_bytes_max_before_login) {}

  ~Core() noexcept override = default;

  void widen() { splitter_.widen(limits_.message_bytes_max); }
  void ask_first(std::shared_ptr<Usher> usher) { usher_ = std::move(usher); }

  Progress progress() const {
    const bool waits = armed_ && splitter_.partial();
    return {waits ? splitter_.count() + 1 : 0, queued_, sent_};
  }

  // The promise chain names `this`: the stream's owner destroys the reader (the RPC system) before
  // the stream.
  kj::Promise<kj::Maybe<capnp::MessageReaderAndFds>> next(capnp::ReaderOptions options) {
    bool congested = is_congested();
    while (!closed_ && !congested && !ready_.empty()) {
      KJ_IF_MAYBE (reader, take_one(options)) {
        return kj::Maybe<capnp::MessageReaderAndFds>(
            capnp::MessageReaderAndFds{kj::mv(*reader), nullptr});
      }
      congested = is_congested();
    }
    if (closed_) return disconnected("the connection is closed");
    if (!congested && ended_) return kj::Maybe<capnp::MessageReaderAndFds>(nullptr);
    if (usher_ != nullptr) usher_->all_begun();
    auto wake = kj::newPromiseAndFulfiller<void>();
    wake_ = kj::mv(wake.fulfiller);
    congested_ = congested;
    if (!congested) arm();
    return wake.promise.then([this, options] { return next(options); });
  }

  kj::Promise<void> write(Segments segments) {
    if (closed_) return disconnected("the connection is closed");
    capnp::ReaderOptions options;
    options.traversalLimitInWords = std::numeric_limits<std::uint64_t>::max() / 2;
    capnp::SegmentArrayMessageReader reader(segments, options);
    const auto message = reader.getRoot<protocol::Message>();
    // The RPC system's word to a peer that has gone already: not sent, and not an incident.
    if (ended_ && message.isAbort()) return kj::READY_NOW;
    if (message.isReturn()) questions_.answered(message.getReturn().getAnswerId());
    if (carries_exception(message)) {
      append(without_exception_text(message, *incidents_).asBytes());
    } else {
      append_table(segments);
      for (const auto& segment : segments) append(segment.asBytes());
    }
    if (unsent() > limits_.outgoing_bytes_max) {
      fail(Ending::outgoing);
    } else {
      flush_soon();
    }
    return kj::READY_NOW;
  }

  void finish() {
    finishing_ = true;
    flush_soon();
  }

  void flush() override {
    dirty_ = false;
    if (closed_ || blocked_ || deaf_) return;
    const auto moved = channel_->write(std::span(out_).subspan(out_sent_));
    out_sent_ += moved.bytes;
    sent_ += moved.bytes;
    if (moved.flow == Flow::broken) return lose();
    compact();
    if (unsent() != 0) {
      blocked_ = true;
      channel_->when_writable([self = weak_from_this()] {
        if (const auto core = self.lock()) {
          core->blocked_ = false;
          core->flush();
        }
      });
    } else if (std::exchange(finishing_, false)) {
      channel_->finish();
    }
    if (congested_ && unsent() <= limits_.outgoing_bytes_high / 4) wake();
  }

  void close() {
    if (std::exchange(closed_, true)) return;
    channel_->close();
    ready_.clear();
    wake();
  }

 private:
  std::size_t unsent() const { return out_.size() - out_sent_; }
  bool is_congested() const { return unsent() > limits_.outgoing_bytes_high; }

  void wake() {
    congested_ = false;
    KJ_IF_MAYBE (waiting, wake_) {
      auto fulfiller = kj::mv(*waiting);
      wake_ = nullptr;
      fulfiller->fulfill();
    }
  }

  void fail(Ending ending) {
    if (closed_) return;
    close();
    if (on_end_) std::exchange(on_end_, nullptr)(ending);
  }

  // The peer takes no more. What it asked before still counts, so reading goes on until that ends
  // too.
  void lose() {
    deaf_ = true;
    std::vector<std::byte>().swap(out_);
    out_sent_ = 0;
    queued_ = sent_;
    if (congested_) wake();
  }

  void arm() {
    if (std::exchange(armed_, true)) return;
    const auto rest = usher_ != nullptr ? usher_->rest() : std::chrono::milliseconds(0);
    if (rest.count() == 0) return listen();
    reactor_.after(rest, [self = weak_from_this()] {
      const auto core = self.lock();
      if (core && !core->closed_) core->listen();
    });
  }

  void listen() {
    channel_->when_readable([self = weak_from_this()] {
      if (const auto core = self.lock()) core->readable();
    });
  }

  // What is answered here is answered before anything else is asked to run: the RPC system, which
  // waits meanwhile, hears of the rest only.
  void readable() {
    armed_ = false;
    if (closed_ || ended_) return;
    const auto scratch = reactor_.scratch();
    const std::size_t begun = splitter_.give_back(scratch.first(scratch.size() / 2));
    const auto moved = channel_->read(scratch.subspan(begun));
    const auto come = scratch.first(begun + moved.bytes);
    bool sound = true, taken = false;
    const auto wrong = kj::runCatchingExceptions([&] {
      taken = splitter_.take(come, ready_, [&](kj::ArrayPtr<const word> message) {
        if (!sound) return true;
        const Fate fate = account(message);
        sound = fate != Fate::breaks_off;
        return fate != Fate::goes_on;
      });
    });
    wipe(come);  // faces and PINs pass here, and the next read may be short
    if (!taken || wrong != nullptr) return fail(Ending::framing);
    if (!sound) return fail(Ending::questions);
    if (moved.flow == Flow::end || moved.flow == Flow::broken) ended_ = true;
    if (ended_ || !ready_.empty()) {
      wake();
    } else if (is_congested()) {
      congested_ = true;
    } else {
      arm();
    }
  }

  // The next message for the RPC system.
  kj::Maybe<kj::Own<capnp::MessageReader>> take_one(capnp::ReaderOptions options) {
    auto message = kj::mv(ready_.front());
    ready_.pop_front();
    const auto words = message.asPtr();
    kj::Own<capnp::MessageReader> reader;
    const auto wrong = kj::runCatchingExceptions([&] {
      reader = kj::heap<capnp::FlatArrayMessageReader>(words, bounded(options, words.size()))
                   .attach(kj::mv(message));
    });
    if (wrong == nullptr) return kj::mv(reader);
    fail(Ending::framing);
    return nullptr;
  }

  capnp::ReaderOptions bounded(capnp::ReaderOptions options, std::size_t words) const {
    options.nestingLimit = limits_.nesting_max;
    options.traversalLimitInWords = std::max(traversal_words_min, traversals * words);
    return options;
  }

  enum class Fate { goes_on, is_done_with, breaks_off };

  // Every message, as it comes.
  Fate account(kj::ArrayPtr<const word> words) {
    capnp::FlatArrayMessageReader reader(words, bounded({}, words.size()));
    const auto message = reader.getRoot<protocol::Message>();
    bool is_answered = false;
    if (message.isCall()) {
      const auto call = message.getCall();
      // The number of an answer that it has not finished with: the RPC system would say so too.
      if (turned_away_.contains(call.getQuestionId())) return Fate::breaks_off;
      is_answered = turn_away(call);
      if (!is_answered) questions_.asked(call.getQuestionId());
    } else if (message.isFinish()) {
      const std::uint32_t id = message.getFinish().getQuestionId();
      is_answered = turned_away_.erase(id) != 0;
      if (!is_answered) questions_.finished(id);
    } else if (message.isBootstrap()) {
      questions_.asked(message.getBootstrap().getQuestionId());
    }
    if (questions_.count() + turned_away_.size() > limits_.questions_max) return Fate::breaks_off;
    return is_answered ? Fate::is_done_with : Fate::goes_on;
  }

  bool turn_away(protocol::Call::Reader call) {
    const std::uint32_t id = call.getQuestionId();
    if (usher_ == nullptr || questions_.is_open(id) || !call.getSendResultsTo().isCaller())
      return false;
    const auto answer = usher_->turn_away(call);
    if (answer.size() == 0) return false;
    turned_away_.insert(id);
    append(answer.asBytes());
    flush_soon();
    return true;
  }

  void append(kj::ArrayPtr<const kj::byte> bytes) {
    if (deaf_) return;
    const auto* from = reinterpret_cast<const std::byte*>(bytes.begin());
    out_.insert(out_.end(), from, from + bytes.size());
    queued_ += bytes.size();
  }

  void append_table(Segments segments) {
    std::vector<std::uint32_t> table{static_cast<std::uint32_t>(segments.size() - 1)};
    for (const auto& segment : segments)
      table.push_back(static_cast<std::uint32_t>(segment.size()));
    if (table.size() % 2 != 0) table.push_back(0);
    append(kj::arrayPtr(reinterpret_cast<const kj::byte*>(table.data()), table.size() * 4));
  }

  void flush_soon() {
    if (blocked_ || std::exchange(dirty_, true)) return;
    reactor_.flush_soon(shared_from_this());
  }

  void compact() {
    if (unsent() == 0) {
      out_.clear();
      out_sent_ = 0;
      if (out_.capacity() > kept_capacity_max) std::vector<std::byte>().swap(out_);
    } else if (out_sent_ > compact_bytes_min) {
      out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(out_sent_));
      out_sent_ = 0;
    }
  }

  Reactor& reactor_;
  std::shared_ptr<ByteChannel> channel_;
  const ListenerLimits limits_;
  std::shared_ptr<const Incidents> incidents_;
  std::function<void(Ending)> on_end_;

  MessageSplitter splitter_;
  std::deque<kj::Array<word>> ready_;
  Questions questions_;
  std::shared_ptr<Usher> usher_;
  std::unordered_set<std::uint32_t> turned_away_;  // answered here, and not finished
  kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> wake_;
  bool armed_ = false;      // the channel will call readable()
  bool congested_ = false;  // not reading until enough is sent
  bool ended_ = false;      // the peer sends no more
  bool closed_ = false;

  std::vector<std::byte> out_;
  std::size_t out_sent_ = 0;
  std::uint64_t queued_ = 0;
  std::uint64_t sent_ = 0;
  bool dirty_ = false;    // the reactor will call flush()
  bool blocked_ = false;  // the channel will, once it takes more
  bool deaf_ = false;     // the peer takes no more
  bool finishing_ = false;
};

MessageStream::MessageStream(Reactor& reactor, std::shared_ptr<ByteChannel> channel,
                             const ListenerLimits& limits,
                             std::shared_ptr<const Incidents> incidents,
                             std::function<void(Ending)> on_end)
    : core_(std::make_shared<Core>(reactor, std::move(channel), limits, std::move(incidents),
                                   std::move(on_end))) {}

MessageStream::~MessageStream() noexcept { core_->close(); }

void MessageStream::widen() { core_->widen(); }

void MessageStream::ask_first(std::shared_ptr<Usher> usher) { core_->ask_first(std::move(usher)); }

Progress MessageStream::progress() const { return core_->progress(); }

kj::Promise<kj::Maybe<capnp::MessageReaderAndFds>> MessageStream::tryReadMessage(
    kj::ArrayPtr<kj::AutoCloseFd>, capnp::ReaderOptions options, kj::ArrayPtr<word>) {
  return core_->next(options);
}

kj::Promise<void> MessageStream::writeMessage(kj::ArrayPtr<const int>, Segments segments) {
  return core_->write(segments);
}

kj::Promise<void> MessageStream::writeMessages(kj::ArrayPtr<Segments> messages) {
  for (auto& message : messages) {
    auto written = core_->write(message);
    if (&message == messages.end() - 1) return written;
  }
  return kj::READY_NOW;
}

kj::Maybe<int> MessageStream::getSendBufferSize() { return static_cast<int>(compact_bytes_min); }

kj::Promise<void> MessageStream::end() {
  core_->finish();
  return kj::READY_NOW;
}

}  // namespace obverse
