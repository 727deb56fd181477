#include "ledger/server/terminal_service.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;
using house::key;

namespace {

// A gate in A, one in B, and a till, logged in; rider 1 is enrolled with 5,000 yen.
struct Station {
  explicit Station(Inside& its_inside)
      : inside(its_inside),
        gate_a(inside.log_in(house::gate_a_paper)),
        gate_b(inside.log_in(house::gate_b_paper)),
        till(inside.log_in(house::till_paper)) {}

  template <class Request>
  auto pass(Request request, std::uint64_t attempt, const house::Numbers& face) {
    house::fill(request.initAttempt(), key(attempt));
    house::fill(request.initPresence().initProbe(), face);
    return inside.ask(kj::mv(request));
  }
  auto enter(std::uint64_t attempt, const house::Numbers& face) {
    return pass(gate_a.getGate().enterRequest(), attempt, face);
  }
  auto leave(std::uint64_t attempt, const house::Numbers& face) {
    return pass(gate_b.getGate().leaveRequest(), attempt, face);
  }
  auto pay(std::uint64_t attempt, const house::Numbers& face, std::int64_t yen) {
    auto request = till.getCheckout().payRequest();
    request.initAmount().setMinor(yen);
    request.getAmount().setCurrency(392);
    return pass(kj::mv(request), attempt, face);
  }

  Inside& inside;
  Inside::Login gate_a, gate_b, till;
};

void with_station(const std::function<void(Inside&, Station&)>& body) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    inside.enrol(1, 5'000);
    Station station(inside);
    body(inside, station);
  });
}

std::uint64_t records(Inside& inside) { return inside.household().ledger.head().position.value; }

}  // namespace

BOOST_AUTO_TEST_SUITE(server_terminal_service)

BOOST_AUTO_TEST_CASE(a_face_rides) {
  with_station([](Inside& inside, Station& station) {
    const auto entered = station.enter(1, house::photo(1, 5));
    BOOST_REQUIRE(entered.getOutcome().isEntered());
    const auto journey = entered.getOutcome().getEntered().getJourney();
    BOOST_TEST(entered.getOutcome().getEntered().getAvailable().getMinor() == 5'000 - 390);
    const auto receipt = entered.getOutcome().getReceipt();
    BOOST_TEST(receipt.getPosition() == records(inside));
    BOOST_TEST(receipt.getHeadPosition() >= receipt.getPosition());
    BOOST_TEST(receipt.getChain().size() == 32U);
    const auto left = station.leave(2, house::photo(1, 6));
    BOOST_REQUIRE(left.getOutcome().isLeft());
    BOOST_TEST(left.getOutcome().getLeft().getLeftJourney() == journey);
    BOOST_TEST(left.getOutcome().getLeft().getFare().getMinor() == 240);
    BOOST_TEST(left.getOutcome().getLeft().getBalance().getMinor() == 4'760);
  });
}

BOOST_AUTO_TEST_CASE(a_stranger_is_told_so_and_the_log_does_not_grow) {
  with_station([](Inside& inside, Station& station) {
    const auto before = records(inside);
    const auto entered = station.enter(1, house::face(88));
    BOOST_REQUIRE(entered.getOutcome().isRefused());
    BOOST_TEST(entered.getOutcome().getRefused().getReason().cStr() == "NOT_RECOGNISED");
    BOOST_TEST(entered.getOutcome().getReceipt().getPosition() == 0U);
    BOOST_TEST(entered.getOutcome().getReceipt().getHeadPosition() == before);
    BOOST_TEST(records(inside) == before);
    // That reply is not remembered: the same attempt may look again.
    BOOST_TEST(station.enter(1, house::photo(1, 5)).getOutcome().isEntered());
  });
}

BOOST_AUTO_TEST_CASE(the_same_attempt_has_the_first_outcome_however_the_face_looks_now) {
  with_station([](Inside& inside, Station& station) {
    const auto first = station.pay(1, house::photo(1, 5), 300);
    BOOST_REQUIRE(first.getOutcome().isApproved());
    const auto after = records(inside);
    for (const auto& look : {house::photo(1, 6), house::face(88)}) {
      const auto again = station.pay(1, look, 300);
      BOOST_REQUIRE(again.getOutcome().isApproved());
      BOOST_TEST(again.getOutcome().getApproved().getPurchase() ==
                 first.getOutcome().getApproved().getPurchase());
      BOOST_TEST(again.getOutcome().getReceipt().getPosition() ==
                 first.getOutcome().getReceipt().getPosition());
    }
    const auto other = station.pay(1, house::photo(1, 5), 301);
    BOOST_TEST(other.getOutcome().getDeclined().getReason().cStr() == "IDEMPOTENCY_CONFLICT");
    BOOST_TEST(records(inside) == after);
  });
}

BOOST_AUTO_TEST_CASE(status_tells_the_outcome_of_an_attempt_or_that_there_is_none) {
  with_station([](Inside& inside, Station& station) {
    const auto ask = [&](std::uint64_t attempt) {
      auto request = station.till.getCheckout().statusRequest();
      house::fill(request.initAttempt(), key(attempt));
      return inside.ask(kj::mv(request));
    };
    BOOST_TEST(ask(1).getOutcome().isUnknown());
    station.pay(1, house::photo(1, 5), 300);
    BOOST_TEST(ask(1).getOutcome().getApproved().getAmount().getMinor() == 300);
    BOOST_TEST(ask(2).getOutcome().isUnknown());
  });
}

BOOST_AUTO_TEST_CASE(an_attempt_without_a_key_is_refused) {
  with_station([](Inside& inside, Station& station) {
    const auto before = records(inside);
    auto request = station.gate_a.getGate().enterRequest();
    house::fill(request.initPresence().initProbe(), house::photo(1, 5));
    const auto entered = inside.ask(kj::mv(request));
    BOOST_TEST(entered.getOutcome().getRefused().getName().cStr() == "attempt_must_be_given");
    BOOST_TEST(records(inside) == before);
  });
}

BOOST_AUTO_TEST_CASE(a_bad_capture_is_a_denial_that_is_remembered) {
  with_station([](Inside& inside, Station& station) {
    const auto before = records(inside);
    auto request = station.gate_a.getGate().enterRequest();
    house::fill(request.initAttempt(), key(1));
    house::fill(request.initPresence().initProbe(), house::photo(1, 5));
    request.getPresence().getProbe().setCapture(rpc::Probe::Capture::OCCLUDED);
    const auto entered = inside.ask(kj::mv(request));
    BOOST_TEST(entered.getOutcome().getRefused().getReason().cStr() == "OCCLUDED");
    BOOST_TEST(records(inside) == before + 1);
  });
}

BOOST_AUTO_TEST_CASE(a_large_amount_steps_up_with_a_pin) {
  with_station([](Inside& inside, Station& station) {
    auto desk = inside.log_in(house::enrolment_paper);
    auto pin = desk.getEnrolment().setPinRequest();
    house::fill(pin.initAttempt(), key(50));
    pin.setRider(1);
    pin.setPin("2468");
    house::done(inside.ask(kj::mv(pin)).getOutcome());
    inside.tell(LoadFunds{{1}, {20'000, Currency::jpy}, {}});

    const auto asked = station.pay(1, house::photo(1, 5), 12'000);
    BOOST_REQUIRE(asked.getOutcome().isDeclined());
    const auto refused = asked.getOutcome().getDeclined();
    BOOST_TEST(refused.getReason().cStr() == "STEP_UP_REQUIRED");
    BOOST_REQUIRE(refused.getStepUp() > 0U);
    const auto with_pin = [&](std::uint64_t attempt, const char* digits) {
      auto request = station.till.getCheckout().payRequest();
      house::fill(request.initAttempt(), key(attempt));
      request.initPresence().initPin().setRider(1);
      request.getPresence().getPin().setPin(digits);
      request.initAmount().setMinor(12'000);
      request.getAmount().setCurrency(392);
      request.setStepUp(refused.getStepUp());
      return inside.ask(kj::mv(request));
    };
    BOOST_TEST(with_pin(2, "1111").getOutcome().getDeclined().getReason().cStr() == "PIN_WRONG");
    BOOST_TEST(with_pin(3, "2468").getOutcome().isApproved());
  });
}

BOOST_AUTO_TEST_CASE(authorise_capture_refund_and_reverse) {
  with_station([](Inside& inside, Station& station) {
    auto request = station.till.getCheckout().authoriseRequest();
    request.initAmount().setMinor(1'000);
    request.getAmount().setCurrency(392);
    const auto held = station.pass(kj::mv(request), 1, house::photo(1, 5));
    BOOST_REQUIRE(held.getOutcome().isAuthorised());
    const auto purchase = held.getOutcome().getAuthorised().getHeld();

    const auto change = [&](auto wanted, std::uint64_t attempt, std::int64_t yen) {
      house::fill(wanted.initAttempt(), key(attempt));
      wanted.setPurchase(purchase);
      wanted.initAmount().setMinor(yen);
      wanted.getAmount().setCurrency(392);
      return inside.ask(kj::mv(wanted));
    };
    auto client = station.till.getCheckout();
    BOOST_TEST(change(client.captureRequest(), 2, 800).getOutcome().isApproved());
    const auto refunded = change(client.refundRequest(), 3, 300);
    BOOST_TEST(refunded.getOutcome().getRefunded().getRefundedAmount().getMinor() == 300);
    BOOST_TEST(
        change(client.refundRequest(), 4, 900).getOutcome().getDeclined().getReason().cStr() ==
        "LIMIT_EXCEEDED");

    station.pay(5, house::photo(1, 5), 200);
    auto reverse = client.reverseRequest();
    house::fill(reverse.initAttempt(), key(6));
    house::fill(reverse.initOriginal(), key(5));
    const auto reversed = inside.ask(kj::mv(reverse));
    BOOST_TEST(reversed.getOutcome().getReversed().getReturned().getMinor() == 200);

    auto authorise = client.authoriseRequest();
    authorise.initAmount().setMinor(100);
    authorise.getAmount().setCurrency(392);
    const auto again = station.pass(kj::mv(authorise), 7, house::photo(1, 5));
    auto nothing = client.voidPurchaseRequest();
    house::fill(nothing.initAttempt(), key(8));
    nothing.setPurchase(again.getOutcome().getAuthorised().getHeld());
    BOOST_TEST(inside.ask(kj::mv(nothing)).getOutcome().isVoided());
  });
}

BOOST_AUTO_TEST_CASE(another_currency_is_refused) {
  with_station([](Inside& inside, Station& station) {
    auto request = station.till.getCheckout().payRequest();
    request.initAmount().setMinor(100);
    request.getAmount().setCurrency(7);
    const auto paid = station.pass(kj::mv(request), 1, house::photo(1, 5));
    BOOST_TEST(paid.getOutcome().getDeclined().getName().cStr() == "currency_must_match");
    BOOST_TEST(inside.metrics().value(Count::commands_waiting) == 0U);
  });
}

BOOST_AUTO_TEST_CASE(an_impossible_time_is_refused_but_keeps_nobody_inside) {
  with_station([](Inside&, Station& station) {
    auto request = station.gate_a.getGate().enterRequest();
    request.setOccurredAt(-1);
    const auto early = station.pass(kj::mv(request), 1, house::photo(1, 5));
    BOOST_TEST(early.getOutcome().getRefused().getName().cStr() == "time_must_be_valid");
    const auto entered =
        station.pass(station.gate_a.getGate().enterRequest(), 2, house::photo(1, 5));
    BOOST_TEST(entered.getOutcome().isEntered());
    auto leave = station.gate_b.getGate().leaveRequest();
    leave.setOccurredAt(-1);
    const auto left = station.pass(kj::mv(leave), 3, house::photo(1, 5));
    BOOST_TEST(left.getOutcome().isLeft());
  });
}

BOOST_AUTO_TEST_SUITE_END()
