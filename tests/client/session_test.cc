// Connecting, and what goes wrong with it, in words.
#include "ledger/client/commands/session.h"

#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(nobody_at_the_address_is_status_three) {
  const house::Estate estate;
  const ClientTls files = estate.terminal("someone");
  const auto said =
      shell::run({"--server", "127.0.0.1:1", "--certificate", files.certificate.string(), "--key",
                  files.key.string(), "--authority", files.authority.string(), "server", "status"});
  BOOST_TEST((said.ended == Ended::unreachable));
  BOOST_TEST(!said.error.empty());
}

BOOST_AUTO_TEST_CASE(an_address_without_a_port_is_a_usage_error) {
  const auto said = shell::run({"--server", "somewhere", "server", "status"});
  BOOST_TEST((said.ended == Ended::usage));
  BOOST_TEST(said.error.find("HOST:PORT") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_registered_is_refused) {
  shell::Service service;
  const auto said = service.as("stranger", "server status");
  BOOST_TEST((said.ended != Ended::done));
  BOOST_TEST(!said.error.empty());
}

BOOST_AUTO_TEST_CASE(the_highest_receipt_is_remembered_and_a_rolled_back_server_is_noticed) {
  shell::Service service;
  const std::string memory = (service.estate() / "seen").string();
  BOOST_TEST(
      (service.as("enrolment", "--memory " + memory + " person register").ended == Ended::done));
  BOOST_TEST(
      (service.as("enrolment", "--memory " + memory + " person register").ended == Ended::done));
  std::uint64_t position = 0;
  std::string chain;
  std::ifstream(memory) >> position >> chain;
  BOOST_TEST(position > 0u);
  // What a client would remember of a history that this server does not have.
  chain.front() = chain.front() == '0' ? '1' : '0';
  std::ofstream(memory) << position << ' ' << chain << '\n';
  const auto said = service.as("enrolment", "--memory " + memory + " person register");
  BOOST_TEST((said.ended != Ended::done));
}

BOOST_AUTO_TEST_SUITE_END()
