// A gate from the command line.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(a_face_enters_and_leaves_and_the_answer_can_be_asked_again) {
  shell::Service service;
  const auto rider = service.person(0, 5000);
  const std::string key = "01900000-0001-7000-8000-000000000009";
  const auto in = service.as("gate-a", "gate enter --attempt " + key + service.looking(0));
  BOOST_TEST(in.json["outcome"] == "entered");
  BOOST_TEST(service.as("gate-a", "gate status --attempt " + key).json["journey"] ==
             in.json["journey"]);
  const auto out = service.as(
      "gate-b", "gate leave --account " + std::to_string(rider) + " --pin " + service.pin());
  BOOST_TEST(out.json["fare"]["minor"] == 240);
  BOOST_TEST(out.json["balance"]["minor"] == 4760);
  BOOST_TEST((service.as("gate-a", "gate enter").ended == Ended::usage));
}

BOOST_AUTO_TEST_CASE(a_till_cannot_admit_and_is_told_so) {
  shell::Service service;
  const auto said = service.as("till", "gate enter" + service.looking(0));
  BOOST_TEST((said.ended == Ended::refused));
  BOOST_TEST(said.error.find("TERMINAL_NOT_AUTHORISED") != std::string::npos);
}
