#include "ledger/server/common_service.h"

#include <capnp/message.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "tests/server/inside.h"

using namespace obverse;

namespace {

template <class Struct>
struct Message {
  capnp::MallocMessageBuilder memory;
  typename Struct::Builder root{memory.initRoot<Struct>()};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_common_service)

BOOST_AUTO_TEST_CASE(an_attempt_key_is_a_uuid_of_version_7) {
  Message<rpc::AttemptKey> message;
  BOOST_TEST(!attempt_key(message.root));
  house::fill(message.root, house::key(5));
  const auto key = attempt_key(message.root.asReader());
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->bytes[6] == 0x70);
  BOOST_TEST(key->bytes[8] == 0x80);
  BOOST_TEST(key->bytes[15] == 5);
  message.root.setHigh(message.root.getHigh() ^ 0x3000U);  // version 4
  BOOST_TEST(!attempt_key(message.root));
  house::fill(message.root, house::key(5));
  message.root.setLow(5);  // another variant
  BOOST_TEST(!attempt_key(message.root));
}

BOOST_AUTO_TEST_CASE(money_of_an_unknown_currency_is_none) {
  Message<rpc::Money> message;
  write(message.root, Money{-5, Currency::gbp});
  BOOST_TEST((money(message.root) == Money{-5, Currency::gbp}));
  message.root.setCurrency(1);
  BOOST_CHECK_THROW(money(message.root), Unreadable);
}

BOOST_AUTO_TEST_CASE(what_was_shown_is_decoded) {
  Message<rpc::Presence> message;
  house::fill(message.root.initProbe(), {0.25F, -1.0F});
  message.root.getProbe().setCapture(rpc::Probe::Capture::OCCLUDED);
  message.root.initPin().setRider(7);
  message.root.getPin().setPin("1234");
  message.root.setClaimed(9);
  const Showing shown = showing(message.root.asReader(), {3});
  BOOST_TEST((shown.capture == Capture::occluded));
  BOOST_TEST(shown.face->model == "mobilefacenet-512");
  BOOST_REQUIRE(shown.face->vector.size() == 2U);
  BOOST_TEST(shown.face->vector[1] == -1.0F);
  BOOST_TEST(shown.pin->rider.value == 7U);
  BOOST_TEST(shown.pin->digits.size() == 4U);
  BOOST_TEST(shown.claimed->value == 9U);
  BOOST_TEST(shown.terminal.value == 3U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named) {
  Message<rpc::Presence> message;
  const auto unreadable = [&](Refusal refusal) {
    try {
      showing(message.root.asReader(), {});
    } catch (const Unreadable& fault) {
      return fault.refusal == refusal;
    }
    return false;
  };
  message.root.initProbe().initVector(7);
  BOOST_TEST(unreadable(Refusal::probe_must_be_valid));
  message.root.getProbe().initVector(8);
  message.root.getProbe().setCapture(static_cast<rpc::Probe::Capture>(77));
  BOOST_TEST(unreadable(Refusal::request_must_be_readable));
  message.root.getProbe().setCapture(rpc::Probe::Capture::GOOD);
  for (const char* digits : {"", "123", "12a4", "1234567890123"}) {
    message.root.initPin().setPin(digits);
    BOOST_TEST(unreadable(Refusal::pin_must_be_digits));
  }
}

BOOST_AUTO_TEST_CASE(an_empty_presence_shows_nothing) {
  Message<rpc::Presence> message;
  const Showing shown = showing(message.root.asReader(), {});
  BOOST_TEST(!shown.face.has_value());
  BOOST_TEST(!shown.pin.has_value());
  BOOST_TEST(!shown.claimed.has_value());
}

BOOST_AUTO_TEST_CASE(faults_become_refusals_that_say_when_to_come_again) {
  Answer answer;
  answer.fault = Answer::Fault::busy;
  answer.retry_after = milliseconds(70);
  BOOST_TEST(is_refusal(answer));
  Message<rpc::Refusal> busy;
  write_fault(busy.root, answer);
  BOOST_TEST(busy.root.getReason().cStr() == "BUSY");
  BOOST_TEST(busy.root.getRetryAfterMs() == 70U);
  answer.fault = Answer::Fault::disk_full;
  Message<rpc::Refusal> full;
  write_fault(full.root, answer);
  BOOST_TEST(full.root.getReason().cStr() == "OUT_OF_SERVICE");
  BOOST_TEST(full.root.getRetryAfterMs() > 0U);
  answer.fault = Answer::Fault::stopped;
  BOOST_CHECK_THROW(require_known(answer), kj::Exception);
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_its_words_and_the_step_up) {
  Message<rpc::Refusal> message;
  write(message.root, Refused{Refusal::step_up_must_be_done, StepUpId{12}});
  BOOST_TEST(message.root.getReason().cStr() == "STEP_UP_REQUIRED");
  BOOST_TEST(message.root.getName().cStr() == "step_up_must_be_done");
  BOOST_TEST(message.root.getCause().size() > 0U);
  BOOST_TEST(message.root.getWayOut().size() > 0U);
  BOOST_TEST(message.root.getStepUp() == 12U);
}

BOOST_AUTO_TEST_CASE(an_outcome_is_done_with_an_id_or_refused_and_has_a_receipt) {
  Answer answer;
  answer.reply = Registered{44};
  answer.receipt.position = {3};
  answer.at = {99};
  Message<rpc::Outcome> message;
  write(message.root, answer, MarkedReceipt{{{8}, {}}, {5}});
  BOOST_TEST(message.root.getDone().getId() == 44U);
  BOOST_TEST(message.root.getReceipt().getPosition() == 3U);
  BOOST_TEST(message.root.getReceipt().getAt() == 99);
  BOOST_TEST(message.root.getReceipt().getHeadPosition() == 8U);
  BOOST_TEST(message.root.getReceipt().getMark().size() == 16U);
  BOOST_TEST(message.root.getReceipt().getMark()[0] == 5U);
  answer.reply = Erased{{1}, true};
  write(message.root, answer, {});
  BOOST_TEST(message.root.getDone().getId() == 1U);
  answer.reply = Refused{Refusal::code_must_be_new, {}};
  write(message.root, answer, {});
  BOOST_TEST(message.root.getRefused().getName().cStr() == "code_must_be_new");
}

BOOST_AUTO_TEST_CASE(a_key_that_speaks_from_two_addresses_is_revoked) {
  using namespace std::chrono_literals;
  house::Inside inside;
  inside.set_up();
  inside.run([&] {
    Household& house = inside.household();
    const Digest paper = house::certificate(house::gate_a_paper);
    const Terminal gate = house.directory.terminal(paper).value();
    const auto now = std::chrono::steady_clock::now();
    const auto old = house.whereabouts.arrive(gate.id, "10.0.0.1", now - 10s);
    const auto fresh = house.whereabouts.arrive(gate.id, "10.0.0.2", now - 5s);
    const Caller moved(house, inside.crossing(), gate, fresh);
    BOOST_TEST(!moved.barred());
    const Caller copy(house, inside.crossing(), gate, old);
    BOOST_TEST((copy.barred() == Refusal::terminal_must_not_be_revoked));
    BOOST_TEST((moved.barred() == Refusal::terminal_must_not_be_revoked));
    while (!house.directory.terminal(paper)->revoked) std::this_thread::yield();
    BOOST_TEST(inside.metrics().value(Count::keys_copied) == 1U);
    BOOST_TEST(inside.log_in(house::gate_a_paper).getRefused().getName().cStr() ==
               "terminal_must_not_be_revoked");
  });
}

BOOST_AUTO_TEST_SUITE_END()
