// Two traps: OpenSSL may hold bytes that it has already taken off the socket, and those raise no
// readiness; and it keeps the descriptor's number, which after close() is soon another
// connection's.
#include "ledger/server/transport/tls_channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

namespace obverse {

using boost::asio::ip::tcp;

TlsChannel::TlsChannel(const TlsContext& context, tcp::socket socket)
    : context_(context.current()), socket_(std::move(socket)), session_(SSL_new(context_.get())) {
  if (session_ == nullptr || SSL_set_fd(session_, socket_.native_handle()) != 1) {
    SSL_free(session_);
    throw std::runtime_error("no memory for a TLS session");
  }
  SSL_set_accept_state(session_);
}

TlsChannel::~TlsChannel() { SSL_free(session_); }

TlsChannel::Handshake TlsChannel::step() {
  if (!socket_.is_open()) return Handshake::failed;
  ERR_clear_error();
  const int result = SSL_do_handshake(session_);
  const int error = SSL_get_error(session_, result);
  drained_ = error == SSL_ERROR_WANT_READ;
  if (result == 1) return Handshake::done;
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return Handshake::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Handshake::wants_write;
    default:
      return Handshake::failed;
  }
}

Moved TlsChannel::read(std::span<std::byte> into) {
  if (!socket_.is_open()) return {0, Flow::broken};
  Moved moved{0, Flow::more};
  drained_ = false;
  while (moved.bytes < into.size()) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const auto rest = into.subspan(moved.bytes);
    const int result = SSL_read_ex(session_, rest.data(), rest.size(), &bytes);
    moved.bytes += bytes;
    if (result == 1) continue;
    const int error = SSL_get_error(session_, result);
    // WANT_WRITE: an answer to a key update does not fit yet; it leaves with the next read or
    // write.
    drained_ = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    moved.flow = drained_ ? Flow::wait : error == SSL_ERROR_ZERO_RETURN ? Flow::end : Flow::broken;
    break;
  }
  return moved;
}

Moved TlsChannel::write(std::span<const std::byte> from) {
  if (!socket_.is_open()) return {0, Flow::broken};
  Moved moved{0, Flow::more};
  while (moved.bytes < from.size()) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const auto rest = from.subspan(moved.bytes);
    const int result = SSL_write_ex(session_, rest.data(), rest.size(), &bytes);
    moved.bytes += bytes;
    if (result == 1) continue;
    const bool full = SSL_get_error(session_, result) == SSL_ERROR_WANT_WRITE;
    moved.flow = full ? Flow::wait : Flow::broken;
    break;
  }
  return moved;
}

bool TlsChannel::discard() {
  if (!socket_.is_open()) return false;
  std::array<std::byte, 4096> unread;
  for (;;) {
    boost::system::error_code error;
    const std::size_t bytes = socket_.read_some(boost::asio::buffer(unread), error);
    if (error == boost::asio::error::would_block) return true;
    if (error || bytes == 0) return false;
  }
}

void TlsChannel::when_socket_readable(std::function<void()> call) {
  wait(tcp::socket::wait_read, std::move(call));
}

void TlsChannel::when_readable(std::function<void()> call) {
  // After "drained" what is pending is half a record, and asking OpenSSL again would spin until the
  // rest comes.
  if (!drained_ && SSL_has_pending(session_) == 1) {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this(), call = std::move(call)] {
      if (self->socket_.is_open()) call();
    });
    return;
  }
  wait(tcp::socket::wait_read, std::move(call));
}

void TlsChannel::when_writable(std::function<void()> call) {
  wait(tcp::socket::wait_write, std::move(call));
}

void TlsChannel::wait(tcp::socket::wait_type kind, std::function<void()> call) {
  if (!socket_.is_open()) return;
  socket_.async_wait(kind, [self = shared_from_this(), call = std::move(call)](const auto& error) {
    if (error != boost::asio::error::operation_aborted && self->socket_.is_open()) call();
  });
}

void TlsChannel::finish() {
  if (!socket_.is_open()) return;
  ERR_clear_error();
  SSL_shutdown(session_);
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void TlsChannel::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace obverse
