// Two traps: OpenSSL may hold bytes that it has already taken off the socket, and those raise no
// readiness; and it keeps the descriptor's number, which after close() is soon another
// connection's.
#include "ledger/server/transport/tls_channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

namespace obverse {

using boost::asio::ip::tcp;

TlsChannel::TlsChannel(const TlsContext& context, tcp::socket socket)
    : context_(context.current()), socket_(std::move(socket)) {}

TlsChannel::~TlsChannel() { SSL_free(session_); }

// Whether a first record is there, or whatever else OpenSSL must judge. It is looked at where it
// lies, and the kernel is told to wake us only when all of it has come.
bool TlsChannel::has_spoken() {
  std::array<unsigned char, 5> header{};  // kind, version, length (RFC 8446, 5.1)
  const int socket = socket_.native_handle();
  const ssize_t seen = ::recv(socket, header.data(), header.size(), MSG_PEEK | MSG_DONTWAIT);
  if (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  if (seen <= 0) return true;
  const bool is_whole = static_cast<std::size_t>(seen) == header.size();
  int needed = static_cast<int>(header.size());
  if (is_whole) needed += header[3] * 256 + header[4];
  const bool may_be_hello = header[0] == SSL3_RT_HANDSHAKE && needed <= SSL3_RT_MAX_PLAIN_LENGTH;
  int there = 0;
  ::ioctl(socket, FIONREAD, &there);
  // Being woken with less than was asked for says nothing: it may be the echo of what was there
  // before. Only the peer's end does.
  pollfd end{socket, POLLRDHUP, 0};
  const bool has_ended = ::poll(&end, 1, 0) == 1;
  const bool is_over = !may_be_hello || (is_whole && there >= needed) || has_ended;
  awaited_bytes_ = is_over ? 1 : needed;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &awaited_bytes_, sizeof awaited_bytes_);
  return is_over;
}

TlsChannel::Handshake TlsChannel::step() {
  if (!socket_.is_open()) return Handshake::failed;
  if (session_ == nullptr) {
    was_waited_for_ = !has_spoken();
    if (was_waited_for_) return Handshake::wants_read;
    session_ = SSL_new(context_.get());
    if (session_ == nullptr || SSL_set_fd(session_, socket_.native_handle()) != 1)
      return Handshake::failed;
    SSL_set_accept_state(session_);
  }
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

std::string TlsChannel::address() const {
  boost::system::error_code error;
  const auto peer = socket_.remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
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

bool TlsChannel::move_to(boost::asio::io_context& io) {
  boost::system::error_code error;
  const auto protocol = socket_.local_endpoint(error).protocol();
  if (error) return false;
  const int number = socket_.release(error);
  if (error) return false;
  tcp::socket moved(io);
  moved.assign(protocol, number, error);
  if (error) {
    ::close(number);
    return false;
  }
  moved.non_blocking(true, error);
  socket_ = std::move(moved);
  return true;
}

void TlsChannel::part(std::function<void()> gone) {
  finish();
  discard_until(std::move(gone));
}

void TlsChannel::discard_until(std::function<void()> gone) {
  if (!discard()) return gone();
  wait(tcp::socket::wait_read, [self = weak_from_this(), gone = std::move(gone)] {
    if (const auto channel = self.lock()) channel->discard_until(gone);
  });
}

// Takes raw bytes off the socket. False: no more will come.
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

void TlsChannel::when_readable(std::function<void()> call) {
  // After "drained" what is pending is half a record, and asking OpenSSL again would spin until the
  // rest comes.
  if (session_ != nullptr && !drained_ && SSL_has_pending(session_) == 1) {
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
  if (session_ != nullptr) SSL_shutdown(session_);
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void TlsChannel::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace obverse
