// Bytes over TLS on one non-blocking socket: OpenSSL reads and writes the descriptor itself, Asio
// only says when it may. Knows nothing of messages. Lives on one loop at a time.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "ledger/server/transport/tls.h"

namespace obverse {

enum class Flow {
  more,
  wait,
  end,
  broken
};  // more: call again; wait: call when the socket says so

struct Moved {
  std::size_t bytes = 0;
  Flow flow = Flow::wait;
};

// What a message stream needs of a connection; tests give it one made of memory.
class ByteChannel {
 public:
  virtual ~ByteChannel() = default;
  virtual Moved read(
      std::span<std::byte> into) = 0;  // never blocks; bytes may have moved whatever `flow` says
  virtual Moved write(std::span<const std::byte> from) = 0;
  virtual void when_readable(std::function<void()>) = 0;  // once; at most one of each waits
  virtual void when_writable(std::function<void()>) = 0;
  virtual void finish() = 0;  // says goodbye; reading goes on
  virtual void close() = 0;   // at once; no callback comes any more
};

class TlsChannel final : public ByteChannel, public std::enable_shared_from_this<TlsChannel> {
 public:
  enum class Handshake { done, wants_read, wants_write, failed };

  TlsChannel(const TlsContext&, boost::asio::ip::tcp::socket);
  ~TlsChannel() override;

  // One flight of the handshake: costs up to a millisecond of CPU. Until the peer has said a whole
  // record nothing is kept for it but its socket: OpenSSL would take 20 KiB for somebody who may
  // never speak.
  Handshake step();
  bool has_begun() const { return session_ != nullptr; }   // the peer has said a whole record
  bool was_waited_for() const { return was_waited_for_; }  // because it had not
  int descriptor() { return socket_.native_handle(); }
  std::string address() const;  // of the peer, without its port; empty once it is gone
  std::optional<PeerIdentity> identity() const { return identity_of(session_); }

  // To another loop, as long as nobody waits for anything on this one. False: it is lost.
  bool move_to(boost::asio::io_context&);

  // Refused, with the reason on its way as a TLS alert: what the peer still sends is read and
  // forgotten until it has gone; then `gone`. Closing at once would reset the connection under its
  // hands, and it would never read why.
  void part(std::function<void()> gone);

  Moved read(std::span<std::byte> into) override;
  Moved write(std::span<const std::byte> from) override;
  void when_readable(std::function<void()>) override;
  void when_writable(std::function<void()>) override;
  void finish() override;
  void close() override;

 private:
  bool has_spoken();
  bool discard();
  void discard_until(std::function<void()> gone);
  void wait(boost::asio::ip::tcp::socket::wait_type, std::function<void()>);

  std::shared_ptr<ssl_ctx_st> context_;
  boost::asio::ip::tcp::socket socket_;
  ssl_st* session_ = nullptr;  // made when the peer has spoken
  int awaited_bytes_ = 1;      // until the socket counts as readable
  bool was_waited_for_ = false;
  bool drained_ = false;  // OpenSSL itself said that it has nothing until the socket has
};

}  // namespace obverse
