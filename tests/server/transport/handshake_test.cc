// One caller at the door, on a loop that the test turns.
#include "ledger/server/transport/handshake.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

using boost::asio::ip::tcp;

struct AtTheDoor {
  AtTheDoor() : acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}

  std::uint16_t port() const { return acceptor.local_endpoint().port(); }
  void begin() {
    tcp::socket socket = acceptor.accept();
    socket.non_blocking(true);
    handshake = std::make_shared<Handshake>(context, limits, std::move(socket), began);
    handshake->start({
        .ready_to_step = [this] { boost::asio::post(io, [this] { handshake->step(); }); },
        .over = [this] { told += "over "; },
        .shaken =
            [this](Handshake::Shaken made) {
              told += "shaken ";
              shaken = std::move(made);
            },
        .ended =
            [this](Ending ending) {
              told += "ended ";
              ended = ending;
            },
    });
  }
  void turn_until(const std::function<bool()>& is_so) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_so() && std::chrono::steady_clock::now() < patience) {
      io.restart();
      io.run_for(std::chrono::milliseconds(1));
    }
  }

  Papers papers;
  TlsContext context{papers.server()};
  ListenerLimits limits;
  boost::asio::io_context io;
  tcp::acceptor acceptor;
  const Handshake::Time began = std::chrono::steady_clock::now();
  std::shared_ptr<Handshake> handshake;
  std::string told;
  std::optional<Handshake::Shaken> shaken;
  std::optional<Ending> ended;
};

BOOST_AUTO_TEST_SUITE(handshakes)

BOOST_AUTO_TEST_CASE(it_ends_with_a_channel_and_who_is_there) {
  AtTheDoor door;
  const auto files = door.papers.terminal("gate-1");
  std::thread caller([&] { BOOST_TEST(RawPeer(door.port(), files).shaken()); });
  door.begin();
  BOOST_TEST(door.handshake->may_be_silent());
  door.turn_until([&] { return door.shaken.has_value(); });
  caller.join();
  BOOST_TEST(door.told == "over shaken ");
  BOOST_REQUIRE(door.shaken);
  BOOST_TEST(door.shaken->identity.subject == "gate-1");
  BOOST_TEST(door.shaken->generation == door.context.generation());
  BOOST_TEST(!door.handshake->may_be_silent());
  // It is another's now: nothing ends it here.
  door.handshake->look(door.began + std::chrono::hours(1));
  door.handshake->close(Ending::by_server);
  BOOST_TEST(door.told == "over shaken ");
}

BOOST_AUTO_TEST_CASE(who_says_nothing_has_its_time_and_no_more) {
  AtTheDoor door;
  const int caller = connect_plain(door.port());
  door.begin();
  door.turn_until([&] { return door.handshake->is_silent(); });
  door.handshake->look(door.began + door.limits.handshake_ms_max);
  BOOST_TEST(door.told.empty());
  door.handshake->look(door.began + door.limits.handshake_ms_max + std::chrono::milliseconds(1));
  BOOST_TEST(door.told == "over ended ");
  BOOST_TEST((door.ended == Ending::handshake_late));
  ::close(caller);
}

// A wake-up may be the echo of bytes that were there before.
BOOST_AUTO_TEST_CASE(half_a_hello_is_silence_however_often_it_is_looked_at) {
  AtTheDoor door;
  const int caller = connect_plain(door.port());
  const std::string half("\x16\x03\x01\x02\x00\x01", 6);
  BOOST_REQUIRE(::send(caller, half.data(), half.size(), MSG_NOSIGNAL) == 6);
  door.begin();
  for (int times = 0; times < 5; ++times) {
    door.handshake->step();
    BOOST_TEST(door.handshake->is_silent());
    BOOST_TEST(!door.handshake->is_awaited());
  }
  ::shutdown(caller, SHUT_WR);  // but now it will never say the rest
  door.turn_until([&] { return door.ended.has_value(); });
  BOOST_TEST(door.told == "over ended ");
  BOOST_TEST((door.ended == Ending::handshake_failed));
  ::close(caller);
}

BOOST_AUTO_TEST_CASE(who_is_refused_can_read_why_before_the_connection_ends) {
  AtTheDoor door;
  const int caller = connect_plain(door.port());
  const std::string nonsense(1'000, 'x');
  BOOST_REQUIRE(::send(caller, nonsense.data(), nonsense.size(), MSG_NOSIGNAL) == 1'000);
  door.begin();
  door.turn_until([&] { return !door.told.empty(); });
  BOOST_TEST(door.told == "over ");  // and what more it says is read
  ::close(caller);
  door.turn_until([&] { return door.ended.has_value(); });
  BOOST_TEST(door.told == "over ended ");
  BOOST_TEST((door.ended == Ending::handshake_failed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
