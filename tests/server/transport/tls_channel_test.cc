// The channel alone, on a loop that the test turns: what OpenSSL holds back and what it does not
// have.
#include "ledger/server/transport/tls_channel.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

using boost::asio::ip::tcp;

// A channel and the client at its other end, whose records the test carries by hand.
struct Pair {
  Pair() {
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    peer = connect_plain(acceptor.local_endpoint().port());
    tcp::socket socket = acceptor.accept();
    socket.non_blocking(true);
    channel = std::make_shared<TlsChannel>(context, std::move(socket));
    const auto files = papers.terminal("gate-1");
    client_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_use_certificate_chain_file(client_context, files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(client_context, files.key.c_str(), SSL_FILETYPE_PEM);
    client = SSL_new(client_context);
    incoming = BIO_new(BIO_s_mem());
    outgoing = BIO_new(BIO_s_mem());
    SSL_set_bio(client, incoming, outgoing);
    SSL_set_connect_state(client);
  }
  ~Pair() {
    SSL_free(client);
    SSL_CTX_free(client_context);
    ::close(peer);
  }

  std::string taken_out() {
    std::string bytes(static_cast<std::size_t>(BIO_pending(outgoing)), '\0');
    if (!bytes.empty()) BIO_read(outgoing, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }
  void carry(const std::string& bytes) {
    BOOST_REQUIRE(::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                  static_cast<ssize_t>(bytes.size()));
  }
  void fetch() {
    char bytes[8192];
    const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
    BOOST_REQUIRE(got > 0);
    BIO_write(incoming, bytes, static_cast<int>(got));
  }
  std::string record(const std::string& text) {
    SSL_write(client, text.data(), static_cast<int>(text.size()));
    return taken_out();
  }
  // With what the client says right after its part of the handshake, in the same bytes.
  void shake(const std::string& at_once = "") {
    SSL_do_handshake(client);
    carry(taken_out());
    while (channel->step() != TlsChannel::Handshake::wants_read) {
    }
    while (SSL_do_handshake(client) != 1) fetch();
    std::string last = taken_out();
    if (!at_once.empty()) last += record(at_once);
    carry(last);
    while (channel->step() != TlsChannel::Handshake::done) {
    }
  }
  // Whether it becomes readable, given all the time that a broken build needs to fail.
  bool is_readable() {
    bool called = false;
    channel->when_readable([&] { called = true; });
    io.restart();
    io.run_one_for(std::chrono::seconds(20));
    return called;
  }
  int calls_of_readable(int turns) {
    int calls = 0;
    channel->when_readable([&] { ++calls; });
    for (int i = 0; i < turns; ++i) {
      io.restart();
      io.poll();
    }
    return calls;
  }
  std::string read(std::size_t most, Flow& flow) {
    std::string text(most, '\0');
    const auto moved = channel->read(std::as_writable_bytes(std::span(text)));
    text.resize(moved.bytes);
    flow = moved.flow;
    return text;
  }

  Papers papers;
  TlsContext context{papers.server()};
  boost::asio::io_context io;
  std::shared_ptr<TlsChannel> channel;
  int peer = -1;
  SSL_CTX* client_context = nullptr;
  SSL* client = nullptr;
  BIO* incoming = nullptr;
  BIO* outgoing = nullptr;
};

BOOST_AUTO_TEST_SUITE(tls_channels)

BOOST_AUTO_TEST_CASE(who_has_not_said_a_whole_record_wakes_nobody) {
  Pair pair;
  SSL_do_handshake(pair.client);
  const std::string hello = pair.taken_out();
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  pair.carry(hello.substr(0, 3));
  BOOST_TEST(pair.is_readable());
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  int calls = 0;
  const auto turn = [&](std::chrono::milliseconds most) {
    pair.io.restart();
    pair.io.run_for(most);
    return calls;
  };
  pair.channel->when_readable([&] { ++calls; });
  pair.carry(hello.substr(3, 1));
  BOOST_TEST(turn(std::chrono::milliseconds(20)) == 0);
  pair.carry(hello.substr(4, hello.size() - 5));
  while (calls == 0) turn(std::chrono::milliseconds(20));  // the header
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  pair.channel->when_readable([&] { ++calls; });
  BOOST_TEST(turn(std::chrono::milliseconds(20)) == 1);
  pair.carry(hello.substr(hello.size() - 1));
  while (calls == 1) turn(std::chrono::milliseconds(20));
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  pair.fetch();  // the server's part
  BOOST_TEST(SSL_do_handshake(pair.client) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_hello_and_what_ends_too_soon_fails) {
  {
    Pair pair;
    pair.carry("GET / HTTP/1.0\r\n\r\n");
    BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::failed));
  }
  Pair pair;
  SSL_do_handshake(pair.client);
  pair.carry(pair.taken_out().substr(0, 100));
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  ::shutdown(pair.peer, SHUT_WR);
  BOOST_TEST(pair.is_readable());
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::failed));
}

BOOST_AUTO_TEST_CASE(bytes_that_openssl_already_took_are_readable) {
  Pair pair;
  pair.shake();
  std::string records;
  for (int i = 0; i < 5; ++i) records += pair.record(std::string(100, static_cast<char>('a' + i)));
  pair.carry(records);
  Flow flow = Flow::wait;
  BOOST_TEST(pair.is_readable());
  BOOST_TEST(pair.read(150, flow).size() ==
             150U);  // the other 350 are in OpenSSL now, the socket is empty
  BOOST_TEST((flow == Flow::more));
  char byte = 0;
  BOOST_TEST(::recv(pair.peer, &byte, 1, MSG_DONTWAIT) == -1);
  BOOST_TEST(pair.is_readable());
  BOOST_TEST(pair.read(1'000, flow) == std::string(50, 'b') + std::string(100, 'c') +
                                           std::string(100, 'd') + std::string(100, 'e'));
  BOOST_TEST((flow == Flow::wait));
}

BOOST_AUTO_TEST_CASE(bytes_that_came_with_the_handshake_are_readable) {
  Pair pair;
  pair.shake("at once");
  BOOST_TEST(pair.is_readable());
  Flow flow = Flow::more;
  BOOST_TEST(pair.read(100, flow) == "at once");
}

BOOST_AUTO_TEST_CASE(on_another_loop_it_goes_on_with_what_had_come) {
  Pair pair;
  pair.shake("at once");
  boost::asio::io_context other;
  BOOST_REQUIRE(pair.channel->move_to(other));
  std::string heard;
  const auto read = [&] {
    Flow flow = Flow::more;
    heard += pair.read(100, flow);
  };
  for (const std::string said : {"at once", ", later"}) {
    pair.channel->when_readable(read);
    const std::size_t before = heard.size();
    for (int i = 0; i < 2'000 && heard.size() == before; ++i) {
      other.restart();
      other.run_one_for(std::chrono::milliseconds(10));
    }
    if (heard == "at once") pair.carry(pair.record(", later"));
  }
  BOOST_TEST(heard == "at once, later");
  pair.io.restart();
  BOOST_TEST(pair.io.poll() == 0U);
  pair.channel->close();
  BOOST_TEST(!pair.channel->move_to(pair.io));
}

BOOST_AUTO_TEST_CASE(half_a_record_does_not_spin) {
  Pair pair;
  pair.shake();
  const std::string record = pair.record("all of it");
  pair.carry(record.substr(0, 20));
  BOOST_TEST(pair.is_readable());
  Flow flow = Flow::more;
  BOOST_TEST(pair.read(100, flow) == "");
  BOOST_TEST((flow == Flow::wait));
  int calls = 0;
  pair.channel->when_readable([&] { ++calls; });
  for (int i = 0; i < 10; ++i) {
    pair.io.restart();
    pair.io.poll();
  }
  BOOST_TEST(calls == 0);
  pair.carry(record.substr(20));
  pair.io.restart();
  pair.io.run_one_for(std::chrono::seconds(20));
  BOOST_TEST(calls == 1);
  BOOST_TEST(pair.read(100, flow) == "all of it");
}

BOOST_AUTO_TEST_CASE(half_a_hello_does_not_spin) {
  Pair pair;
  SSL_do_handshake(pair.client);
  const std::string hello = pair.taken_out();
  pair.carry(hello.substr(0, 50));
  BOOST_TEST(pair.is_readable());
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::wants_read));
  BOOST_TEST(pair.calls_of_readable(10) == 0);
}

BOOST_AUTO_TEST_CASE(a_full_socket_takes_the_rest_later) {
  Pair pair;
  pair.shake();
  const std::string much(64 * 1024, 'x');
  std::size_t sent = 0;
  Moved moved;
  do {
    moved = pair.channel->write(std::as_bytes(std::span(much)));
    sent += moved.bytes;
  } while (moved.flow == Flow::more && sent < (1U << 30));
  BOOST_REQUIRE((moved.flow == Flow::wait));
  bool writable = false;
  pair.channel->when_writable([&] { writable = true; });
  std::size_t received = 0;
  std::string bytes(64 * 1024, '\0');
  while (!writable) {
    pair.fetch();
    while (const int got = SSL_read(pair.client, bytes.data(), static_cast<int>(bytes.size()))) {
      if (got < 0) break;
      received += static_cast<std::size_t>(got);
    }
    pair.io.restart();
    pair.io.poll();
  }
  // From another address and longer: what OpenSSL began must still be what it ends.
  const std::string again(100 * 1024, 'x');
  sent += pair.channel->write(std::as_bytes(std::span(again))).bytes;
  pair.channel->finish();
  while (received < sent) {
    pair.fetch();
    int got = 0;
    while ((got = SSL_read(pair.client, bytes.data(), static_cast<int>(bytes.size()))) > 0) {
      BOOST_REQUIRE(bytes.find_first_not_of('x') >= static_cast<std::size_t>(got));
      received += static_cast<std::size_t>(got);
    }
  }
  BOOST_TEST(received == sent);
}

BOOST_AUTO_TEST_CASE(goodbye_and_loss_are_told_apart) {
  Flow flow = Flow::wait;
  Pair polite;
  polite.shake();
  SSL_shutdown(polite.client);
  polite.carry(polite.taken_out());
  BOOST_TEST(polite.is_readable());
  BOOST_TEST(polite.read(10, flow) == "");
  BOOST_TEST((flow == Flow::end));
  Pair lost;
  lost.shake();
  ::shutdown(lost.peer, SHUT_RDWR);
  BOOST_TEST(lost.is_readable());
  BOOST_TEST(lost.read(10, flow) == "");
  BOOST_TEST((flow == Flow::broken));
}

BOOST_AUTO_TEST_CASE(after_close_nobody_calls) {
  Pair pair;
  pair.shake();
  int calls = 0;
  pair.channel->when_readable([&] { ++calls; });
  pair.carry(pair.record("something"));
  pair.channel->close();
  pair.channel->when_writable([&] { ++calls; });
  pair.io.restart();
  pair.io.poll();
  BOOST_TEST(calls == 0);
}

// The number of a closed descriptor is the next one's: a late byte would reach another terminal.
BOOST_AUTO_TEST_CASE(after_close_the_descriptors_next_owner_is_left_alone) {
  Pair pair;
  pair.shake();
  const int number = pair.channel->descriptor();
  pair.channel->close();
  int next[2];
  BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, next) == 0);
  if (next[0] != number && next[1] != number) {
    BOOST_REQUIRE(::dup2(next[0], number) == number);
    ::close(next[0]);
    next[0] = number;
  } else if (next[1] == number) {
    std::swap(next[0], next[1]);
  }
  BOOST_REQUIRE(::send(next[1], "not ours", 8, 0) == 8);
  Flow flow = Flow::more;
  BOOST_TEST(pair.read(100, flow) == "");
  BOOST_TEST((flow == Flow::broken));
  const std::string text = "late";
  BOOST_TEST((pair.channel->write(std::as_bytes(std::span(text))).flow == Flow::broken));
  pair.channel->finish();
  BOOST_TEST((pair.channel->step() == TlsChannel::Handshake::failed));
  bool gone = false;
  pair.channel->part([&gone] { gone = true; });
  BOOST_TEST(gone);
  char byte = 0;
  BOOST_TEST(::recv(next[1], &byte, 1, MSG_DONTWAIT) == -1);  // nothing was written
  BOOST_TEST(::recv(next[0], &byte, 1, MSG_DONTWAIT) == 1);   // nothing was read
  ::close(next[0]);
  ::close(next[1]);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
