// Rides that a card pays: no stored value, no hold, one fare day by entry; corrections on the way
// and after the card has paid.
#include "ledger/rules/money/card_rides.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Riding {
  CardWorld world = card_world();
  RiderId oli = world.add_rider(0);
  PaymentMethodId card = world.rides_on_card(oli);
  JourneyId lost() {  // a journey without an exit, its maximum fare owed
    const JourneyId id = journey_of(world.enter(oli, "A0"));
    world.wait(hours(4));
    return id;
  }
  Decision correct(JourneyId id, const Code& to) {
    return world.ask(CorrectJourney{id, to, world.desk});
  }
  std::int64_t debt() const { return world.debt(oli); }
  void until_asked() {
    while (world.state.cards.rails.open.empty()) world.wait(hours(1));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(card_rides)

BOOST_AUTO_TEST_CASE(nothing_is_held_and_no_wallet_is_needed) {
  CardWorld world = card_world();
  const RiderId oli{world.add(RegisterRider{Category::adult, {}})};
  world.ask(GrantConsent{oli, Purpose::transit, {}, 1, {}});
  world.ask(EnrolFace{oli, {1}, "sface-128", 3, {}});
  BOOST_TEST((refusal_of(world.enter(oli, "A0")) == Refusal::wallet_must_be_open));
  world.rides_on_card(oli);
  const Decision in = world.enter(oli, "A0");
  BOOST_TEST((std::get<Entered>(in.reply).available == yen(0)));
  BOOST_TEST(count<FundsReserved>(in.events) == 0U);
  BOOST_TEST(count<CardRideOpened>(in.events) == 1U);
  BOOST_TEST(is_card_ride(world.state.cards, journey_of(in)));
  world.now = world.now + minutes(15);
  const Decision out = world.leave(oli, "A3");
  BOOST_TEST((std::get<Left>(out.reply).fare == yen(240)));
  BOOST_TEST(posts(out, PostingReason::fare_charged,
                   {{debt_of(oli, Currency::jpy), Side::debit, 240},
                    {payable_to(world.om, Currency::jpy), Side::credit, 240}}));
  BOOST_TEST(world.state.cards.fares.rides.empty());
  BOOST_TEST(!is_travelling(world.state.journeys, oli));
}

BOOST_AUTO_TEST_CASE(a_journey_belongs_to_the_day_of_its_entry) {
  Riding r;
  r.world.now = {1'750'096'200'000};  // 02:50 in Tokyo
  r.world.enter(r.oli, "A0");
  r.world.now = r.world.now + minutes(20);
  r.world.leave(r.oli, "A3");
  r.world.ride(r.oli, "A3", "A0");
  BOOST_TEST(r.world.state.cards.fares.tabs.size() == 2U);
  const auto& tabs = r.world.state.cards.fares.tabs;
  BOOST_TEST(tabs.begin()->second.key.day + 1 == tabs.rbegin()->second.key.day);
  BOOST_TEST((tabs.begin()->second.next == Instant{1'750'111'200'000}));
  BOOST_TEST((tabs.rbegin()->second.next == Instant{1'750'111'200'000} + days(1)));
}

BOOST_AUTO_TEST_CASE(out_where_one_came_in_costs_nothing_and_leaves_nothing) {
  Riding r;
  r.world.ride(r.oli, "A0", "A0");
  BOOST_TEST(r.world.state.cards.fares.tabs.empty());
  BOOST_TEST(r.debt() == 0);
}

BOOST_AUTO_TEST_CASE(a_missed_exit_is_paid_by_the_card_that_entered) {
  Riding r;
  r.world.enter(r.oli, "A0");
  r.world.ask(ChooseFareTender{r.oli, {}});
  r.world.ask(LoadFunds{r.oli, yen(1'000), {}});
  r.world.now = r.world.now + minutes(30);
  // In again elsewhere: the old journey is the card's, the new one the wallet's.
  const Decision in = r.world.enter(r.oli, "A5");
  BOOST_TEST(count<MaximumFareCharged>(in.events) == 1U);
  BOOST_TEST(r.debt() == 390);
  BOOST_TEST(r.world.free(r.oli) == 610);
  BOOST_TEST(count<FundsReserved>(in.events) == 1U);
  // And the other way round.
  r.world.ask(ChooseFareTender{r.oli, r.card});
  r.world.now = r.world.now + minutes(30);
  const Decision back = r.world.enter(r.oli, "A0");
  BOOST_TEST(r.world.wallet(r.oli) == 610);
  BOOST_TEST(count<FundsReserved>(back.events) == 0U);
  BOOST_TEST(r.debt() == 390);
}

BOOST_AUTO_TEST_CASE(who_chose_a_card_that_is_gone_is_told_so) {
  Riding r;
  r.world.ask(LoadFunds{r.oli, yen(1'000), {}});
  r.world.ask(UnlinkPaymentMethod{r.oli, r.card});
  const Decision denied = r.world.enter(r.oli, "A0");
  BOOST_TEST((refusal_of(denied) == Refusal::method_must_be_linked));
  BOOST_TEST((reason_of(Refusal::method_must_be_linked) == Reason::method_not_linked));
  BOOST_TEST(count<EntryDenied>(denied.events) == 1U);
}

BOOST_AUTO_TEST_CASE(a_correction_before_the_card_is_asked_is_less_to_ask_for) {
  Riding r;
  const JourneyId id = r.lost();
  BOOST_TEST(r.debt() == 390);
  const Decision corrected = r.correct(id, "A5");
  BOOST_TEST(posts(corrected, PostingReason::fare_adjusted,
                   {{payable_to(r.world.om, Currency::jpy), Side::debit, 100},
                    {debt_of(r.oli, Currency::jpy), Side::credit, 100}}));
  BOOST_TEST(count<AggregationAdjusted>(corrected.events) == 1U);
  r.correct(id, "A9");  // 390 again
  r.correct(id, "A3");  // 240
  BOOST_TEST(r.debt() == 240);
  r.until_asked();
  BOOST_TEST((r.world.request(r.world.asked()).amount == yen(240)));
}

BOOST_AUTO_TEST_CASE(while_the_rail_has_it_nothing_is_corrected) {
  Riding r;
  const JourneyId id = r.lost();
  r.until_asked();
  BOOST_TEST(refuses(r.correct(id, "A5"), Refusal::charge_must_not_be_pending));
}

BOOST_AUTO_TEST_CASE(a_correction_after_the_card_has_paid_goes_back_to_it) {
  Riding r;
  const JourneyId id = r.lost();
  r.until_asked();
  const RailRequestId paid = r.world.asked();
  r.world.approve();
  const Decision corrected = r.correct(id, "A5");
  BOOST_TEST(posts(corrected, PostingReason::fare_adjusted,
                   {{payable_to(r.world.om, Currency::jpy), Side::debit, 100},
                    {payable_to(Scheme::visa, Currency::jpy), Side::credit, 100}}));
  const RailRequested* refund = asks(corrected, RailKind::refund);
  BOOST_TEST((refund->what.original == paid));
  BOOST_TEST((refund->what.cause == RailCause::fare));
  BOOST_TEST(refund->what.approval == "A1");
  // Dearer again: that is a new charge; and back: only the card's part by the rail.
  r.correct(id, "A9");
  BOOST_TEST(r.debt() == 100);
  const Decision cheaper = r.correct(id, "A3");
  BOOST_TEST(r.debt() == 0);
  BOOST_TEST((asks(cheaper, RailKind::refund)->what.amount == yen(50)));
}

BOOST_AUTO_TEST_CASE(a_correction_of_declined_fares_lowers_what_is_owed) {
  Riding r;
  CardTerms terms = test_terms(r.world.om);
  terms.schemes.clear();
  r.world.ask(PublishCardTerms{terms});
  const JourneyId id = r.lost();
  r.until_asked();
  r.world.decline();
  BOOST_TEST(r.world.state.cards.fares.denied.contains(r.oli));
  r.correct(id, "A5");
  BOOST_TEST(r.debt() == 290);
  r.world.ask(LoadFunds{r.oli, yen(290), {}});
  BOOST_TEST(!r.world.state.cards.fares.denied.contains(r.oli));
  // A load has paid it: what is corrected now goes back to the wallet.
  const Decision corrected = r.correct(id, "A3");
  BOOST_TEST(posts(corrected, PostingReason::fare_adjusted,
                   {{payable_to(r.world.om, Currency::jpy), Side::debit, 50},
                    {wallet_of(r.oli, Currency::jpy), Side::credit, 50}}));
}

BOOST_AUTO_TEST_CASE(what_was_written_off_is_not_corrected) {
  Riding r;
  CardTerms terms = test_terms(r.world.om);
  terms.schemes.clear();
  terms.retries_max = 0;
  r.world.ask(PublishCardTerms{terms});
  const JourneyId id = r.lost();
  r.until_asked();
  r.world.decline();
  r.world.wait(days(31));
  BOOST_TEST(refuses(r.correct(id, "A5"), Refusal::correction_must_be_in_time));
}

BOOST_AUTO_TEST_CASE(fares_that_are_posted_when_charged_are_corrected_without_a_posting) {
  Riding r;
  CardTerms terms = test_terms(r.world.om);
  terms.operators[0].books = FareBooks::when_charged;
  r.world.ask(PublishCardTerms{terms});
  const JourneyId id = r.lost();
  const Decision corrected = r.correct(id, "A5");
  BOOST_TEST(posting(corrected) == nullptr);
  r.until_asked();
  BOOST_TEST((r.world.request(r.world.asked()).amount == yen(290)));
}

// A wallet's journey that is corrected does not lower what a card is going to be asked for.
BOOST_AUTO_TEST_CASE(a_wallets_correction_leaves_the_cards_fares_alone) {
  Riding r;
  r.world.ask(ChooseFareTender{r.oli, {}});
  r.world.ask(LoadFunds{r.oli, yen(1'000), {}});
  const JourneyId wallets = r.lost();
  r.world.ask(ChooseFareTender{r.oli, r.card});
  r.world.ride(r.oli, "A0", "A3");
  BOOST_TEST(r.debt() == 240);
  r.correct(wallets, "A5");
  BOOST_TEST(r.debt() == 240);
  BOOST_TEST(r.world.wallet(r.oli) == 710);
}

BOOST_AUTO_TEST_SUITE_END()
