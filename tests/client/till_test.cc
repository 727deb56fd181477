// A till from the command line: everything a sale can become.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(till)

BOOST_AUTO_TEST_CASE(a_sale_is_paid_refunded_in_part_and_reversed) {
  shell::Service service;
  service.person(0, 5000);
  const std::string key = "01900000-0001-7000-8000-00000000000a";
  const auto paid =
      service.as("till", "till pay --amount 540 --attempt " + key + service.looking(0)).json;
  BOOST_TEST(paid["outcome"] == "paid");
  BOOST_TEST(paid["balance"]["minor"] == 4460);
  const std::string purchase = " --purchase " + paid["purchase"].dump();
  BOOST_TEST(service.as("till", "till refund --amount 40" + purchase).json["outcome"] ==
             "refunded");
  BOOST_TEST(service.as("till", "till refund --amount 501" + purchase).json["reason"] ==
             "LIMIT_EXCEEDED");
  const auto back = service.as("till", "till reverse --original " + key).json;
  BOOST_TEST(back["returned"]["minor"] == 500);
  BOOST_TEST(service.as("till", "till status --attempt " + key).json["outcome"] == "paid");
  BOOST_TEST(service.as("enrolment", "person show --rider 1").json["balance"]["minor"] == 5000);
}

BOOST_AUTO_TEST_CASE(an_authorised_sale_is_captured_in_part_or_voided) {
  shell::Service service;
  service.person(0, 5000);
  const std::string authorise = "till authorise --amount 1000" + service.looking(0);
  const auto first = service.as("till", authorise).json;
  BOOST_TEST(first["outcome"] == "authorised");
  BOOST_TEST(service.as("enrolment", "person show --rider 1").json["available"]["minor"] == 4000);
  const std::string purchase = " --purchase " + first["purchase"].dump();
  BOOST_TEST(service.as("till", "till capture --amount 600" + purchase).json["outcome"] == "paid");
  const auto second = service.as("till", authorise).json;
  const std::string other = " --purchase " + second["purchase"].dump();
  BOOST_TEST(service.as("till", "till void" + other).json["outcome"] == "voided");
  const auto shown = service.as("enrolment", "person show --rider 1").json;
  BOOST_TEST(shown["balance"]["minor"] == 4400);
  BOOST_TEST(shown["available"]["minor"] == 4400);
}

BOOST_AUTO_TEST_CASE(above_the_limit_a_pin_is_asked_for_and_bound) {
  shell::Service service;
  service.person(0, 50'000);
  const auto asked = service.as("till", "till pay --amount 12800" + service.looking(0));
  BOOST_TEST((asked.ended == Ended::refused));
  BOOST_TEST(asked.json["reason"] == "STEP_UP_REQUIRED");
  const std::string with_pin = " --account 1 --pin " + service.pin() + " --step-up " +
                               asked.json["step_up"].dump() + service.looking(0);
  BOOST_TEST(service.as("till", "till pay --amount 12801" + with_pin).json["reason"] ==
             "AUTHORISATION_STALE");
  BOOST_TEST(service.as("till", "till pay --amount 12800" + with_pin).json["outcome"] == "paid");
}

BOOST_AUTO_TEST_SUITE_END()
