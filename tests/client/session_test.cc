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

BOOST_AUTO_TEST_CASE(files_that_are_not_named_are_asked_for) {
  const auto said = shell::run({"server", "status"});
  BOOST_TEST((said.ended == Ended::usage));
  BOOST_TEST(said.error.starts_with("--certificate is missing"));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_registered_is_refused) {
  shell::Service service;
  const auto said = service.as("stranger", "server status");
  BOOST_TEST((said.ended != Ended::done));
  BOOST_TEST(!said.error.empty());
}

namespace {

// A memory of another history: the chain that was seen, changed.
void change_chain(const std::string& memory, bool keep_mark) {
  std::uint64_t position = 0;
  std::string chain, mark;
  std::ifstream(memory) >> position >> chain >> mark;
  BOOST_TEST(position > 0u);
  BOOST_TEST(chain.size() == 64u);
  BOOST_TEST(mark.size() == 32u);
  chain.front() = chain.front() == '0' ? '1' : '0';
  std::ofstream(memory) << position << ' ' << chain << ' ' << (keep_mark ? mark : "") << '\n';
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_highest_receipt_is_remembered_and_a_rolled_back_server_is_noticed) {
  for (const bool keep_mark : {true, false}) {
    shell::Service service;
    const std::string memory = (service.estate() / "seen").string();
    const std::string command = "--memory " + memory + " person register";
    BOOST_TEST((service.as("enrolment", command).ended == Ended::done));
    BOOST_TEST((service.as("enrolment", command).ended == Ended::done));
    change_chain(memory, keep_mark);
    const auto said = service.as("enrolment", command);
    BOOST_TEST((said.ended == Ended::refused));
    BOOST_TEST(said.error.find("OUT_OF_SERVICE") != std::string::npos);
    BOOST_TEST(said.error.find("restore the newest copy") != std::string::npos);
    // A claim that cannot be proven turns nobody else away.
    BOOST_TEST((service.as("enrolment", "person register").ended == Ended::done));
  }
}

BOOST_AUTO_TEST_CASE(a_memory_that_cannot_be_read_is_not_taken_for_none) {
  shell::Service service;
  const std::string memory = (service.estate() / "seen").string();
  for (const char* text : {"", "7", "7 xy", "seven 00ff", "7 0"}) {
    std::ofstream(memory) << text;
    const auto said = service.as("enrolment", "--memory " + memory + " person register");
    BOOST_TEST((said.ended == Ended::usage), text);
    BOOST_TEST(said.error.find("delete it to begin anew") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
