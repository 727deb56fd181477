// Answers: one effect each, none after the deadline, and none that contradicts another.
#include "ledger/rules/money/rail_answers.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Waiting {
  CardWorld world = card_world();
  RiderId alice = world.add_rider(0);
  PurchaseId purchase;
  RailRequestId request;
  Waiting() {
    world.pays_by(alice, Tender::card);
    purchase = std::get<Pending>(world.pay(alice, 540).reply).purchase;
    request = world.asked();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rail_answers)

BOOST_AUTO_TEST_CASE(a_repeated_answer_has_one_effect) {
  Waiting w;
  BOOST_TEST((w.world.approve(w.request).reply == Reply{Done{}}));
  const State after = w.world.state;
  for (int again = 0; again < 3; ++again) {
    const Decision repeated = w.world.approve(w.request);
    BOOST_TEST((repeated.reply == Reply{Done{}}));
    BOOST_TEST(repeated.events.empty());
  }
  BOOST_TEST((w.world.state == after));
  BOOST_TEST(w.world.receivable() == 540);
}

BOOST_AUTO_TEST_CASE(an_answer_that_contradicts_is_refused) {
  Waiting w;
  w.world.approve(w.request);
  BOOST_TEST(refuses(w.world.decline(w.request), Refusal::rail_answer_must_not_change));
  // "I could not be reached" says nothing about what was answered.
  BOOST_TEST(w.world.answer(w.request, RailOutcome::unavailable).events.empty());
}

BOOST_AUTO_TEST_CASE(nobody_answers_what_nobody_asked) {
  Waiting w;
  BOOST_TEST(refuses(w.world.approve({0}), Refusal::rail_request_must_be_known));
  BOOST_TEST(refuses(w.world.approve({w.request.value + 1}), Refusal::rail_request_must_be_known));
  BOOST_TEST(refuses(w.world.ask(TakeRailAnswer{w.request, static_cast<RailOutcome>(0), ""}),
                     Refusal::code_must_be_valid));
  BOOST_TEST(refuses(w.world.ask(TakeRailAnswer{w.request, RailOutcome::approved, "not a code"}),
                     Refusal::code_must_be_valid));
}

BOOST_AUTO_TEST_CASE(a_timer_runs_at_the_deadline_and_not_before) {
  Waiting w;
  const Instant deadline = *w.world.request(w.request).deadline;
  BOOST_TEST((deadline == w.world.now + seconds(10)));
  BOOST_TEST((next_due(w.world.state)->at == deadline));
  w.world.now = {deadline.ms - 1};
  BOOST_TEST(refuses(w.world.ask(ExpireRailRequest{w.request}), Refusal::timer_must_be_due));
  BOOST_TEST(refuses(w.world.ask(ExpireRailRequest{{99}}), Refusal::timer_must_be_due));
  w.world.now = deadline;
  const Decision expired = w.world.ask(next_due(w.world.state)->command);
  BOOST_TEST(count<RailAbandoned>(expired.events) == 1U);
  BOOST_TEST(count<PurchaseReversed>(expired.events) == 1U);
  BOOST_TEST((asks(expired, RailKind::reverse)->what.original == w.request));
  BOOST_TEST(refuses(w.world.ask(ExpireRailRequest{w.request}), Refusal::timer_must_be_due));
}

BOOST_AUTO_TEST_CASE(a_late_approval_is_reversed_and_never_captured) {
  Waiting w;
  w.world.wait(seconds(11));
  const Decision late = w.world.approve(w.request);
  BOOST_TEST((late.reply == Reply{Done{}}));
  BOOST_TEST(posting(late) == nullptr);
  BOOST_TEST(asks(late, RailKind::capture) == nullptr);
  BOOST_REQUIRE(asks(late, RailKind::reverse) != nullptr);
  BOOST_TEST(asks(late, RailKind::reverse)->what.approval == "A1");
  BOOST_TEST(w.world.approve(w.request).events.empty());
  BOOST_TEST(w.world.receivable() == 0);
  BOOST_TEST(w.world.merchant() == 0);
}

// The writer may come to the answer before it comes to the timer.
BOOST_AUTO_TEST_CASE(an_answer_at_the_deadline_is_late_although_the_timer_has_not_run) {
  for (const RailOutcome outcome :
       {RailOutcome::approved, RailOutcome::declined, RailOutcome::unavailable}) {
    Waiting w;
    w.world.now = *w.world.request(w.request).deadline;
    const Decision late = w.world.answer(w.request, outcome);
    BOOST_TEST(count<PurchaseReversed>(late.events) == 1U);
    BOOST_TEST(posting(late) == nullptr);
    BOOST_TEST(asks(late, RailKind::capture) == nullptr);
    BOOST_TEST(asks(late, RailKind::reverse) != nullptr);
    BOOST_TEST(w.world.state.cards.rails.abandoned.empty() ==
               (outcome != RailOutcome::unavailable));
  }
}

BOOST_AUTO_TEST_CASE(a_late_decline_needs_no_reversal) {
  Waiting w;
  w.world.wait(seconds(11));
  const Decision late = w.world.decline(w.request);
  BOOST_TEST(late.events.size() == 1U);
  BOOST_TEST(count<RailAnswered>(late.events) == 1U);
  BOOST_TEST(refuses(w.world.approve(w.request), Refusal::rail_answer_must_not_change));
}

BOOST_AUTO_TEST_CASE(who_was_unavailable_and_then_approved_is_reversed) {
  Waiting w;
  const Decision away = w.world.answer(w.request, RailOutcome::unavailable);
  BOOST_TEST((first<PurchaseDeclined>(away.events)->refusal == Refusal::rail_must_answer));
  BOOST_TEST(w.world.answer(w.request, RailOutcome::unavailable).events.empty());
  BOOST_TEST(asks(w.world.approve(w.request), RailKind::reverse) != nullptr);
  BOOST_TEST(w.world.receivable() == 0);
}

BOOST_AUTO_TEST_CASE(a_capture_stays_owed_until_the_rail_has_it) {
  Waiting w;
  const Decision approved = w.world.approve(w.request);
  const RailRequestId capture = asks(approved, RailKind::capture)->request;
  BOOST_TEST(w.world.answer(capture, RailOutcome::unavailable).events.empty());
  BOOST_TEST(w.world.state.cards.rails.open.contains(capture));
  w.world.wait(days(300));
  BOOST_TEST(w.world.state.cards.rails.open.contains(capture));
  BOOST_TEST(w.world.approve(capture).events.size() == 1U);
  BOOST_TEST(w.world.state.cards.rails.open.empty());
}

BOOST_AUTO_TEST_CASE(a_refund_that_no_card_takes_is_owed_to_the_person) {
  Waiting w;
  w.world.approve(w.request);
  w.world.approve();  // the capture
  const Decision refunded = w.world.ask(RefundPurchase{w.world.till, w.purchase, yen(200)},
                                        Attempt{w.world.till, key_of(200)});
  const RailRequestId refund = asks(refunded, RailKind::refund)->request;
  BOOST_TEST(w.world.scheme_payable() == 200);
  const Decision failed = w.world.decline(refund);
  BOOST_TEST(
      (*first<CardRefundFailed>(failed.events) == CardRefundFailed{refund, w.alice, yen(200)}));
  BOOST_TEST(posts(failed, PostingReason::refund_failed,
                   {{payable_to(Scheme::visa, Currency::jpy), Side::debit, 200},
                    {refund_owed_to(w.alice, Currency::jpy), Side::credit, 200}}));
  BOOST_TEST(w.world.scheme_payable() == 0);
  BOOST_TEST(w.world.decline(refund).events.empty());
}

BOOST_AUTO_TEST_SUITE_END()
