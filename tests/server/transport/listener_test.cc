// The door as a whole: who is let in, how they are spread, what a storm does to those inside, and
// how they are put out.
#include "ledger/server/transport/listener.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

using namespace std::chrono_literals;

std::string who(Connection& connection) {
  auto echo = connection.bootstrap().castAs<Echo>();
  return echo.whoRequest().send().wait(connection.wait_scope()).getSubject().cStr();
}

bool is_served(RawPeer& peer) {
  return peer.shaken() && peer.send(bootstrap_message(0)) != 0 && !peer.receive().empty();
}

// Descriptors of this process that would survive an exec, of the kinds that the transport makes.
std::vector<std::string> left_open_over_exec() {
  std::vector<std::string> left;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    const int number = std::atoi(entry->d_name);
    const std::string link = std::string("/proc/self/fd/") + entry->d_name;
    std::array<char, 256> target{};
    if (::readlink(link.c_str(), target.data(), target.size() - 1) < 0) continue;
    const std::string kind = target.data();
    const bool ours = kind.starts_with("socket:") || kind.starts_with("anon_inode:");
    if (ours && number > 2 && (::fcntl(number, F_GETFD) & FD_CLOEXEC) == 0) left.push_back(kind);
  }
  ::closedir(folder);
  return left;
}

BOOST_AUTO_TEST_SUITE(listeners)

BOOST_AUTO_TEST_CASE(a_terminal_is_known_by_its_certificate) {
  Papers papers;
  House house(papers);
  const auto loop = std::make_shared<ClientLoop>();
  Connection first(loop, "127.0.0.1", house.port(), papers.terminal("gate-1"), "localhost");
  Connection second(loop, "127.0.0.1", house.port(), papers.terminal("till-1"), "localhost");
  BOOST_TEST(who(first) == "gate-1");
  BOOST_TEST(who(second) == "till-1");
  BOOST_TEST(house.deeds().entrances ==
             2);  // one bootstrap object a connection, never a shared one
}

BOOST_AUTO_TEST_CASE(a_goodbye_is_no_incident) {
  Papers papers;
  House house(papers);
  {
    RawPeer polite(house.port(), papers.terminal("gate-1"));
    BOOST_TEST(is_served(polite));
    polite.half_close();
    BOOST_TEST(polite.wait_for_end());
    RawPeer lost(house.port(), papers.terminal("gate-1"));
    BOOST_TEST(is_served(lost));
  }
  BOOST_TEST(eventually([&] { return house.ended(Ending::by_peer) == 2; }));
  const std::lock_guard lock(house.deeds().mutex);
  BOOST_TEST(house.deeds().incidents.empty());
}

BOOST_AUTO_TEST_CASE(connections_are_spread_over_the_reactors_in_turn) {
  Papers papers;
  House house(papers, {}, 3);
  const auto files = papers.terminal("gate-1");
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 6; ++i) {
    BOOST_TEST(is_served(*peers.emplace_back(std::make_unique<RawPeer>(house.port(), files))));
  }
  std::map<std::thread::id, int> per_thread;
  const std::lock_guard lock(house.deeds().mutex);
  for (const auto& thread : house.deeds().threads) ++per_thread[thread];
  BOOST_TEST(per_thread.size() == 3U);
  for (const auto& [thread, count] : per_thread) BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_named) {
  Papers papers;
  House house(papers);
  Reactor reactor;
  const boost::asio::ip::tcp::endpoint taken(boost::asio::ip::address_v4::loopback(), house.port());
  const auto tls = std::make_shared<TlsContext>(papers.server());
  try {
    Listener second({&reactor}, taken, tls, {},
                    [](const auto&, auto) -> capnp::Capability::Client { std::abort(); });
    BOOST_FAIL("two listen on one port");
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    BOOST_TEST(message.find(std::to_string(house.port())) != std::string::npos, message);
    BOOST_TEST(message.find("choose another") != std::string::npos, message);
  }
}

// --- limits
// ----------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(over_the_limit_of_connections_the_door_is_shut) {
  Papers papers;
  House house(papers, {.connections_max = 2});
  const auto files = papers.terminal("gate-1");
  auto first = std::make_unique<RawPeer>(house.port(), files);
  RawPeer second(house.port(), files);
  BOOST_TEST(is_served(*first));
  BOOST_TEST(is_served(second));
  const int third = connect_plain(house.port());
  BOOST_TEST(is_closed(third));
  ::close(third);
  BOOST_TEST(house.ended(Ending::full) == 1U);
  first.reset();
  BOOST_TEST(eventually([&] { return house.listener().counters().open == 1; }));
  RawPeer fourth(house.port(), files);
  BOOST_TEST(is_served(fourth));
}

BOOST_AUTO_TEST_CASE(handshakes_in_progress_are_limited_and_the_rest_wait_their_turn) {
  Papers papers;
  House house(papers, {.handshakes_max = 3, .handshake_ms_max = 500ms});
  RawPeer inside(house.port(), papers.terminal("gate-1"));
  BOOST_TEST(is_served(inside));
  std::vector<int> idle;
  for (int i = 0; i < 8; ++i) idle.push_back(connect_plain(house.port()));
  BOOST_TEST(eventually([&] { return house.listener().counters().paused > 0; }));
  std::uint64_t most = 0;
  RawPeer waited(
      house.port(), papers.terminal("gate-2"), {.before_handshake = [&] {
        for (int i = 0; i < 20; ++i) most = std::max(most, house.listener().counters().handshakes);
        BOOST_TEST(inside.send(echo_message(1, 0, 8)) != 0U);  // who is inside is served meanwhile
        BOOST_TEST(!inside.receive().empty());
      }});
  BOOST_TEST(most > 0U);
  BOOST_TEST(most <= 3U);
  BOOST_TEST(is_served(waited));  // after the idle ones ahead of it were put out
  for (const int socket : idle) {
    BOOST_TEST(is_closed(socket));
    ::close(socket);
  }
  BOOST_TEST(eventually(
      [&] { return house.ended(Ending::handshake_late) + house.ended(Ending::displaced) == 8; }));
  BOOST_TEST(eventually([&] { return house.listener().counters().handshakes == 0; }));
}

BOOST_AUTO_TEST_CASE(who_says_nothing_makes_room_and_keeps_nobody_out) {
  Papers papers;
  House house(papers, {.handshakes_max = 8, .handshake_ms_max = 600s});
  std::vector<int> silent;
  for (int i = 0; i < 60; ++i) silent.push_back(connect_plain(house.port()));
  for (int i = 0; i < 3; ++i) {
    RawPeer peer(house.port(), papers.terminal("gate-1"));
    BOOST_TEST(is_served(peer));
  }
  BOOST_TEST(house.ended(Ending::displaced) >= 52U);
  BOOST_TEST(house.ended(Ending::handshake_late) == 0U);
  for (const int socket : silent) ::close(socket);
}

BOOST_AUTO_TEST_CASE(who_begins_and_then_says_nothing_keeps_nobody_out_either) {
  Papers papers;
  House house(papers, {.handshakes_max = 8, .handshake_ms_max = 600s});
  // A whole record, but only the first word of a hello that it says is 508 bytes long.
  const std::string begun("\x16\x03\x01\x00\x04\x01\x00\x01\xFC", 9);
  std::vector<int> dawdling;
  for (int i = 0; i < 8; ++i) {
    dawdling.push_back(connect_plain(house.port()));
    BOOST_REQUIRE(::send(dawdling.back(), begun.data(), begun.size(), MSG_NOSIGNAL) == 9);
  }
  BOOST_TEST(eventually([&] { return house.listener().counters().handshakes == 8; }));
  for (int i = 0; i < 3; ++i) {
    RawPeer peer(house.port(), papers.terminal("gate-1"));
    BOOST_TEST(is_served(peer));
  }
  BOOST_TEST(house.ended(Ending::displaced) >= 1U);
  BOOST_TEST(house.ended(Ending::handshake_late) == 0U);
  for (const int socket : dawdling) ::close(socket);
}

BOOST_AUTO_TEST_CASE(a_storm_of_reconnects_does_not_starve_who_is_inside) {
  Papers papers;
  House house(papers, {.handshakes_max = 64});
  Connection inside("127.0.0.1", house.port(), papers.terminal("till-1"), "localhost");
  auto echo = inside.bootstrap().castAs<Echo>();
  auto till = echo.loginRequest().send().getTill();
  const auto files = papers.terminal("gate-1");
  constexpr int storming = 8;
  constexpr int rounds = 25;
  std::atomic<int> served{0};
  std::atomic<int> finished{0};
  std::vector<std::thread> storm;
  for (int i = 0; i < storming; ++i) {
    storm.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        RawPeer peer(house.port(), files);
        if (is_served(peer)) ++served;
      }
      ++finished;
    });
  }
  int paid = 0;
  for (; finished < storming; ++paid) {
    auto pay = till.payRequest();
    pay.setAmount(1);
    pay.send().wait(inside.wait_scope());
  }
  for (auto& thread : storm) thread.join();
  BOOST_TEST(served == storming * rounds);
  BOOST_TEST_MESSAGE(paid << " payments during " << served << " reconnects");
  BOOST_TEST(paid > storming);  // fewer would mean that whole rounds of handshakes went first
}

// Whoever works for those inside goes before the thread at the door, on any number of processors.
BOOST_AUTO_TEST_CASE(the_door_gives_way_to_all_others) {
  Papers papers;
  House house(papers);
  Connection inside("127.0.0.1", house.port(), papers.terminal("till-1"), "localhost");
  BOOST_TEST(who(inside) == "till-1");
  int doors = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::ifstream comm(task.path() / "comm");
    std::getline(comm, name);
    if (name != "door") continue;
    ++doors;
    const auto id = static_cast<id_t>(std::stoul(task.path().filename()));
    BOOST_TEST(::getpriority(PRIO_PROCESS, id) > ::getpriority(PRIO_PROCESS, 0));
  }
  BOOST_TEST(doors == 1);
}

// --- putting out
// -----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_revoked_terminal_is_cut_live_and_nobody_else) {
  Papers papers;
  House house(papers, {}, 2);
  std::vector<std::unique_ptr<RawPeer>> revoked, others;
  for (int i = 0; i < 4; ++i) {
    revoked.push_back(std::make_unique<RawPeer>(house.port(), papers.terminal("gate-1")));
    others.push_back(std::make_unique<RawPeer>(house.port(), papers.terminal("gate-2")));
    BOOST_TEST(is_served(*revoked.back()));
    BOOST_TEST(is_served(*others.back()));
  }
  const Digest certificate = certificate_digest(papers.file("gate-1.crt"));
  house.listener().cut(
      [certificate](const PeerIdentity& peer) { return peer.certificate == certificate; });
  for (const auto& peer : revoked) BOOST_TEST(peer->wait_for_end());
  for (const auto& peer : others) {
    BOOST_TEST(peer->send(echo_message(1, 0, 8)) != 0U);
    BOOST_TEST(!peer->receive().empty());
  }
  BOOST_TEST(eventually([&] { return house.ended(Ending::cut) == 4; }));  // told after the close
  BOOST_TEST(eventually([&] { return house.deeds().entrances_gone == 4; }));
}

BOOST_AUTO_TEST_CASE(closing_ends_everything_and_takes_nobody) {
  Papers papers;
  House house(papers, {}, 2);
  RawPeer first(house.port(), papers.terminal("gate-1"));
  RawPeer second(house.port(), papers.terminal("gate-2"));
  BOOST_TEST(is_served(first));
  BOOST_TEST(is_served(second));
  house.listener().close();
  BOOST_TEST(first.wait_for_end());
  BOOST_TEST(second.wait_for_end());
  BOOST_TEST(eventually([&] { return house.deeds().entrances_gone == 2; }));
  BOOST_TEST(eventually([&] { return house.ended(Ending::by_server) == 2; }));
}

BOOST_AUTO_TEST_CASE(reactors_that_stop_let_go_of_every_capability) {
  Papers papers;
  std::vector<std::unique_ptr<RawPeer>> peers;
  std::atomic<int>* gone = nullptr;
  auto house = std::make_unique<House>(papers, ListenerLimits{}, 2);
  for (int i = 0; i < 6; ++i) {
    peers.push_back(std::make_unique<RawPeer>(house->port(), papers.terminal("gate-1")));
    BOOST_TEST(is_served(*peers.back()));
  }
  const int idle = connect_plain(house->port());
  BOOST_TEST(eventually([&] { return house->listener().counters().handshakes == 1; }));
  gone = &house->deeds().entrances_gone;
  house->stop();
  BOOST_TEST(*gone == 6);
  BOOST_TEST(eventually([&] { return house->listener().counters().open == 0; }));  // at the door
  house.reset();
  ::close(idle);
}

// --- trap 8: signals and descriptors
// ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(nobody_dies_of_a_broken_pipe) {
  std::signal(SIGPIPE, SIG_DFL);
  Papers papers;
  House house(papers);
  struct sigaction action{};
  ::sigaction(SIGPIPE, nullptr, &action);
  BOOST_TEST((action.sa_handler == SIG_IGN));
  house.deeds().answers_wait = true;
  for (int i = 0; i < 5; ++i) {
    RawPeer peer(house.port(), papers.terminal("till-1"));
    Bytes ask = bootstrap_message(0);
    append(ask, login_message(1, 0));
    append(ask, pay_message(2, 1, 1));
    peer.send(ask);
    BOOST_TEST(eventually([&] { return house.deeds().begun == i + 1; }));
    peer.reset();
  }
  house.let_go();
  BOOST_TEST(eventually([&] { return house.deeds().done == 5; }));
  RawPeer still(house.port(), papers.terminal("till-1"));
  BOOST_TEST(is_served(still));
}

BOOST_AUTO_TEST_CASE(no_descriptor_survives_an_exec) {
  const int control = ::socket(AF_INET, SOCK_STREAM, 0);
  BOOST_TEST(left_open_over_exec().size() == 1U);  // the check can see one
  ::close(control);
  Papers papers;
  House house(papers, {}, 2);
  RawPeer first(house.port(), papers.terminal("gate-1"));
  RawPeer second(house.port(), papers.terminal("gate-1"));
  BOOST_TEST(is_served(first));
  BOOST_TEST(is_served(second));
  BOOST_TEST(left_open_over_exec() == std::vector<std::string>{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
