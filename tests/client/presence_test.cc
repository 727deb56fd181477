// Who is shown to the camera, as options say it.
#include "ledger/client/commands/presence.h"

#include <capnp/message.h>
#include <boost/test/unit_test.hpp>

#include "ledger/client/commands/attempt.h"
#include "ledger/client/commands/settings.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(presence)

BOOST_AUTO_TEST_CASE(a_key_travels_as_two_big_endian_halves) {
  capnp::MallocMessageBuilder message;
  auto key = message.initRoot<rpc::AttemptKey>();
  fill(key, *attempt_from_text("01900000-0001-7000-8000-00000000000a"));
  BOOST_TEST(key.getHigh() == 0x0190000000017000u);
  BOOST_TEST(key.getLow() == 0x800000000000000au);
}

BOOST_AUTO_TEST_CASE(a_given_attempt_must_be_a_version_7) {
  BOOST_CHECK_THROW(chosen_attempt("nonsense"), CommandFailed);
  BOOST_TEST((chosen_attempt("") != chosen_attempt("")));
}

BOOST_AUTO_TEST_CASE(currencies_are_those_the_ledger_knows) {
  capnp::MallocMessageBuilder message;
  auto money = message.initRoot<rpc::Money>();
  fill(money, 540, "JPY");
  BOOST_TEST(money.getMinor() == 540);
  BOOST_TEST(money.getCurrency() == 392);
  BOOST_CHECK_THROW(fill(money, 1, "yen"), CommandFailed);
}

BOOST_AUTO_TEST_CASE(a_probe_carries_model_capture_and_numbers) {
  capnp::MallocMessageBuilder message;
  auto probe = message.initRoot<rpc::Probe>();
  fill(probe, std::string(8, 'x'), "model-2", "occluded");
  BOOST_TEST(probe.getModel().cStr() == "model-2");
  BOOST_TEST((probe.getCapture() == rpc::Probe::Capture::OCCLUDED));
  BOOST_TEST(probe.getVector().size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
