// Wallets from the command line.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(a_wallet_is_opened_once_and_loaded_once_per_attempt) {
  shell::Service service;
  service.as("enrolment", "person register");
  BOOST_TEST((service.as("enrolment", "wallet open --rider 1").ended == Ended::done));
  BOOST_TEST((service.as("enrolment", "wallet open --rider 1").ended == Ended::refused));
  const std::string load =
      "wallet load --rider 1 --amount 500 --attempt 01900000-0001-7000-8000-000000000001";
  const auto first = service.as("enrolment", load);
  const auto again = service.as("enrolment", load);
  BOOST_TEST((first.ended == Ended::done));
  BOOST_TEST(first.json["receipt"]["chain"] == again.json["receipt"]["chain"]);
  BOOST_TEST(service.as("enrolment", "person show --rider 1").json["balance"]["minor"] == 500);
  const auto other = service.as("enrolment",
                                "wallet load --rider 1 --amount 501 --attempt "
                                "01900000-0001-7000-8000-000000000001");
  BOOST_TEST(other.json["reason"] == "IDEMPOTENCY_CONFLICT");
  BOOST_TEST(
      (service.as("enrolment", "wallet open --rider 1 --currency yen").ended == Ended::usage));
}
