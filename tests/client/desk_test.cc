// `obverse desk`: a command by its fields, as the right desk and as another one.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

namespace {

const std::string a_pass = "desk sell-pass rider=1 transit=OM from=A to=B months=1 first-day=";

}  // namespace

BOOST_AUTO_TEST_SUITE(desk_commands)

BOOST_AUTO_TEST_CASE(an_operator_registers_a_sponsor_once) {
  shell::Service service;
  const std::string sponsor =
      "desk register-sponsor code=city --attempt 01900000-0001-7000-8000-000000000001";
  const auto first = service.as("first-operator", sponsor);
  BOOST_TEST((first.ended == Ended::done));
  BOOST_TEST(first.json.value("id", 0) == 1);
  BOOST_TEST(first.json.value("reply", Json()) == Json({{"registered", {{"id", "1"}}}}));
  const auto again = service.as("first-operator", sponsor);
  BOOST_TEST(first.json["receipt"]["chain"] == again.json["receipt"]["chain"]);
  const auto taken = service.as("first-operator", "desk register-sponsor code=city");
  BOOST_TEST((taken.ended == Ended::refused));
  BOOST_TEST(taken.json["rule"] == "code_must_be_new");
}

BOOST_AUTO_TEST_CASE(another_desk_s_command_is_refused) {
  shell::Service service;
  const auto said = service.as("enrolment", "desk register-sponsor code=city");
  BOOST_TEST(said.json["rule"] == "terminal_must_have_role");
  const auto sold = service.as("first-operator", a_pass + "2025-06-01");
  BOOST_TEST(sold.json["rule"] == "terminal_must_have_role");
  BOOST_TEST((service.as("T1", "desk register-sponsor code=city").ended == Ended::refused));
}

BOOST_AUTO_TEST_CASE(what_a_command_refuses_is_told) {
  shell::Service service;
  service.person(0, 5'000);
  service.as("first-operator", "operator add --code OM");
  const auto sold = service.as("enrolment", a_pass + "2020-06-01");
  BOOST_TEST(sold.json["rule"] == "tariff_must_be_in_force");
  const auto nobody = service.as(
      "enrolment", "desk sell-pass rider=1 transit=XX from=A to=B months=1 first-day=2025-06-01");
  BOOST_TEST(nobody.json["rule"] == "operator_must_be_registered");
  BOOST_TEST(service.as("enrolment", "desk refund-pass pass=1").json["rule"] ==
             "pass_must_be_known");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said_before_anybody_is_asked) {
  shell::Service service;
  const auto error = [&](const std::string& command) {
    const auto said = service.as("enrolment", command);
    BOOST_TEST((said.ended == Ended::usage));
    return said.error;
  };
  BOOST_TEST(error("desk sell-pass rider=x").find("whole number") != std::string::npos);
  BOOST_TEST(error("desk sell-pass rider=-1").find("negative") != std::string::npos);
  BOOST_TEST(error("desk sell-pass month=1").find("months") != std::string::npos);
  BOOST_TEST(error("desk sell-pass rider").find("field=value") != std::string::npos);
  BOOST_TEST(error(a_pass + "2025-06-31").find("no date") != std::string::npos);
  BOOST_TEST(error("desk form-lookalike-group members=[1,").find("JSON") != std::string::npos);
  BOOST_TEST(error("desk link-device rider=1 key=0g").find("hexadecimal") != std::string::npos);
  error("desk dance");
}

BOOST_AUTO_TEST_CASE(lists_parts_and_bytes) {
  shell::Service service;
  service.person(0, 1'000);
  service.person(1, 1'000);
  const auto group = service.as("enrolment", "desk form-lookalike-group members=[1,2]");
  BOOST_TEST((group.ended == Ended::done));
  BOOST_TEST(group.json.value("id", 0) > 0);
  BOOST_TEST(service.as("enrolment", "desk form-lookalike-group members=[1,1]").json["rule"] ==
             "lookalikes_must_be_valid");
  const auto linked =
      service.as("enrolment", "desk link-device rider=1 key=" + std::string(64, 'a'));
  BOOST_TEST((linked.ended == Ended::done));
  const auto dated = service.as(
      "enrolment",
      R"(desk grant-category rider=1 category=4 from=1750000000000 until={"some":1760000000000})");
  BOOST_TEST((dated.ended == Ended::done));
  const auto limits = service.as(
      "first-operator",
      R"(desk publish-terminal-limits limits={"currency":392,"saleMax":500,"riderMax":900,)"
      R"("terminalMax":9000,"offlineMax":60000,"floorMax":500,"listAgeMax":60000,)"
      R"("clockSkewMax":1000,"travelTimeMin":1000})");
  BOOST_TEST(limits.json.value("id", 0) == 1);
}

BOOST_AUTO_TEST_CASE(a_processor_settles_and_does_nothing_else) {
  shell::Service service;
  const std::string file = service.estate().terminal("P1").certificate.string();
  BOOST_TEST((service.as("first-operator", "terminal add --code P1 --role processor --file " + file)
                  .ended == Ended::done));
  const std::string closing = "desk close-settlement-window window=1";
  BOOST_TEST(service.as("P1", closing).json["rule"] == "window_must_be_open");
  BOOST_TEST(service.as("first-operator", closing).json["rule"] == "terminal_must_have_role");
  BOOST_TEST(service.as("P1", "desk register-sponsor code=city").json["rule"] ==
             "terminal_must_have_role");
  BOOST_TEST((service.as("P1", "operator add --code XX").ended == Ended::refused));
}

BOOST_AUTO_TEST_SUITE_END()
