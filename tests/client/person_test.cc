// People at an enrolment desk, from the command line to the log and back.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(person)

BOOST_AUTO_TEST_CASE(a_person_is_enrolled_shown_suspended_and_erased) {
  shell::Service service;
  const std::string who = " --rider " + std::to_string(service.person(0, 5000));
  auto shown = service.as("enrolment", "person show" + who).json;
  BOOST_TEST(shown["face"] == "enrolled");
  BOOST_TEST(shown["pin"] == "set");
  BOOST_TEST(shown["balance"]["minor"] == 5000);
  BOOST_TEST(shown["consents"].size() == 2u);
  BOOST_TEST((service.as("enrolment", "person suspend" + who).ended == Ended::done));
  BOOST_TEST(service.as("gate-a", "gate enter" + service.looking(0)).json["reason"] ==
             "NOT_RECOGNISED");
  BOOST_TEST((service.as("enrolment", "person reinstate" + who).ended == Ended::done));
  BOOST_TEST(service.as("till", "till pay --amount 10" + service.looking(0)).json["outcome"] ==
             "paid");
  BOOST_TEST((service.as("enrolment", "person erase" + who).ended == Ended::done));
  BOOST_TEST(service.as("gate-a", "gate enter" + service.looking(0)).json["reason"] ==
             "NOT_RECOGNISED");
  shown = service.as("enrolment", "person show" + who).json;
  BOOST_TEST(shown["face"] == "erased");
  BOOST_TEST(shown["balance"]["minor"] == 4990);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_purpose_is_refused_at_once) {
  shell::Service service;
  const std::string who = " --rider " + std::to_string(service.person(0, 5000));
  BOOST_TEST(
      (service.as("enrolment", "person withdraw --purpose payment" + who).ended == Ended::done));
  BOOST_TEST(service.as("till", "till pay --amount 10" + service.looking(0)).json["reason"] ==
             "PURPOSE_NOT_CONSENTED");
}

BOOST_AUTO_TEST_CASE(an_unknown_person_is_refused_with_a_way_out) {
  shell::Service service;
  const auto said = service.as("enrolment", "person show --rider 99");
  BOOST_TEST((said.ended == Ended::refused));
  BOOST_TEST(said.json["reason"] == "UNKNOWN_REFERENCE");
  BOOST_TEST(!said.json["way_out"].get<std::string>().empty());
}

BOOST_AUTO_TEST_SUITE_END()
