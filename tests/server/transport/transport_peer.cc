// The peer that speaks by hand, and the messages it says.
#include <arpa/inet.h>
#include <capnp/message.h>
#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

constexpr std::chrono::seconds very_long{60};

void limit_socket_time(int socket, std::chrono::milliseconds time) {
  const timeval limit{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

Bytes framed(capnp::MessageBuilder& message) {
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  const auto* from = reinterpret_cast<const std::byte*>(bytes.begin());
  return {from, from + bytes.size()};
}

capnp::rpc::Call::Builder begin_call(capnp::MessageBuilder& message, std::uint32_t question,
                                     std::uint64_t interface, std::uint16_t method) {
  auto call = message.initRoot<capnp::rpc::Message>().initCall();
  call.setQuestionId(question);
  call.setInterfaceId(interface);
  call.setMethodId(method);
  return call;
}

// Makes the client put a pre_shared_key into its hello, as one with a ticket does.
int use_some_key(SSL* session, const EVP_MD*, const unsigned char** id, std::size_t* id_bytes,
                 SSL_SESSION** offered) {
  static const std::array<unsigned char, 32> key{1, 2, 3};
  const unsigned char aes_128_gcm_sha256[] = {0x13, 0x01};
  *offered = SSL_SESSION_new();
  SSL_SESSION_set1_master_key(*offered, key.data(), key.size());
  SSL_SESSION_set_cipher(*offered, SSL_CIPHER_find(session, aes_128_gcm_sha256));
  SSL_SESSION_set_protocol_version(*offered, TLS1_3_VERSION);
  *id = key.data();
  *id_bytes = key.size();
  return 1;
}

// Peers are made on several threads at once, and the test framework counts on one only.
void must(int result, const char* what) {
  if (result != 1) throw std::runtime_error(std::string("a peer's files lack its ") + what);
}

}  // namespace

int connect_plain(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (result != 0) throw std::runtime_error("cannot connect");
  const int at_once = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  limit_socket_time(made, very_long);
  return made;
}

bool is_closed(int socket) {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::recv(socket, &byte, 1, 0);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return true;
    if (got < 0) return false;
  }
}

RawPeer::RawPeer(std::uint16_t port, const ClientTls& files) : RawPeer(port, files, Options()) {}

RawPeer::RawPeer(std::uint16_t port, const ClientTls& files, Options options)
    : socket_(connect_plain(port)), context_(SSL_CTX_new(TLS_client_method())) {
  if (options.with_certificate) {
    must(SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str()), "certificate");
    must(SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM), "key");
  }
  must(SSL_CTX_load_verify_file(context_, files.authority.c_str()), "authority");
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT);
  SSL_CTX_set_max_proto_version(context_, options.version_max);
  if (options.groups != nullptr) SSL_CTX_set1_groups_list(context_, options.groups);
  session_ = SSL_new(context_);
  SSL_set_fd(session_, socket_);
  if (options.offer != nullptr) SSL_set_session(session_, options.offer);
  if (options.offer_key) SSL_set_psk_use_session_callback(session_, use_some_key);
  options.before_handshake();
  ERR_clear_error();
  shaken_ = SSL_connect(session_) == 1;
}

RawPeer::~RawPeer() {
  SSL_free(session_);
  SSL_CTX_free(context_);
  if (socket_ >= 0) ::close(socket_);
}

void RawPeer::limit_time(std::chrono::milliseconds time) { limit_socket_time(socket_, time); }

std::size_t RawPeer::send(std::span<const std::byte> bytes, std::chrono::milliseconds patience) {
  limit_time(patience);
  std::size_t sent = 0;
  SSL_set_mode(session_, SSL_MODE_ENABLE_PARTIAL_WRITE);
  while (sent < bytes.size()) {
    ERR_clear_error();
    std::size_t went = 0;
    if (SSL_write_ex(session_, bytes.data() + sent, bytes.size() - sent, &went) != 1) break;
    sent += went;
  }
  return sent;
}

std::vector<std::byte> RawPeer::receive() {
  limit_time(very_long);
  std::vector<std::byte> bytes(16 * 1024);
  std::size_t got = 0;
  ERR_clear_error();
  if (SSL_read_ex(session_, bytes.data(), bytes.size(), &got) != 1) got = 0;
  bytes.resize(got);
  return bytes;
}

bool RawPeer::is_ended() { return receive().empty(); }

bool RawPeer::wait_for_end() {
  errno = 0;
  while (!receive().empty()) errno = 0;
  return errno != EAGAIN && errno != EWOULDBLOCK;
}

void RawPeer::half_close() {
  SSL_shutdown(session_);
  ::shutdown(socket_, SHUT_WR);
}

void RawPeer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes bootstrap_message(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  message.initRoot<capnp::rpc::Message>().initBootstrap().setQuestionId(question);
  return framed(message);
}

Bytes echo_message(std::uint32_t question, std::uint32_t bootstrap, std::size_t payload) {
  capnp::MallocMessageBuilder message;
  auto call = begin_call(message, question, capnp::typeId<Echo>(), 1);
  call.initTarget().initPromisedAnswer().setQuestionId(bootstrap);
  call.initParams().getContent().initAs<Echo::EchoParams>().initPayload(
      static_cast<unsigned>(payload));
  return framed(message);
}

Bytes login_message(std::uint32_t question, std::uint32_t bootstrap) {
  capnp::MallocMessageBuilder message;
  auto call = begin_call(message, question, capnp::typeId<Echo>(), 0);
  call.initTarget().initPromisedAnswer().setQuestionId(bootstrap);
  call.initParams().getContent().initAs<Echo::LoginParams>();
  return framed(message);
}

Bytes pay_message(std::uint32_t question, std::uint32_t login, std::int64_t amount) {
  capnp::MallocMessageBuilder message;
  auto call = begin_call(message, question, capnp::typeId<EchoTill>(), 0);
  auto target = call.initTarget().initPromisedAnswer();
  target.setQuestionId(login);
  target.initTransform(1)[0].setGetPointerField(0);
  call.initParams().getContent().initAs<EchoTill::PayParams>().setAmount(amount);
  return framed(message);
}

Bytes finish_message(std::uint32_t question) {
  capnp::MallocMessageBuilder message;
  auto finish = message.initRoot<capnp::rpc::Message>().initFinish();
  finish.setQuestionId(question);
  finish.setReleaseResultCaps(true);
  return framed(message);
}

}  // namespace obverse
