// Connecting against a real listener, and what a person is told when it does not succeed.
#include "ledger/client/terminal_client.h"

#include <kj/debug.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

using Cause = ConnectionError::Cause;

struct Told {
  Cause cause;
  std::string message;
};

Told connect(std::uint16_t port, const ClientTls& files, const std::string& name = "localhost") {
  try {
    Connection connection("127.0.0.1", port, files, name);
  } catch (const ConnectionError& error) {
    return {error.cause(), error.what()};
  }
  BOOST_FAIL("it connected");
  std::abort();
}

void says(const Told& told, Cause cause, const std::vector<std::string>& parts) {
  BOOST_TEST((told.cause == cause), told.message);
  for (const auto& part : parts)
    BOOST_TEST(told.message.find(part) != std::string::npos, told.message);
}

BOOST_AUTO_TEST_SUITE(terminal_clients)

BOOST_AUTO_TEST_CASE(calls_are_answered_and_pipelined) {
  Papers papers;
  House house(papers);
  Connection connection("127.0.0.1", house.port(), papers.terminal("till-1"), "localhost");
  auto till = connection.bootstrap().castAs<Echo>().loginRequest().send().getTill();
  auto pay = till.payRequest();
  pay.setAmount(1620);
  BOOST_TEST(pay.send().wait(connection.wait_scope()).getTotal() == 1620);
  BOOST_TEST(!connection.is_lost());
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_noticed_and_made_again_on_the_same_loop) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("till-1");
  auto connection = std::make_unique<Connection>("127.0.0.1", house.port(), files, "localhost");
  house.listener().cut([](const auto&) { return true; });
  connection->when_lost().wait(connection->wait_scope());
  BOOST_TEST(connection->is_lost());
  const auto failed = kj::runCatchingExceptions([&] {
    connection->bootstrap().castAs<Echo>().whoRequest().send().wait(connection->wait_scope());
  });
  BOOST_TEST((KJ_ASSERT_NONNULL(failed).getType() == kj::Exception::Type::DISCONNECTED));
  connection = std::make_unique<Connection>(connection->loop(), "127.0.0.1", house.port(), files,
                                            "localhost");
  BOOST_TEST(!connection->is_lost());
}

BOOST_AUTO_TEST_CASE(who_cannot_be_reached_is_named) {
  Papers papers;
  std::uint16_t free_port = 0;
  {
    House house(papers);
    free_port = house.port();
  }
  says(connect(free_port, papers.terminal("gate-1")), Cause::unreachable,
       {"127.0.0.1 port " + std::to_string(free_port), "check that the server runs"});
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_accepted_is_named_with_the_servers_reason) {
  Papers papers;
  House house(papers);
  says(connect(house.port(), papers.terminal("old", -1)), Cause::not_accepted,
       {"old.crt", "expired", "ask the operator"});
  says(connect(house.port(), papers.of_another_authority()), Cause::not_accepted,
       {"stranger.crt", "ask the operator"});
  papers.terminal("gate-1");
  papers.revoke_terminal("gate-1");
  house.tls().reload();
  says(connect(house.port(), papers.terminal("gate-1")), Cause::not_accepted,
       {"gate-1.crt", "revoked"});
  says(connect(house.port(), papers.terminal("nobody")), Cause::not_accepted, {"nobody.crt"});
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_the_one_meant_is_not_believed) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  says(connect(house.port(), files, "elsewhere.example"), Cause::server_not_trusted,
       {"elsewhere.example", "check the name"});
  const auto stranger = papers.of_another_authority();
  says(connect(house.port(), {files.certificate, files.key, papers.file("other.crt")}),
       Cause::server_not_trusted, {"other.crt"});
}

BOOST_AUTO_TEST_CASE(bad_files_are_named) {
  Papers papers;
  const auto good = papers.terminal("gate-1");
  papers.terminal("gate-2");
  std::ofstream(papers.file("text")) << "not PEM";
  const auto with = [&](auto change) {
    ClientTls files = good;
    change(files);
    return connect(1, files);
  };
  says(with([&](auto& files) { files.certificate = papers.file("none"); }), Cause::files,
       {"none: cannot be read"});
  says(with([&](auto& files) { files.key = papers.file("text"); }), Cause::files,
       {"text: is not a private key"});
  says(with([&](auto& files) { files.authority = papers.file("text"); }), Cause::files,
       {"text: is not a certificate"});
  says(with([&](auto& files) { files.key = papers.file("gate-2.key"); }), Cause::files,
       {"gate-2.key: is not the key of"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
