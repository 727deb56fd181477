// An operator's desk from the command line.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(an_operator_adds_parties_terminals_and_rules_and_takes_them_away) {
  shell::Service service;
  const auto desk = [&](const std::string& command) {
    return service.as("first-operator", command);
  };
  BOOST_TEST((desk("operator add --code OM").ended == Ended::done));
  BOOST_TEST((desk("operator add --code OM").ended == Ended::refused));
  BOOST_TEST((desk("merchant add --code M1").ended == Ended::done));
  BOOST_TEST((desk("tariff publish --file ops/tariffs/osaka-metro.json").ended == Ended::done));
  BOOST_TEST((desk("policy publish --file ops/policy.json").ended == Ended::done));
  const std::string certificate = service.estate().terminal("T9").certificate.string();
  BOOST_TEST(
      (desk("terminal add --code T9 --role till --merchant M1 --file " + certificate).ended ==
       Ended::done));
  BOOST_TEST(
      (service.as("T9", "till status --attempt 01900000-0001-7000-8000-00000000000b").ended ==
       Ended::refused));
  BOOST_TEST((desk("terminal revoke --code T9").ended == Ended::done));
  BOOST_TEST(
      (service.as("T9", "till status --attempt 01900000-0001-7000-8000-00000000000b").ended !=
       Ended::done));
  BOOST_TEST(desk("journey correct --journey 1 --exit B").json["reason"] == "UNKNOWN_REFERENCE");
}

BOOST_AUTO_TEST_CASE(a_desk_without_the_rights_is_told_so) {
  shell::Service service;
  const auto said = service.as("enrolment", "operator add --code OM");
  BOOST_TEST((said.ended == Ended::refused));
  BOOST_TEST(said.error.find("operator") != std::string::npos);
}
