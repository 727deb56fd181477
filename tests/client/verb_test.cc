// What verbs share: the same attempt key gives the same answer, and a lost answer says how to ask.
#include "ledger/client/commands/verb.h"

#include <boost/test/unit_test.hpp>

#include "ledger/client/commands/attempt.h"
#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(verb)

BOOST_AUTO_TEST_CASE(a_verb_takes_its_attempt_key) {
  CLI::App noun;
  std::string attempt;
  add_verb(noun, attempt, "ask", "for nothing");
  noun.parse(std::vector<std::string>{"some-key", "--attempt", "ask"});
  BOOST_TEST(attempt == "some-key");
}

BOOST_AUTO_TEST_CASE(the_same_key_gives_the_same_answer_and_a_new_one_another) {
  shell::Service service;
  const std::string key = "01890000-0000-7000-8000-000000000001";
  const auto first = service.as("enrolment", "person register --attempt " + key).json;
  const auto again = service.as("enrolment", "person register --attempt " + key).json;
  BOOST_TEST(first["id"] == again["id"]);
  BOOST_TEST(first["receipt"]["position"] == again["receipt"]["position"]);
  BOOST_TEST(service.as("enrolment", "person register").json["id"] != first["id"]);
}

BOOST_AUTO_TEST_CASE(a_lost_answer_names_the_key_to_ask_again_with) {
  const auto key = attempt_from_text("01890000-0000-7000-8000-000000000001");
  const CommandFailed failed =
      answer_lost(*key, KJ_EXCEPTION(DISCONNECTED, "the other side is gone"));
  BOOST_TEST((failed.ended() == Ended::unreachable));
  const std::string said = failed.what();
  BOOST_TEST(said.find("--attempt 01890000-0000-7000-8000-000000000001") != std::string::npos);
  BOOST_TEST(said.find("the other side is gone") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
