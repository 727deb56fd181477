// What outcomes look like, and the exit status that belongs to each.
#include "ledger/client/commands/output.h"

#include <capnp/message.h>
#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(output)

BOOST_AUTO_TEST_CASE(a_payment_is_shown_with_amounts_in_words) {
  capnp::MallocMessageBuilder message;
  auto outcome = message.initRoot<rpc::PayOutcome>();
  auto approved = outcome.initApproved();
  approved.setPurchase(7);
  approved.initAmount().setMinor(1620);
  approved.getAmount().setCurrency(392);
  approved.initBalance().setMinor(3380);
  approved.getBalance().setCurrency(392);
  const Json json = to_json(outcome.asReader());
  BOOST_TEST(json["outcome"] == "paid");
  BOOST_TEST(json["amount"]["text"] == "1,620 JPY");
  BOOST_TEST(in_words(json).find("balance: 3,380 JPY") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_this_build_does_not_know_is_never_a_yes) {
  capnp::MallocMessageBuilder message;
  const Json gate = to_json(message.initRoot<rpc::GateOutcome>().asReader());
  const Json till = to_json(message.initRoot<rpc::PayOutcome>().asReader());
  const Json desk = to_json(message.initRoot<rpc::Outcome>().asReader());
  for (const Json& each : {gate, till, desk}) BOOST_TEST(each["outcome"] == "refused");
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_reason_cause_and_way_out) {
  capnp::MallocMessageBuilder message;
  auto refusal = message.initRoot<rpc::Outcome>().initRefused();
  refusal.setReason("BUSY");
  refusal.setCause("too many");
  refusal.setWayOut("try again");
  refusal.setRetryAfterMs(50);
  const Json json = to_json(refusal.asReader());
  BOOST_TEST(json["reason"] == "BUSY");
  BOOST_TEST(json["retry_after_ms"] == 50);
  BOOST_TEST(json["way_out"] == "try again");
}

// A server's words may be any bytes; the answer must still be printed, and so the exit status
// given.
BOOST_AUTO_TEST_CASE(words_that_are_no_utf8_are_shown_all_the_same) {
  const Json json{{"outcome", "refused"}, {"reason", "\xff\xc0"}};
  BOOST_TEST(Json::parse(json_line(json))["outcome"] == "refused");
  Settings programs;
  programs.json = true;
  BOOST_TEST((show(programs, json) == Ended::refused));
}

BOOST_AUTO_TEST_CASE(the_exit_status_follows_the_outcome) {
  Settings quiet;
  quiet.json = true;
  BOOST_TEST((show(quiet, {{"outcome", "paid"}}) == Ended::done));
  BOOST_TEST((show(quiet, {{"outcome", "refused"}, {"reason", "PASS_BACK"}}) == Ended::refused));
  BOOST_TEST((show(quiet, {{"outcome", "refused"}, {"reason", "BUSY"}}) == Ended::busy));
}

BOOST_AUTO_TEST_SUITE_END()
