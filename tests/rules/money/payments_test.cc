// Authorising a purchase: S16, S18, and every refusal on the way to the money.
#include "ledger/rules/money/payments.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "ledger/model/limits.h"
#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

// A refusal that is remembered, names the rider, and moves nothing.
bool declines(const Decision& decision, RiderId rider, Refusal refusal) {
  return refusal_of(decision) == refusal &&
         decision.events == Events{PurchaseDeclined{rider, {2}, refusal}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(payments)

BOOST_AUTO_TEST_CASE(s16_pay_by_face) {
  MoneyWorld world;
  const RiderId alice = world.add_rider(5'000);
  const Decision paid = world.pay_by_face(alice, 1'620);
  const PurchaseId id{world.people.position.value};
  BOOST_TEST((std::get<Paid>(paid.reply) == Paid{id, yen(1'620), yen(3'380)}));
  BOOST_TEST(paid.events.size() == 3U);
  BOOST_TEST(first<PurchaseAuthorised>(paid.events)->face_only);
  BOOST_TEST((*first<PurchaseCaptured>(paid.events) == PurchaseCaptured{id, yen(1'620)}));
  BOOST_TEST((first<Posted>(paid.events)->reason == PostingReason::purchase_captured));
  BOOST_TEST(world.wallet(alice) == 3'380);
  BOOST_TEST(world.payable({1}) == 1'620);
  BOOST_TEST((find(world.payments, id)->state == PurchaseState::captured));
  BOOST_TEST(!find(world.payments, PurchaseId{999}));
}

BOOST_AUTO_TEST_CASE(an_authorisation_holds_and_moves_nothing) {
  MoneyWorld world;
  const RiderId alice = world.add_rider(5'000);
  const Decision held = world.authorise_by_face(alice, 700);
  const PurchaseId id{world.people.position.value};
  const Instant expires = world.people.now + world.policy().hold_life;
  BOOST_TEST((std::get<Authorised>(held.reply) == Authorised{id, yen(700), expires}));
  BOOST_TEST(
      (*first<FundsReserved>(held.events) == FundsReserved{hold_of(id), alice, yen(700), expires}));
  BOOST_TEST(count<Posted>(held.events) == 0U);
  BOOST_TEST(world.wallet(alice) == 5'000);
  BOOST_TEST(world.free(alice) == 4'300);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sold_is_declined) {
  MoneyWorld world;
  const RiderId alice = world.add_rider(1'000);
  const RiderId poor = world.people.add_enrolled(Purpose::payment);
  for (const MoneyWorld::Take how : {&pay, &authorise}) {
    const auto sell = [&](RiderId rider, std::int64_t minor) {
      return world.take(how, {rider, true, false}, world.sale(minor));
    };
    BOOST_TEST(declines(sell(alice, 0), alice, Refusal::amount_must_be_positive));
    BOOST_TEST(declines(sell(alice, -1), alice, Refusal::amount_must_be_positive));
    BOOST_TEST(declines(sell(alice, amount_minor_max + 1), alice, Refusal::amount_must_fit));
    BOOST_TEST(declines(sell(poor, 1), poor, Refusal::wallet_must_be_open));
    BOOST_TEST(declines(sell(alice, 1'001), alice, Refusal::funds_must_cover_amount));
    Sale pounds = world.sale(1);
    pounds.amount.currency = Currency::gbp;
    BOOST_TEST(declines(world.take(how, {alice, true, false}, pounds), alice,
                        Refusal::currency_must_match));
    const Decision keyless =
        how(world.payments, world.book, world.holds, world.wallets, world.policy(),
            {alice, true, false}, world.sale(1), world.moment());
    BOOST_TEST(refuses(keyless, Refusal::attempt_must_be_given));
  }
}

BOOST_AUTO_TEST_CASE(held_money_cannot_be_spent) {
  MoneyWorld world;
  const RiderId alice = world.add_rider(1'000);
  world.authorise_by_face(alice, 600);
  BOOST_TEST(declines(world.pay_by_face(alice, 401), alice, Refusal::funds_must_cover_amount));
  BOOST_TEST(!refusal_of(world.pay_by_face(alice, 400)));
}

BOOST_AUTO_TEST_CASE(a_book_that_is_full_declines) {
  MoneyWorld world;
  const RiderId alice = world.add_rider();
  const std::int64_t almost = std::numeric_limits<std::int64_t>::max() - 10;
  world.settle({{Posted{PostingReason::funds_loaded,
                        {{bank_account({0}, Currency::jpy), Side::debit, almost},
                         {wallet_of(alice, Currency::jpy), Side::credit, almost}}}},
                Done{}});
  BOOST_TEST(declines(world.pay_by_face(alice, 11), alice, Refusal::amount_must_fit));
  BOOST_TEST(!refusal_of(world.pay_by_face(alice, 10)));
}

// S18, first half: one purchase above the limit.
BOOST_AUTO_TEST_CASE(s18_a_large_purchase_asks_for_a_pin) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  BOOST_TEST(!refusal_of(world.pay_by_face(hana, 10'000)));
  const Decision asked = world.pay_by_face(hana, 12'800);
  const StepUpId id{world.people.position.value};
  BOOST_TEST((refusal_of(asked) == Refusal::step_up_must_be_done));
  BOOST_TEST((step_up_of(asked) == id));
  BOOST_TEST(
      (asked.events ==
       Events{StepUpRequested{
           id, hana, {2}, {1}, yen(12'800), world.people.now + world.policy().step_up_life}}));
  const Decision paid = world.pay_by_pin(hana, 12'800, id);
  BOOST_TEST(!refusal_of(paid));
  BOOST_TEST((*first<StepUpSatisfied>(paid.events) == StepUpSatisfied{id, hana}));
  BOOST_TEST(!first<PurchaseAuthorised>(paid.events)->face_only);
  BOOST_TEST(world.face_only(hana) == 0);
  BOOST_TEST(world.wallet(hana) == 27'200);
  // Used up.
  BOOST_TEST(declines(world.pay_by_pin(hana, 12'800, id), hana, Refusal::step_up_must_be_bound));
}

// S18, second half: the day's total.
BOOST_AUTO_TEST_CASE(s18_the_days_total_asks_for_a_pin) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  for (int sale = 0; sale < 3; ++sale) BOOST_TEST(!refusal_of(world.pay_by_face(hana, 9'000)));
  BOOST_TEST((refusal_of(world.pay_by_face(hana, 4'000)) == Refusal::step_up_must_be_done));
  BOOST_TEST((refusal_of(world.pay_by_face(hana, 3'001)) == Refusal::step_up_must_be_done));
  const Decision asked = world.authorise_by_face(hana, 4'000);
  BOOST_TEST((refusal_of(asked) == Refusal::step_up_must_be_done));
  BOOST_TEST(!refusal_of(world.pay_by_face(hana, 3'000)));
  BOOST_TEST(world.face_only(hana) == 30'000);
  BOOST_TEST(!refusal_of(world.pay_by_pin(hana, 4'000, step_up_of(asked))));
  BOOST_TEST(world.face_only(hana) == 0);
  BOOST_TEST(!refusal_of(world.pay_by_face(hana, 9'000)));
}

BOOST_AUTO_TEST_CASE(a_step_up_is_bound_to_what_was_asked) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  const RiderId other = world.add_rider(50'000);
  const auto asked = step_up_of(world.pay_by_face(hana, 12'800));
  const auto bound = Refusal::step_up_must_be_bound;
  BOOST_TEST(declines(world.pay_by_pin(hana, 12'801, asked), hana, bound));
  BOOST_TEST(declines(world.pay_by_pin(other, 12'800, asked), other, bound));
  BOOST_TEST(declines(world.pay_by_pin(hana, 12'800, StepUpId{999}), hana, bound));
  const auto at_till = [&](TerminalId till) {
    return refusal_of(world.take(pay, {hana, true, true}, world.sale(12'800, asked, till)));
  };
  BOOST_TEST((at_till({3}) == bound));  // another merchant's
  BOOST_TEST((at_till({6}) == bound));  // another till of the same merchant
  Sale other_merchant = world.sale(12'800, asked);
  other_merchant.merchant = {2};
  BOOST_TEST(declines(world.take(pay, {hana, true, true}, other_merchant), hana, bound));
  world.people.now = world.people.now + world.policy().step_up_life + milliseconds(1);
  BOOST_TEST(declines(world.pay_by_pin(hana, 12'800, asked), hana, bound));
  world.people.now = world.people.now + milliseconds(-1);
  BOOST_TEST(!refusal_of(world.pay_by_pin(hana, 12'800, asked)));
}

BOOST_AUTO_TEST_CASE(a_newer_step_up_replaces_an_older) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  const auto old = step_up_of(world.pay_by_face(hana, 12'800));
  const auto asked = step_up_of(world.pay_by_face(hana, 12'800));
  BOOST_TEST(declines(world.pay_by_pin(hana, 12'800, old), hana, Refusal::step_up_must_be_bound));
  BOOST_TEST(!refusal_of(world.pay_by_pin(hana, 12'800, asked)));
}

BOOST_AUTO_TEST_CASE(a_step_up_without_its_pin_is_no_step_up) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  const auto asked = step_up_of(world.pay_by_face(hana, 12'800));
  const Decision again = world.take(pay, {hana, true, false}, world.sale(12'800, asked));
  BOOST_TEST((refusal_of(again) == Refusal::step_up_must_be_done));
}

BOOST_AUTO_TEST_CASE(a_pin_from_the_start_needs_no_step_up_and_resets_nothing) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(50'000);
  world.pay_by_face(hana, 9'000);
  BOOST_TEST(!refusal_of(world.pay_by_pin(hana, 12'800)));
  BOOST_TEST(world.face_only(hana) == 9'000);
}

BOOST_AUTO_TEST_CASE(a_short_purse_leaves_the_step_up_usable) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(11'000);
  const auto asked = step_up_of(world.pay_by_face(hana, 12'800));
  BOOST_TEST(
      declines(world.pay_by_pin(hana, 12'800, asked), hana, Refusal::funds_must_cover_amount));
  world.ask(LoadFunds{hana, yen(5'000), {}});
  BOOST_TEST(!refusal_of(world.pay_by_pin(hana, 12'800, asked)));
}

// The total is of a local day: 15:00 UTC is midnight in Tokyo.
BOOST_AUTO_TEST_CASE(a_new_day_is_a_new_total) {
  MoneyWorld world;
  const RiderId hana = world.add_rider(90'000);
  world.people.now = {days(20'000).ms + hours(15).ms - 1};
  for (int sale = 0; sale < 3; ++sale) world.pay_by_face(hana, 10'000);
  BOOST_TEST((refusal_of(world.pay_by_face(hana, 1)) == Refusal::step_up_must_be_done));
  world.people.now = world.people.now + milliseconds(1);
  BOOST_TEST(world.face_only(hana) == 0);
  BOOST_TEST(!refusal_of(world.pay_by_face(hana, 10'000)));
  BOOST_TEST(world.face_only(hana) == 10'000);
}

// A limit that is not stated for a currency is zero.
BOOST_AUTO_TEST_CASE(nothing_goes_by_face_alone_in_another_currency) {
  MoneyWorld world;
  const RiderId hana = world.add_rider();
  world.ask(OpenWallet{hana, Currency::gbp});
  world.ask(LoadFunds{hana, {500, Currency::gbp}, {}});
  const Sale pounds{{2}, {1}, Currency::gbp, {100, Currency::gbp}, {}};
  const Decision asked = world.take(pay, {hana, true, false}, pounds);
  BOOST_TEST((refusal_of(asked) == Refusal::step_up_must_be_done));
  BOOST_TEST(!refusal_of(world.take(pay, {hana, true, true}, pounds)));
}

BOOST_AUTO_TEST_CASE(an_attempt_reversed_before_it_came_is_declined) {
  MoneyWorld world;
  const RiderId bob = world.add_rider(1'000);
  const Attempt attempt{{2}, key_of(200)};
  BOOST_TEST(attempt_must_stand(world.payments, world.moment(attempt)).has_value());
  world.ask(ReversePurchase{{2}, key_of(200)});
  BOOST_TEST((attempt_must_stand(world.payments, world.moment(attempt)).error() ==
              Refusal::attempt_must_not_be_reversed));
  BOOST_TEST((attempt_must_stand(world.payments, world.moment()).error() ==
              Refusal::attempt_must_be_given));
  BOOST_TEST(declines(world.pay_by_face(bob, 300, key_of(200)), bob,
                      Refusal::attempt_must_not_be_reversed));
  // The same bytes from another till are another attempt.
  BOOST_TEST(
      !refusal_of(world.take(pay, {bob, true, false}, world.sale(300, {}, {3}), key_of(200))));
}

BOOST_AUTO_TEST_SUITE_END()
