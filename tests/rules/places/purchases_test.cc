// Tills: who may sell to whom, and in which order the checks come. The money is tested with money.
#include "ledger/rules/places/purchases.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

bool declines(const Decision& decision, std::optional<RiderId> rider, Refusal refusal) {
  const auto* declined = first<PurchaseDeclined>(decision.events);
  return refusal_of(decision) == refusal && declined != nullptr && declined->rider == rider &&
         declined->refusal == refusal && count<Posted>(decision.events) == 0 &&
         count<FundsReserved>(decision.events) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(purchases)

BOOST_AUTO_TEST_CASE(recognition_authorisation_and_debit_are_one_decision) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const Decision paid = world.pay(alice, 1'620);
  BOOST_TEST((std::get<Paid>(paid.reply).balance == yen(3'380)));
  BOOST_TEST(std::holds_alternative<FaceRecognised>(paid.events.front()));
  BOOST_TEST(count<PurchaseAuthorised>(paid.events) == 1U);
  BOOST_TEST(count<PurchaseCaptured>(paid.events) == 1U);
  BOOST_TEST(count<Posted>(paid.events) == 1U);
}

BOOST_AUTO_TEST_CASE(an_authorisation_is_captured_by_the_machine) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const Decision held =
      world.ask(AuthorisePurchase{world.till, world.face_of(alice, world.till), yen(700), {}},
                Attempt{world.till, key_of(200)});
  const PurchaseId purchase = std::get<Authorised>(held.reply).purchase;
  BOOST_TEST(world.free(alice) == 4'300);
  BOOST_TEST((next_due(world.state)->at == std::get<Authorised>(held.reply).expires));
  const Decision captured = world.ask(CapturePurchase{world.till, purchase, yen(500)});
  BOOST_TEST((std::get<Paid>(captured.reply).amount == yen(500)));
  BOOST_TEST(world.free(alice) == 4'500);
}

BOOST_AUTO_TEST_CASE(only_a_till_sells) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const TerminalId gate = world.gates.at("A0");
  const Attempt attempt{gate, key_of(1)};
  BOOST_TEST(refuses(world.ask(Pay{gate, world.face_of(alice, gate), yen(1), {}}, attempt),
                     Refusal::terminal_must_have_role));
  world.ask(RevokeTerminal{world.till});
  BOOST_TEST(refuses(world.pay(alice, 1), Refusal::terminal_must_not_be_revoked));
}

BOOST_AUTO_TEST_CASE(a_late_original_is_declined_before_anybody_is_named) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  world.ask(ReversePurchase{world.till, key_of(7)});
  const Decision late = world.ask(Pay{world.till, world.face_of(alice, world.till), yen(5), {}},
                                  Attempt{world.till, key_of(7)});
  BOOST_TEST(declines(late, {}, Refusal::attempt_must_not_be_reversed));
  BOOST_TEST(late.events.size() == 1U);
  BOOST_TEST(refuses(world.ask(Pay{world.till, world.face_of(alice, world.till), yen(5), {}}),
                     Refusal::attempt_must_be_given));
}

BOOST_AUTO_TEST_CASE(consent_is_for_payment_and_for_this_merchant) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  world.ask(WithdrawConsent{alice, Purpose::payment, {}});
  BOOST_TEST(declines(world.pay(alice, 5), alice, Refusal::consent_must_be_in_force));
  world.ask(GrantConsent{alice, Purpose::payment, party_of(MerchantId{1}), 1, {}});
  BOOST_TEST(!refusal_of(world.pay(alice, 5)).has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_is_counted_and_declined) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const auto with_pin = [&](bool correct) {
    return world.ask(Pay{world.till, world.pin_of(alice, correct), yen(5), {}},
                     Attempt{world.till, key_of(++world.keys)});
  };
  BOOST_TEST(declines(with_pin(false), alice, Refusal::pin_must_be_correct));
  BOOST_TEST(declines(with_pin(false), alice, Refusal::pin_must_be_correct));
  const Decision third = with_pin(false);
  BOOST_TEST(declines(third, alice, Refusal::pin_must_not_be_locked));
  BOOST_TEST(count<PinLocked>(third.events) == 1U);
  BOOST_TEST(declines(with_pin(true), alice, Refusal::pin_must_not_be_locked));
}

BOOST_AUTO_TEST_CASE(nobody_recognised_leaves_nothing) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  Presence close = world.face_of(alice, world.till);
  close.face->runner_up = close.face->score - 1;
  const State before = world.state;
  BOOST_TEST(refuses(world.ask(Pay{world.till, close, yen(5), {}}, Attempt{world.till, key_of(9)}),
                     Refusal::recognition_must_be_unambiguous));
  BOOST_TEST((world.state == before));
}

BOOST_AUTO_TEST_SUITE_END()
