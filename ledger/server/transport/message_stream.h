// Cap'n Proto messages over a channel of bytes, in the standard stream framing, for a peer that is
// not trusted: a message is measured before memory is taken, a peer that does not read its answers
// is not read from, and no exception's text leaves. Lives on one reactor.
//
//   message := count-1:u32  size-in-words:u32 * count  (0:u32 if count is even)  segment * count
//   all little-endian
#pragma once

#include <capnp/serialize-async.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ledger/server/transport/connection_limits.h"
#include "ledger/server/transport/guarded.h"
#include "ledger/server/transport/reactor.h"
#include "ledger/server/transport/tls_channel.h"
#include "ledger/server/transport/usher.h"
#include "ledger/server/transport/wiped_memory.h"

namespace obverse {

// Finds the messages in a stream of bytes that come in pieces of any size.
class MessageSplitter {
 public:
  MessageSplitter(std::uint32_t segments_max, std::size_t message_bytes_max);

  // Sees a whole message where it lies. True: it is done with, and nothing of it is kept.
  using Look = std::function<bool(kj::ArrayPtr<const capnp::word>)>;
  // Appends the whole messages to `whole`, but those with which `look` was done. False: the table
  // is impossible or over a limit, and the stream is lost.
  [[nodiscard]] bool take(std::span<const std::byte>, std::deque<kj::Array<capnp::word>>& whole,
                          const Look& look = {});
  // Moves the message that has begun, if it fits, to where the next bytes will be read behind it,
  // so that all of it lies in one piece. Gives its size.
  std::size_t give_back(std::span<std::byte> into);

  bool partial() const { return !partial_.empty(); }
  std::uint64_t count() const { return count_; }  // of whole messages so far
  void widen(std::size_t message_bytes_max) { message_bytes_max_ = message_bytes_max; }

 private:
  std::optional<std::size_t> split(std::span<const std::byte>,
                                   std::deque<kj::Array<capnp::word>>& whole, const Look& look);

  std::uint32_t segments_max_;
  std::size_t message_bytes_max_;
  WipedStream partial_;
  std::uint64_t count_ = 0;
};

// What a watcher of deadlines must know.
struct Progress {
  std::uint64_t partial_message =
      0;  // the number of the message that has begun to come and is waited for; 0: none
  std::uint64_t queued_bytes = 0;  // to be sent, ever
  std::uint64_t sent_bytes = 0;    // of them
};

class MessageStream final : public capnp::MessageStream {
 public:
  // `on_end` is called once, from within any of the calls here, when this side ends the stream for
  // what the peer did.
  MessageStream(Reactor&, std::shared_ptr<ByteChannel>, const ListenerLimits&,
                std::shared_ptr<const Incidents>, std::function<void(Ending)> on_end);
  ~MessageStream() noexcept;  // the base has no virtual one; owned as what it is

  void widen();                            // the limits after login
  void ask_first(std::shared_ptr<Usher>);  // from the next message on
  Progress progress() const;

  kj::Promise<kj::Maybe<capnp::MessageReaderAndFds>> tryReadMessage(
      kj::ArrayPtr<kj::AutoCloseFd>, capnp::ReaderOptions, kj::ArrayPtr<capnp::word>) override;
  kj::Promise<void> writeMessage(
      kj::ArrayPtr<const int>,
      kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments) override;
  kj::Promise<void> writeMessages(
      kj::ArrayPtr<kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>>> messages) override;
  kj::Maybe<int> getSendBufferSize() override;
  kj::Promise<void> end() override;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace obverse
