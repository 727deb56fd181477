// What every decision is asked about cards afterwards, whose business is open, and which timer of
// theirs comes first.
#include "ledger/rules/money/cards.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(cards)

BOOST_AUTO_TEST_CASE(business_is_counted) {
  Cards all;
  BOOST_TEST(!has_open_business(all, {1}));
  business_begins(all, {1});
  business_begins(all, {1});
  business_begins(all, {2});
  business_ends(all, {1});
  BOOST_TEST(has_open_business(all, {1}));
  business_ends(all, {1});
  BOOST_TEST(!has_open_business(all, {1}));
  BOOST_TEST(has_open_business(all, {2}));
}

BOOST_AUTO_TEST_CASE(an_erasure_waits_for_the_last_thing_that_is_open) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.pays_by(alice, Tender::wallet_and_card);
  world.pay(alice, 1'200);
  const RailRequestId first_sale = world.asked();
  world.pay(alice, 300);
  const RailRequestId second_sale = world.asked();
  world.ask(EraseRider{alice});
  BOOST_TEST(count<ErasureCompleted>(world.approve(second_sale).events) == 0U);
  BOOST_TEST(count<ErasureCompleted>(world.approve(first_sale).events) == 1U);
}

// One decision may ask for two things: the rest of a sale, and a load.
BOOST_AUTO_TEST_CASE(a_sale_that_empties_the_wallet_captures_and_loads) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  const PaymentMethodId card = world.pays_by(alice, Tender::wallet_and_card);
  world.ask(SetAutoLoad{alice, card, yen(500), yen(2'000)});
  world.pay(alice, 1'200);
  const Decision captured = world.approve();
  BOOST_TEST(count<RailRequested>(captured.events) == 2U);
  BOOST_TEST((asks(captured, RailKind::capture)->request == RailRequestId{2}));
  BOOST_TEST((asks(captured, RailKind::authorise)->request == RailRequestId{3}));
  BOOST_TEST((first<AutoLoadTriggered>(captured.events)->request == RailRequestId{3}));
}

BOOST_AUTO_TEST_CASE(the_earliest_timer_comes_first) {
  CardWorld world = card_world();
  BOOST_TEST(!next_due(world.state.cards).has_value());
  const RiderId alice = world.add_rider(0);
  world.link(alice, "tok-9", Scheme::visa, world.now + days(1));
  BOOST_TEST(std::holds_alternative<ExpirePaymentMethod>(next_due(world.state.cards)->command));
  world.rides_on_card(alice);
  world.ride(alice, "A0", "A3");
  BOOST_TEST(std::holds_alternative<AdvanceAggregation>(next_due(world.state.cards)->command));
  world.pays_by(alice, Tender::card, "tok-2");
  const PurchaseId sold = std::get<Pending>(world.pay(alice, 100).reply).purchase;
  BOOST_TEST(std::holds_alternative<ExpireRailRequest>(next_due(world.state.cards)->command));
  world.approve();
  CardTerms terms = test_terms(world.om);
  terms.provisional_within = {};  // at once
  world.ask(PublishCardTerms{terms});
  world.ask(OpenDispute{world.desk, sold, yen(100)});
  BOOST_TEST(std::holds_alternative<AdvanceDispute>(next_due(world.state.cards)->command));
  BOOST_TEST(count<ProvisionalCreditIssued>(world.ask(next_due(world.state)->command).events) ==
             1U);
}

BOOST_AUTO_TEST_SUITE_END()
