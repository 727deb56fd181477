// What is owed to rails: numbered without gaps, open until answered, and never forgotten.
#include "ledger/rules/money/rails.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

RailRequest authorisation() {
  RailRequest asked;
  asked.about = 7;
  asked.rider = {1};
  asked.method = {3};
  asked.amount = yen(540);
  asked.deadline = Instant{10'000};
  return asked;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rails)

BOOST_AUTO_TEST_CASE(requests_of_one_decision_are_numbered_one_after_the_other) {
  Cards cards;
  Events events;
  events.push_back(ask_rail(cards.rails, events, authorisation()));
  events.push_back(CardTermsPublished{});
  events.push_back(ask_rail(cards.rails, events, authorisation()));
  BOOST_TEST((std::get<RailRequested>(events[0]).request == RailRequestId{1}));
  BOOST_TEST((std::get<RailRequested>(events[2]).request == RailRequestId{2}));
  apply(cards, std::get<RailRequested>(events[0]));
  apply(cards, std::get<RailRequested>(events[2]));
  BOOST_TEST((ask_rail(cards.rails, {}, authorisation()).request == RailRequestId{3}));
  BOOST_TEST(cards.rails.open.size() == 2U);
  BOOST_TEST(cards.rails.due.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_follows_names_what_it_follows) {
  const RailRequest capture = following(RailKind::capture, {4}, authorisation(), "A77", yen(500));
  BOOST_TEST((capture.kind == RailKind::capture));
  BOOST_TEST((capture.original == RailRequestId{4}));
  BOOST_TEST(capture.approval == "A77");
  BOOST_TEST((capture.amount == yen(500)));
  BOOST_TEST((capture.method == PaymentMethodId{3}));
  BOOST_TEST(!capture.deadline.has_value());  // it is owed until it is done
}

BOOST_AUTO_TEST_CASE(an_answer_ends_a_request) {
  Cards cards;
  apply(cards, RailRequested{{1}, authorisation()});
  apply(cards, RailAnswered{{1}, RailOutcome::approved, "A1"});
  BOOST_TEST(cards.rails.open.empty());
  BOOST_TEST(cards.rails.due.empty());
  BOOST_TEST(approval_of(cards.rails, {1}) == "A1");
  BOOST_TEST(approval_of(cards.rails, {9}).empty());
}

BOOST_AUTO_TEST_CASE(what_is_given_up_or_unavailable_may_still_be_answered) {
  Cards cards;
  apply(cards, RailRequested{{1}, authorisation()});
  apply(cards, RailRequested{{2}, authorisation()});
  apply(cards, RailAbandoned{{1}});
  apply(cards, RailAnswered{{2}, RailOutcome::unavailable, ""});
  BOOST_TEST(cards.rails.open.empty());
  BOOST_TEST(cards.rails.due.empty());
  BOOST_TEST(cards.rails.abandoned.size() == 2U);
  apply(cards, RailAnswered{{1}, RailOutcome::approved, "A1"});
  apply(cards, RailAnswered{{2}, RailOutcome::declined, ""});
  BOOST_TEST(cards.rails.abandoned.empty());
  BOOST_TEST((cards.rails.ended.at({2}) == RailEnd{RailOutcome::declined, ""}));
}

BOOST_AUTO_TEST_SUITE_END()
