// Linking cards, choosing what pays, and the terms under which cards do.
#include "ledger/rules/money/methods.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/limits.h"
#include "tests/rules/money/card_world.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(methods)

BOOST_AUTO_TEST_CASE(a_card_is_linked_by_its_token) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  const RiderId bob = world.add_rider(0);
  const PaymentMethodId card = world.link(alice);
  BOOST_TEST((card_of(world.state.cards.methods, card) == CardKey{Scheme::visa, "tok-1"}));
  BOOST_TEST(must_be_usable(world.state.cards.methods, alice, card, world.now).has_value());
  BOOST_TEST(!must_be_usable(world.state.cards.methods, bob, card, world.now));
  BOOST_TEST(refuses(world.ask(LinkPaymentMethod{alice, Scheme::visa, "tok-1", {}}),
                     Refusal::method_must_be_new));
  BOOST_TEST((world.link(bob) != card));  // one card of two people
  BOOST_TEST((world.link(alice, "tok-1", Scheme::jcb) != card));
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  const auto linking = [&](RiderId rider, Scheme scheme, const Code& token,
                           std::optional<Instant> expires = {}) {
    return world.ask(LinkPaymentMethod{rider, scheme, token, expires});
  };
  BOOST_TEST(refuses(linking({99}, Scheme::visa, "t"), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(linking(alice, Scheme::visa, "4111-1111-1111-1111"),
                     Refusal::card_number_must_not_be_given));
  BOOST_TEST(refuses(linking(alice, Scheme::visa, "t4111111111111111"),
                     Refusal::card_number_must_not_be_given));
  BOOST_TEST(refuses(linking(alice, Scheme::visa, ""), Refusal::code_must_be_valid));
  BOOST_TEST(refuses(linking(alice, Scheme::visa, "a token"), Refusal::code_must_be_valid));
  BOOST_TEST(refuses(linking(alice, static_cast<Scheme>(9), "t"), Refusal::code_must_be_valid));
  BOOST_TEST(refuses(linking(alice, Scheme::visa, "t", world.now), Refusal::method_must_be_linked));
  const Instant beyond{instant_max.ms + 1};
  BOOST_TEST(refuses(linking(alice, Scheme::visa, "t", beyond), Refusal::method_must_be_linked));
}

BOOST_AUTO_TEST_CASE(an_unlinked_card_pays_nothing_and_is_never_replaced_by_a_guess) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(5'000);
  const PaymentMethodId card = world.pays_by(alice, Tender::card);
  const RiderId bob = world.add_rider(0);
  BOOST_TEST(refuses(world.ask(UnlinkPaymentMethod{bob, card}), Refusal::method_must_be_linked));
  BOOST_TEST(count<PaymentMethodUnlinked>(world.ask(UnlinkPaymentMethod{alice, card}).events) ==
             1U);
  BOOST_TEST(refuses(world.ask(UnlinkPaymentMethod{alice, card}), Refusal::method_must_be_linked));
  // 5,000 are in the wallet, but she did not choose it.
  const Decision declined = world.pay(alice, 100);
  BOOST_TEST((refusal_of(declined) == Refusal::method_must_be_linked));
  BOOST_TEST(count<PurchaseDeclined>(declined.events) == 1U);
  BOOST_TEST(world.wallet(alice) == 5'000);
  world.ask(ChooseTender{alice, Tender::wallet, {}});
  BOOST_TEST(!refusal_of(world.pay(alice, 100)).has_value());
}

BOOST_AUTO_TEST_CASE(a_card_expires_by_its_timer) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  const Instant end = world.now + days(30);
  const PaymentMethodId card = world.link(alice, "tok-1", Scheme::visa, end);
  BOOST_TEST((next_due(world.state)->at == end));
  BOOST_TEST(refuses(world.ask(ExpirePaymentMethod{card}), Refusal::timer_must_be_due));
  BOOST_TEST(refuses(world.ask(ExpirePaymentMethod{{999}}), Refusal::timer_must_be_due));
  world.now = end;
  // By its time, also where the timer has not come yet.
  BOOST_TEST(!must_be_usable(world.state.cards.methods, alice, card, end));
  const Decision expired = world.ask(next_due(world.state)->command);
  BOOST_TEST((*first<PaymentMethodExpired>(expired.events) == PaymentMethodExpired{card, alice}));
  BOOST_TEST(!next_due(world.state).has_value());
  BOOST_TEST(refuses(world.ask(ExpirePaymentMethod{card}), Refusal::timer_must_be_due));
  BOOST_TEST((world.link(alice) != card));  // the new one, under the same token
}

BOOST_AUTO_TEST_CASE(only_an_own_linked_card_can_be_chosen) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  const PaymentMethodId others = world.link(world.add_rider(0));
  for (const auto& method : {std::optional<PaymentMethodId>{}, std::optional(others),
                             std::optional(PaymentMethodId{999})}) {
    BOOST_TEST(refuses(world.ask(ChooseTender{alice, Tender::card, method}),
                       Refusal::method_must_be_linked));
    if (method)
      BOOST_TEST(
          refuses(world.ask(ChooseFareTender{alice, method}), Refusal::method_must_be_linked));
  }
  const std::optional<PaymentMethodId> none;
  BOOST_TEST(refuses(world.ask(ChooseTender{{99}, Tender::wallet, none}),
                     Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(ChooseFareTender{{99}, none}), Refusal::rider_must_be_registered));
  world.pays_by(alice, Tender::wallet_and_card);
  BOOST_TEST(world.state.cards.methods.tenders.contains(alice));
  world.ask(ChooseTender{alice, Tender::wallet, none});
  BOOST_TEST(!world.state.cards.methods.tenders.contains(alice));
  world.rides_on_card(alice, "tok-2");
  BOOST_TEST(world.state.cards.methods.fares.contains(alice));
  world.ask(ChooseFareTender{alice, none});
  BOOST_TEST(!world.state.cards.methods.fares.contains(alice));
}

BOOST_AUTO_TEST_CASE(terms_are_versions_and_the_last_one_is_in_force) {
  CardWorld world = card_world();
  BOOST_TEST((*card_terms_in_force(world.state.cards.methods))->dispute_fee_minor == 1'500);
  CardTerms terms = test_terms(world.om);
  terms.dispute_fee_minor = 0;
  BOOST_TEST((world.ask(PublishCardTerms{terms}).reply == Reply{Registered{2}}));
  const CardTerms& now = **card_terms_in_force(world.state.cards.methods);
  BOOST_TEST(now.dispute_fee_minor == 0);
  BOOST_TEST((ride_terms(now, world.om).bearer == DebtBearer::transit_operator));
  BOOST_TEST((ride_terms(now, {77}) == RideTerms{}));
  BOOST_TEST(first_ride_max(now, Scheme::visa) == 500);
  BOOST_TEST(first_ride_max(now, Scheme::mir) == 0);
  BOOST_TEST((card_terms_in_force(Methods{}).error() == Refusal::card_terms_must_be_published));
}

BOOST_AUTO_TEST_CASE(terms_that_make_no_sense_are_refused) {
  CardWorld world = card_world();
  using Break = void (*)(CardTerms&);
  const std::vector<Break> breaks{
      [](CardTerms& t) { t.currency = static_cast<Currency>(1); },
      [](CardTerms& t) { t.answer_within = {}; },
      [](CardTerms& t) { t.quiet_answer_within = {-1}; },
      [](CardTerms& t) { t.day_begins = days(1); },
      [](CardTerms& t) { t.closes_after = {-1}; },
      [](CardTerms& t) { t.retry_every = {}; },
      [](CardTerms& t) { t.write_off_after = {duration_max.ms + 1}; },
      [](CardTerms& t) { t.dispute_fee_minor = -1; },
      [](CardTerms& t) { t.dispute_tax_minor = amount_minor_max + 1; },
      [](CardTerms& t) { t.provisional_within = {t.resolve_within.ms + 1}; },
      [](CardTerms& t) { t.resolve_within = {}; },
      [](CardTerms& t) { t.represent_within = {}; },
      [](CardTerms& t) { t.rule_within = {}; },
      [](CardTerms& t) { t.schemes.push_back(t.schemes[0]); },
      [](CardTerms& t) { t.schemes[0].scheme = static_cast<Scheme>(0); },
      [](CardTerms& t) { t.schemes[0].first_ride_max = -1; },
      [](CardTerms& t) { t.operators.push_back(t.operators[0]); },
      [](CardTerms& t) { t.operators[0].transit = {9}; },
      [](CardTerms& t) { t.operators[0].books = static_cast<FareBooks>(3); },
      [](CardTerms& t) { t.operators[0].bearer = static_cast<DebtBearer>(0); },
      [](CardTerms& t) { t.operators[0].maximum_waits = {-1}; }};
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    CardTerms terms = test_terms(world.om);
    breaks[i](terms);
    BOOST_TEST(refuses(world.ask(PublishCardTerms{terms}), Refusal::card_terms_must_be_valid), i);
  }
}

BOOST_AUTO_TEST_CASE(without_terms_no_card_pays) {
  CardWorld world;
  static_cast<PlaceWorld&>(world) = place_world();
  const RiderId alice = world.add_rider(0);
  const PaymentMethodId card = world.link(alice);
  BOOST_TEST(refuses(world.ask(ChooseTender{alice, Tender::card, card}),
                     Refusal::card_terms_must_be_published));
  BOOST_TEST(
      refuses(world.ask(ChooseFareTender{alice, card}), Refusal::card_terms_must_be_published));
}

BOOST_AUTO_TEST_SUITE_END()
