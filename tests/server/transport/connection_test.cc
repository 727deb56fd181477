// One connection against a peer that means harm, is slow, or is lost: the traps of the transport,
// each over real TLS.
#include "ledger/server/transport/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

using namespace std::chrono_literals;
using Time = Patience::Time;

void put(Bytes& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8)
    to.push_back(static_cast<std::byte>(number >> shift & 0xff));
}

// Asked until the answer to the last question came: everything before it has been taken.
void log_in(RawPeer& peer) {
  Bytes hello = bootstrap_message(0);
  append(hello, login_message(1, 0));
  BOOST_REQUIRE(peer.send(hello) == hello.size());
  BOOST_REQUIRE(!peer.receive().empty());
}

// The client's own library puts its words before what came over the wire.
std::string text(const kj::Exception& exception) {
  const std::string all = exception.getDescription().cStr();
  const std::string before = "remote exception: ";
  return all.starts_with(before) ? all.substr(before.size()) : all;
}

bool is_incident(const kj::Exception& exception) { return is_bare(text(exception).c_str()); }

template <class Promise>
kj::Exception failure(Connection& connection, Promise&& promise) {
  auto thrown = kj::runCatchingExceptions([&] { promise.wait(connection.wait_scope()); });
  KJ_IF_MAYBE (exception, thrown) return kj::mv(*exception);
  BOOST_FAIL("nothing was thrown");
  std::abort();
}

Progress progress(std::uint64_t partial, std::uint64_t queued, std::uint64_t sent) {
  return {.partial_message = partial, .queued_bytes = queued, .sent_bytes = sent};
}

BOOST_AUTO_TEST_SUITE(connections)

// --- deadlines, with a clock made of numbers -----------------------------------------------------

BOOST_AUTO_TEST_CASE(a_message_has_its_time_from_first_byte_to_last) {
  const ListenerLimits limits;
  const Time start{};
  Patience patience;
  BOOST_TEST(!patience.look(progress(1, 0, 0), limits, start));
  BOOST_TEST(!patience.look(progress(1, 0, 0), limits, start + 2s));
  BOOST_TEST((patience.look(progress(1, 0, 0), limits, start + 2001ms) == Ending::message_late));
  // Another message, or none: the time begins anew.
  BOOST_TEST(!patience.look(progress(2, 0, 0), limits, start + 3s));
  BOOST_TEST(!patience.look(progress(0, 0, 0), limits, start + 6s));
  BOOST_TEST(!patience.look(progress(3, 0, 0), limits, start + 9s));
  BOOST_TEST(!patience.look(progress(3, 0, 0), limits, start + 11s));
}

BOOST_AUTO_TEST_CASE(what_waited_must_be_gone_in_time_however_much_follows) {
  const ListenerLimits limits;
  const Time start{};
  Patience patience;
  BOOST_TEST(!patience.look(progress(0, 100, 0), limits, start));
  BOOST_TEST(!patience.look(progress(0, 900, 99), limits, start + 10s));
  BOOST_TEST((patience.look(progress(0, 900, 99), limits, start + 10001ms) == Ending::write_late));
  BOOST_TEST(
      !patience.look(progress(0, 900, 100), limits, start + 10001ms));  // in time: now 900 is due
  BOOST_TEST(!patience.look(progress(0, 900, 899), limits, start + 20s));
  BOOST_TEST((patience.look(progress(0, 900, 899), limits, start + 21s) == Ending::write_late));
  BOOST_TEST(!patience.look(progress(0, 900, 900), limits, start + 21s));
  BOOST_TEST(!patience.look(progress(0, 901, 900), limits, start + 90s));
}

// --- slow peers
// ------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_handshake_has_its_time_even_a_byte_at_a_time) {
  Papers papers;
  House house(papers, {.handshake_ms_max = 300ms});
  const int silent = connect_plain(house.port());
  BOOST_TEST(is_closed(silent));
  ::close(silent);
  const int slow = connect_plain(house.port());
  // A hello of 512 bytes is announced and comes slowly.
  const unsigned char hello[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03};
  for (std::size_t i = 0;; ++i) {
    const unsigned char byte = i < sizeof hello ? hello[i] : 0;
    if (::send(slow, &byte, 1, MSG_NOSIGNAL) != 1) break;
    std::this_thread::sleep_for(20ms);
    BOOST_REQUIRE(i < 512U);
  }
  ::close(slow);
  BOOST_TEST(eventually([&] { return house.ended(Ending::handshake_late) == 2; }));
  BOOST_TEST(house.listener().counters().open == 0U);
}

BOOST_AUTO_TEST_CASE(who_does_not_log_in_is_put_out_and_who_did_stays) {
  Papers papers;
  House house(papers, {.login_ms_max = 300ms});
  RawPeer idle(house.port(), papers.terminal("gate-1"));
  RawPeer logged_in(house.port(), papers.terminal("gate-2"));
  log_in(logged_in);
  BOOST_TEST(idle.wait_for_end());
  BOOST_TEST(eventually([&] { return house.ended(Ending::login_late) == 1; }));
  std::this_thread::sleep_for(400ms);
  BOOST_TEST(logged_in.send(echo_message(2, 0, 8)) != 0U);
  BOOST_TEST(!logged_in.receive().empty());
}

BOOST_AUTO_TEST_CASE(half_a_message_is_not_waited_for) {
  Papers papers;
  House house(papers, {.message_ms_max = 300ms});
  RawPeer peer(house.port(), papers.terminal("gate-1"));
  log_in(peer);
  const Bytes message = echo_message(2, 0, 1'000);
  peer.send(std::span(message).first(message.size() - 1));
  BOOST_TEST(peer.wait_for_end());
  BOOST_TEST(eventually([&] { return house.ended(Ending::message_late) == 1; }));
}

// --- trap 1: who never reads
// -----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(who_does_not_read_is_not_read_from_and_then_put_out) {
  Papers papers;
  House house(papers, {.write_ms_max = 1'000ms});
  RawPeer peer(house.port(), papers.terminal("gate-1"));
  log_in(peer);
  constexpr std::size_t much = 96 << 20;
  std::size_t sent = 0;
  for (std::uint32_t question = 2; sent < much; ++question) {
    Bytes ask = echo_message(question, 0, 32 * 1024);
    append(ask, finish_message(question));
    const std::size_t went = peer.send(ask);
    sent += went;
    if (went < ask.size()) break;
  }
  // What went is in the kernel's buffers, ours is bounded: the server stopped taking it.
  BOOST_TEST(sent < much);
  BOOST_TEST(eventually([&] { return house.ended(Ending::write_late) == 1; }));
  BOOST_TEST(house.listener().counters().open == 0U);
}

BOOST_AUTO_TEST_CASE(who_reads_late_loses_nothing) {
  Papers papers;
  House house(papers);
  RawPeer peer(house.port(), papers.terminal("gate-1"));
  log_in(peer);
  constexpr int rounds = 400;
  constexpr std::size_t payload = 16 * 1024;
  std::thread sender([&] {
    for (std::uint32_t question = 2; question < 2 + rounds; ++question) {
      Bytes ask = echo_message(question, 0, payload);
      append(ask, finish_message(question));
      if (peer.send(ask) != ask.size()) return;
    }
  });
  sender.join();
  std::size_t received = 0;
  while (received < rounds * payload) {
    const auto bytes = peer.receive();
    if (bytes.empty()) break;
    received += bytes.size();
  }
  BOOST_TEST(received >= rounds * payload);
}

// --- trap 2: questions
// -----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(unfinished_questions_are_cut_at_the_limit) {
  Papers papers;
  House house(papers, {.questions_max = 100});
  RawPeer good(house.port(), papers.terminal("gate-1"));
  log_in(good);
  for (std::uint32_t question = 2; question < 1'000; ++question) {
    BOOST_REQUIRE(good.send(bootstrap_message(question)) != 0U);
    BOOST_REQUIRE(!good.receive().empty());
    BOOST_REQUIRE(good.send(finish_message(question)) != 0U);
  }
  RawPeer bad(house.port(), papers.terminal("gate-2"));
  Bytes ask;
  for (std::uint32_t question = 0; question < 101; ++question)
    append(ask, bootstrap_message(question));
  bad.send(ask);
  BOOST_TEST(bad.wait_for_end());
  BOOST_TEST(eventually([&] { return house.ended(Ending::questions) == 1; }));
  BOOST_TEST(house.listener().counters().open == 1U);
}

BOOST_AUTO_TEST_CASE(finishing_early_does_not_hide_work_from_the_count) {
  Papers papers;
  House house(papers, {.questions_max = 50});
  RawPeer peer(house.port(), papers.terminal("till-1"));
  log_in(peer);
  house.deeds().answers_wait = true;
  Bytes ask;
  for (std::uint32_t question = 2; question < 100; ++question) {
    append(ask, pay_message(question, 1, 1));
    append(ask, finish_message(question));
    append(ask, finish_message(question));
  }
  peer.send(ask);
  BOOST_TEST(peer.wait_for_end());
  BOOST_TEST(eventually([&] { return house.ended(Ending::questions) == 1; }));
  BOOST_TEST(house.deeds().begun <= 50);
}

// --- trap 3: hostile tables
// ------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(hostile_segment_tables_end_the_connection) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  const std::vector<std::vector<std::uint32_t>> tables{
      {0xffffffff, 5}, {0xffffffff, 0xffffffff},    {512, 1},
      {0, 0x7fffffff}, {1, 0x10000, 0xffffffff, 0}, {0, 64 * 1024 / 8}};
  std::uint64_t refused = 0;
  for (const auto& table : tables) {
    RawPeer peer(house.port(), files);
    Bytes bytes;
    for (const auto number : table) put(bytes, number);
    peer.send(bytes);
    BOOST_TEST(peer.wait_for_end());
    ++refused;
    BOOST_TEST(eventually([&] { return house.ended(Ending::framing) == refused; }));
  }
  // Well framed, but not a message.
  for (const auto& words :
       std::vector<std::vector<std::uint32_t>>{{0, 0}, {0, 1, 0xffffffff, 0xffffffff}}) {
    RawPeer peer(house.port(), files);
    Bytes bytes;
    for (const auto number : words) put(bytes, number);
    peer.send(bytes);
    BOOST_TEST(peer.wait_for_end());
  }
  RawPeer still(house.port(), files);
  log_in(still);
}

BOOST_AUTO_TEST_CASE(a_message_may_be_larger_after_login) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  RawPeer early(house.port(), files);
  early.send(bootstrap_message(0));
  BOOST_REQUIRE(!early.receive().empty());
  early.send(echo_message(1, 0, 70'000));
  BOOST_TEST(early.wait_for_end());

  Connection connection("127.0.0.1", house.port(), files, "localhost");
  auto echo = connection.bootstrap().castAs<Echo>();
  echo.loginRequest().send().wait(connection.wait_scope());
  const auto say = [&](std::size_t bytes) {
    auto request = echo.echoRequest();
    request.initPayload(static_cast<unsigned>(bytes));
    return request.send();
  };
  BOOST_TEST(say(70'000).wait(connection.wait_scope()).getPayload().size() == 70'000U);
  BOOST_TEST(say(1'900'000).wait(connection.wait_scope()).getPayload().size() == 1'900'000U);
  failure(connection, say(2 << 20));
  BOOST_TEST(eventually([&] { return house.ended(Ending::framing) == 2; }));
}

BOOST_AUTO_TEST_CASE(deep_nesting_fails_the_call_and_nothing_else) {
  Papers papers;
  House house(papers);
  Connection connection("127.0.0.1", house.port(), papers.terminal("gate-1"), "localhost");
  auto echo = connection.bootstrap().castAs<Echo>();
  const auto nested = [&](int depth) {
    auto request = echo.nestRequest();
    auto at = request.initValue();
    for (int i = 0; i < depth; ++i) at = at.initInner();
    return request.send();
  };
  BOOST_TEST(nested(8).wait(connection.wait_scope()).getDepth() == 8U);
  BOOST_TEST(is_incident(failure(connection, nested(17))));
  BOOST_TEST(is_incident(failure(connection, nested(200))));
  BOOST_TEST(nested(8).wait(connection.wait_scope()).getDepth() == 8U);
}

// --- trap 4: what we send has limits too
// -----------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_is_an_incident_not_an_end) {
  Papers papers;
  House house(papers);
  Connection connection("127.0.0.1", house.port(), papers.terminal("gate-1"), "localhost");
  auto echo = connection.bootstrap().castAs<Echo>();
  const auto grow = [&](std::uint32_t bytes) {
    auto request = echo.growRequest();
    request.setBytes(bytes);
    return request.send();
  };
  BOOST_TEST(grow(2'000'000).wait(connection.wait_scope()).getPayload().size() == 2'000'000U);
  BOOST_TEST(is_incident(failure(connection, grow(3 << 20))));
  BOOST_TEST(grow(8).wait(connection.wait_scope()).getPayload().size() == 8U);
}

// --- trap 5: texts
// ---------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(exceptions_reach_clients_without_their_text) {
  Papers papers;
  House house(papers);
  Connection connection("127.0.0.1", house.port(), papers.terminal("gate-1"), "localhost");
  auto echo = connection.bootstrap().castAs<Echo>();
  using Type = kj::Exception::Type;
  const std::vector<std::pair<Echo::Kind, Type>> kinds{{Echo::Kind::STANDARD, Type::FAILED},
                                                       {Echo::Kind::RPC, Type::FAILED},
                                                       {Echo::Kind::OVERLOADED, Type::OVERLOADED},
                                                       {Echo::Kind::GUARDED, Type::FAILED}};
  for (const auto& [kind, type] : kinds) {
    auto request = echo.failRequest();
    request.setKind(kind);
    const auto exception = failure(connection, request.send());
    const std::string said = text(exception);
    BOOST_TEST((exception.getType() == type));
    const std::lock_guard lock(house.deeds().mutex);
    BOOST_REQUIRE(!house.deeds().incidents.empty());
    const auto& [id, cause] = house.deeds().incidents.back();
    BOOST_TEST(said == "incident " + id);
    BOOST_TEST(cause.find("secret") != std::string::npos, cause);
  }
  BOOST_TEST(house.deeds().incidents.size() == kinds.size());
  const auto unknown = failure(connection, echo.castAs<EchoTill>().totalRequest().send());
  BOOST_TEST((unknown.getType() == Type::UNIMPLEMENTED));
}

// --- traps 6 and 7: lost connections
// ---------------------------------------------------------------

enum class Loss { half_close, close, reset, cut };

void a_lost_connection_loses_only_the_answer(Loss loss) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("till-1");
  house.deeds().answers_wait = true;
  {
    RawPeer peer(house.port(), files);
    log_in(peer);
    Bytes ask;
    for (std::uint32_t question = 2; question < 12; ++question)
      append(ask, pay_message(question, 1, 100));
    for (std::uint32_t question = 2; question < 7; ++question)
      append(ask, finish_message(question));
    peer.send(ask);
    if (loss == Loss::half_close) peer.half_close();
    if (loss == Loss::half_close || loss == Loss::cut) {
      BOOST_TEST(eventually([&] { return house.deeds().begun == 10; }));
    }
    if (loss == Loss::reset) {
      BOOST_TEST(eventually([&] { return house.deeds().begun == 10; }));
      peer.reset();
    }
    if (loss == Loss::cut) {
      house.listener().cut([](const auto&) { return true; });
      BOOST_TEST(peer.wait_for_end());
    }
  }
  BOOST_TEST(eventually([&] { return house.listener().counters().open == 0; }));
  BOOST_TEST(eventually([&] { return house.deeds().begun == 10; }));
  BOOST_TEST(house.deeds().done == 0);
  house.let_go();
  BOOST_TEST(eventually([&] { return house.deeds().done == 10; }));
  // On any later connection the outcome can be asked for.
  Connection again("127.0.0.1", house.port(), files, "localhost");
  auto till = again.bootstrap().castAs<Echo>().loginRequest().send().getTill();
  BOOST_TEST(till.totalRequest().send().wait(again.wait_scope()).getTotal() == 1'000);
}

BOOST_AUTO_TEST_CASE(after_a_half_close_the_work_is_done) {
  a_lost_connection_loses_only_the_answer(Loss::half_close);
}
BOOST_AUTO_TEST_CASE(after_a_close_the_work_is_done) {
  a_lost_connection_loses_only_the_answer(Loss::close);
}
BOOST_AUTO_TEST_CASE(after_a_reset_the_work_is_done) {
  a_lost_connection_loses_only_the_answer(Loss::reset);
}
BOOST_AUTO_TEST_CASE(after_a_cut_the_work_is_done) {
  a_lost_connection_loses_only_the_answer(Loss::cut);
}

BOOST_AUTO_TEST_CASE(who_the_bootstrap_refuses_learns_nothing) {
  Papers papers;
  House house(papers);
  RawPeer peer(house.port(), papers.terminal("nobody"));
  BOOST_TEST(peer.wait_for_end());
  BOOST_TEST(eventually([&] { return house.ended(Ending::identity_refused) == 1; }));
  const std::lock_guard lock(house.deeds().mutex);
  BOOST_REQUIRE(house.deeds().incidents.size() == 1U);
  BOOST_TEST(house.deeds().incidents[0].second.find("no such terminal") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
