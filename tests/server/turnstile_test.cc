#include "ledger/server/turnstile.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include <boost/test/unit_test.hpp>

#include "schemas/terminal.capnp.h"
#include "tests/server/inside.h"

using namespace obverse;

namespace {

namespace protocol = capnp::rpc;

// What the turnstile answers to a call of that method.
kj::ArrayPtr<const capnp::word> answer(Turnstile& turnstile, std::uint64_t interface,
                                       std::uint16_t method, std::uint32_t question = 7) {
  capnp::MallocMessageBuilder message;
  auto call = message.initRoot<protocol::Message>().initCall();
  call.setQuestionId(question);
  call.setInterfaceId(interface);
  call.setMethodId(method);
  return turnstile.turn_away(call.asReader());
}

struct Full {
  Full() : inside([](Config& config) { config.searches_waiting_max = 1; }) {
    auto& admission = inside.household().admission;
    visits.push_back(admission.enter(Lane::leave, share()));
    visits.push_back(admission.enter(Lane::leave, share()));
  }
  std::shared_ptr<Admission::Share> share() {
    return inside.household().admission.share_of(house::certificate(1));
  }
  house::Inside inside;
  std::vector<Admission::Visit> visits;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_turnstile)

BOOST_AUTO_TEST_CASE(while_there_is_room_every_call_goes_on) {
  house::Inside inside;
  Turnstile turnstile(inside.household(), house::certificate(1));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 0) == nullptr));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Gate>(), 1) == nullptr));
}

BOOST_AUTO_TEST_CASE(without_room_a_face_is_told_busy_and_when_to_come_again) {
  Full full;
  Turnstile turnstile(full.inside.household(), house::certificate(1));
  const auto told = answer(turnstile, capnp::typeId<rpc::Checkout>(), 0);
  BOOST_REQUIRE((told != nullptr));
  {
    capnp::FlatArrayMessageReader reader(told);
    const auto given = reader.getRoot<protocol::Message>().getReturn();
    BOOST_TEST(given.getAnswerId() == 7U);
    const auto outcome =
        given.getResults().getContent().getAs<rpc::Checkout::PayResults>().getOutcome();
    BOOST_TEST((outcome.getDeclined().getReason() == "BUSY"));
    BOOST_TEST(outcome.getDeclined().getRetryAfterMs() == 50U);
    BOOST_TEST(outcome.getReceipt().getPosition() == 0U);
  }
  BOOST_TEST(full.inside.metrics().value(Count::busy) == 1U);
}

BOOST_AUTO_TEST_CASE(a_gate_hears_it_in_its_own_words) {
  Full full;
  Turnstile turnstile(full.inside.household(), house::certificate(1));
  for (const std::uint16_t method : {std::uint16_t{0}, std::uint16_t{1}}) {
    const auto told = answer(turnstile, capnp::typeId<rpc::Gate>(), method);
    BOOST_REQUIRE((told != nullptr));
    {
      capnp::FlatArrayMessageReader reader(told);
      const auto given = reader.getRoot<protocol::Message>().getReturn();
      const auto outcome =
          given.getResults().getContent().getAs<rpc::Gate::EnterResults>().getOutcome();
      BOOST_TEST((outcome.getRefused().getReason() == "BUSY"));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_written_once_names_each_question) {
  Full full;
  Turnstile turnstile(full.inside.household(), house::certificate(1));
  for (const std::uint32_t question : {7U, 9U}) {
    const auto told = answer(turnstile, capnp::typeId<rpc::Checkout>(), 1, question);
    BOOST_REQUIRE((told != nullptr));
    capnp::FlatArrayMessageReader reader(told);
    BOOST_TEST(reader.getRoot<protocol::Message>().getReturn().getAnswerId() == question);
  }
}

BOOST_AUTO_TEST_CASE(one_turn_lets_no_more_on_than_there_is_room_for) {
  house::Inside inside([](Config& config) { config.searches_waiting_max = 1; });
  Turnstile turnstile(inside.household(), house::certificate(1));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 0) == nullptr));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 0) != nullptr));
  turnstile.all_begun();
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 0) == nullptr));
}

// Over both of its connections, and though there is room; another terminal notices nothing.
BOOST_AUTO_TEST_CASE(who_asks_more_often_than_it_may_is_told_busy_and_not_heard_for_as_long) {
  house::Inside inside([](Config& config) { config.terminal_calls_a_second_max = 2; });
  Turnstile one(inside.household(), house::certificate(1));
  Turnstile same(inside.household(), house::certificate(1));
  Turnstile other(inside.household(), house::certificate(2));
  const auto ask = [](Turnstile& turnstile) {
    return answer(turnstile, capnp::typeId<rpc::Checkout>(), 0) == nullptr;
  };
  BOOST_TEST(ask(one));
  BOOST_TEST(ask(same));
  BOOST_TEST(one.rest().count() == 0);
  BOOST_TEST(!ask(one));
  BOOST_TEST(!ask(same));
  BOOST_TEST(one.rest().count() == 50);
  BOOST_TEST(one.rest().count() == 0);  // once
  BOOST_TEST(same.rest().count() == 50);
  BOOST_TEST(ask(other));
  BOOST_TEST(other.rest().count() == 0);
  BOOST_TEST(inside.metrics().value(Count::hurries) == 2U);
  BOOST_TEST(inside.metrics().value(Count::busy) == 2U);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_comes_again_is_not_rested_for_that) {
  house::Inside inside([](Config& config) { config.terminal_calls_a_second_max = 1; });
  for (const bool is_first : {true, false}) {
    Turnstile turnstile(inside.household(), house::certificate(1));
    BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Gate>(), 0) == nullptr) == is_first);
    for (std::uint8_t i = 2; i < 200; ++i)  // however many others come meanwhile
      BOOST_TEST(inside.household().admission.share_of(house::certificate(i)) != nullptr);
  }
}

BOOST_AUTO_TEST_CASE(what_brings_no_face_is_not_its_business) {
  Full full;
  Turnstile turnstile(full.inside.household(), house::certificate(1));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 4) == nullptr));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Checkout>(), 6) == nullptr));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Gate>(), 2) == nullptr));
  BOOST_TEST((answer(turnstile, capnp::typeId<rpc::Entrance>(), 0) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
