// Sales that a card pays: S17, what the rider chose in advance, and the way back to what had paid.
#include "ledger/rules/money/card_sales.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

const Account visa = receivable_from(Scheme::visa, Currency::jpy);
const Account owed_to_visa = payable_to(Scheme::visa, Currency::jpy);

PurchaseId pending_of(const Decision& decision) {
  return std::get<Pending>(decision.reply).purchase;
}
Attempt next_attempt(CardWorld& world) { return {world.till, key_of(++world.keys)}; }

Decision refund(CardWorld& world, PurchaseId purchase, std::int64_t minor) {
  return world.ask(RefundPurchase{world.till, purchase, yen(minor)}, next_attempt(world));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_sales)

BOOST_AUTO_TEST_CASE(s17_pending_then_captured) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(5'000);
  const PaymentMethodId card = world.pays_by(alice, Tender::card);
  const Decision asked = world.pay(alice, 1'620);
  const PurchaseId id = pending_of(asked);
  BOOST_TEST((asked.reply == Reply{Pending{id, yen(1'620), world.now + seconds(10)}}));
  // The recognition, the pending purchase and what is owed to the rail, in one decision.
  BOOST_TEST(count<FaceRecognised>(asked.events) == 1U);
  BOOST_TEST(count<PurchaseAuthorised>(asked.events) == 1U);
  BOOST_TEST(
      (*first<CardChargePending>(asked.events) ==
       CardChargePending{id, {1}, alice, card, Scheme::visa, world.till, yen(1'620), yen(0)}));
  BOOST_TEST((asks(asked, RailKind::authorise)->what.amount == yen(1'620)));
  BOOST_TEST(posting(asked) == nullptr);
  BOOST_TEST(is_pending(world.state.cards.sales, id));
  const Decision captured = world.approve();
  BOOST_TEST((*first<CardChargeApproved>(captured.events) == CardChargeApproved{id, {1}, "A1"}));
  BOOST_TEST((*first<PurchaseCaptured>(captured.events) == PurchaseCaptured{id, yen(1'620)}));
  BOOST_TEST(posts(captured, PostingReason::purchase_captured,
                   {{visa, Side::debit, 1'620},
                    {payable_to(MerchantId{1}, Currency::jpy), Side::credit, 1'620}}));
  const RailRequested* capture = asks(captured, RailKind::capture);
  BOOST_TEST((capture->what.original == RailRequestId{1}));
  BOOST_TEST(capture->what.approval == "A1");
  BOOST_TEST(world.wallet(alice) == 5'000);
  BOOST_TEST((find(world.state.cards.sales, id)->stage == CardSaleStage::captured));
}

BOOST_AUTO_TEST_CASE(a_declined_card_declines_the_purchase) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(5'000);
  world.pays_by(alice, Tender::card);
  const PurchaseId id = pending_of(world.pay(alice, 1'620));
  const Decision declined = world.decline();
  BOOST_TEST(
      (first<CardChargeDeclined>(declined.events)->refusal == Refusal::method_must_be_approved));
  BOOST_TEST((*first<PurchaseDeclined>(declined.events) ==
              PurchaseDeclined{alice, world.till, Refusal::method_must_be_approved}));
  BOOST_TEST((reason_of(Refusal::method_must_be_approved) == Reason::method_declined));
  BOOST_TEST(posting(declined) == nullptr);
  BOOST_TEST((find(world.state.payments, id)->state == PurchaseState::voided));
  // What was not spent does not count toward what a face alone may spend.
  BOOST_TEST(world.state.payments.face_only.at(alice).minor == 0);
}

BOOST_AUTO_TEST_CASE(the_limits_of_a_face_are_those_of_the_wallet) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  world.pays_by(alice, Tender::card);
  BOOST_TEST((refusal_of(world.pay(alice, 10'001)) == Refusal::step_up_must_be_done));
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(!refusal_of(world.pay(alice, 10'000)).has_value());
  }
  BOOST_TEST((refusal_of(world.pay(alice, 1)) == Refusal::step_up_must_be_done));
  BOOST_TEST((refusal_of(world.pay(alice, 0)) == Refusal::amount_must_be_positive));
}

BOOST_AUTO_TEST_CASE(what_pays_is_chosen_in_advance) {
  struct Case {
    Tender tender;
    std::int64_t minor, by_card, from_wallet;
  };
  for (const Case& c :
       {Case{Tender::card, 600, 600, 0}, Case{Tender::wallet_then_card, 1'000, 0, 1'000},
        Case{Tender::wallet_then_card, 1'001, 1'001, 0},
        Case{Tender::wallet_and_card, 1'000, 0, 1'000},
        Case{Tender::wallet_and_card, 1'600, 600, 1'000}}) {
    CardWorld world = card_world();
    const RiderId alice = world.add_rider(1'000);
    world.pays_by(alice, c.tender);
    const Decision sold = world.pay(alice, c.minor);
    const auto* pending = first<CardChargePending>(sold.events);
    BOOST_TEST((pending != nullptr) == (c.by_card > 0));
    if (pending == nullptr) {
      BOOST_TEST(world.wallet(alice) == 1'000 - c.from_wallet);
      continue;
    }
    BOOST_TEST((pending->by_card == yen(c.by_card)));
    BOOST_TEST((pending->from_wallet == yen(c.from_wallet)));
    BOOST_TEST(world.free(alice) == 1'000 - c.from_wallet);
    world.approve();
    BOOST_TEST(world.wallet(alice) == 1'000 - c.from_wallet);
    BOOST_TEST(world.receivable() == c.by_card);
    BOOST_TEST(world.merchant() == c.minor);
    BOOST_TEST(!has_open_hold(world.state.holds, alice));
  }
}

BOOST_AUTO_TEST_CASE(without_a_choice_the_wallet_pays_or_nobody) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.link(alice);
  BOOST_TEST((refusal_of(world.pay(alice, 1'001)) == Refusal::funds_must_cover_amount));
  BOOST_TEST(std::holds_alternative<Paid>(world.pay(alice, 1'000).reply));
}

BOOST_AUTO_TEST_CASE(the_wallets_part_is_free_again_when_the_card_declines_or_is_silent) {
  for (const bool silent : {false, true}) {
    CardWorld world = card_world();
    const RiderId alice = world.add_rider(1'000);
    world.pays_by(alice, Tender::wallet_and_card);
    world.pay(alice, 1'600);
    BOOST_TEST(world.free(alice) == 0);
    if (silent)
      world.wait(seconds(10));
    else
      world.decline();
    BOOST_TEST(world.free(alice) == 1'000);
    BOOST_TEST(world.merchant() == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_card_pays_only_what_is_captured_at_once) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.pays_by(alice, Tender::wallet_then_card);
  const auto authorise = [&](std::int64_t minor) {
    return world.ask(
        AuthorisePurchase{world.till, world.face_of(alice, world.till), yen(minor), {}},
        next_attempt(world));
  };
  BOOST_TEST(std::holds_alternative<Authorised>(authorise(400).reply));
  BOOST_TEST((refusal_of(authorise(700)) == Refusal::sale_must_be_captured_at_once));
}

BOOST_AUTO_TEST_CASE(while_a_card_is_asked_only_a_reversal_ends_the_sale) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.pays_by(alice, Tender::wallet_and_card);
  const PurchaseId id = pending_of(world.pay(alice, 1'600));
  const AttemptKey key = key_of(world.keys);
  const TerminalId till = world.till;
  BOOST_TEST((refusal_of(world.ask(CapturePurchase{till, id, yen(10)}, next_attempt(world))) ==
              Refusal::charge_must_not_be_pending));
  BOOST_TEST((refusal_of(world.ask(VoidPurchase{till, id}, next_attempt(world))) ==
              Refusal::charge_must_not_be_pending));
  BOOST_TEST((refusal_of(refund(world, id, 10)) == Refusal::charge_must_not_be_pending));
  const RailRequestId request = world.asked();
  const Decision reversed = world.ask(ReversePurchase{till, key});
  BOOST_TEST((reversed.reply == Reply{Reversed{id, yen(0)}}));
  BOOST_TEST((asks(reversed, RailKind::reverse)->what.original == request));
  BOOST_TEST(world.free(alice) == 1'000);
  BOOST_TEST(world.ask(ReversePurchase{till, key}).events.empty());
  BOOST_TEST(asks(world.approve(request), RailKind::reverse) != nullptr);
  BOOST_TEST(world.merchant() == 0);
  BOOST_TEST(world.receivable() == 0);
}

BOOST_AUTO_TEST_CASE(a_captured_sale_is_reversed_to_what_had_paid) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.pays_by(alice, Tender::wallet_and_card);
  const PurchaseId id = world.bought(alice, 1'600);
  const AttemptKey key = key_of(world.keys);
  const Decision reversed = world.ask(ReversePurchase{world.till, key});
  BOOST_TEST((reversed.reply == Reply{Reversed{id, yen(1'600)}}));
  BOOST_TEST((asks(reversed, RailKind::reverse)->what.amount == yen(600)));
  BOOST_TEST(world.wallet(alice) == 1'000);
  BOOST_TEST(world.receivable() == 0);
  BOOST_TEST(world.merchant() == 0);
  BOOST_TEST(world.ask(ReversePurchase{world.till, key}).events.empty());
  BOOST_TEST((refusal_of(refund(world, id, 1)) == Refusal::purchase_must_not_be_reversed));
}

BOOST_AUTO_TEST_CASE(a_refund_goes_back_in_proportion_and_by_the_same_ways) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(1'000);
  world.pays_by(alice, Tender::wallet_and_card);
  const PurchaseId id = world.bought(alice, 1'600);  // 1,000 and 600
  const Decision refunded = refund(world, id, 400);  // 250 and 150
  const auto* parts = first<TendersRefunded>(refunded.events);
  BOOST_TEST((parts->to_wallet == yen(250)));
  BOOST_TEST((parts->to_card == yen(150)));
  BOOST_TEST((asks(refunded, RailKind::refund)->what.amount == yen(150)));
  BOOST_TEST(posts(refunded, PostingReason::refund_issued,
                   {{wallet_of(alice, Currency::jpy), Side::credit, 250},
                    {owed_to_visa, Side::credit, 150},
                    {payable_to(MerchantId{1}, Currency::jpy), Side::debit, 400}}));
  // What was captured is still the scheme's to pay; what goes back is owed to it.
  BOOST_TEST(world.receivable() == 600);
  BOOST_TEST(world.scheme_payable() == 150);
  BOOST_TEST((refusal_of(refund(world, id, 1'201)) == Refusal::refund_must_fit_purchase));
  refund(world, id, 1'200);
  BOOST_TEST(world.wallet(alice) == 1'000);
  BOOST_TEST(world.scheme_payable() == 600);
}

BOOST_AUTO_TEST_CASE(a_refund_finds_the_card_that_paid_although_it_is_linked_no_more) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  const PaymentMethodId card = world.pays_by(alice, Tender::card);
  const PurchaseId id = world.bought(alice, 540);
  world.ask(UnlinkPaymentMethod{alice, card});
  BOOST_TEST((asks(refund(world, id, 540), RailKind::refund)->what.method == card));
}

// 10: never more than each part, nothing lost, and many refunds come to what one would.
BOOST_AUTO_TEST_CASE(parts_fit_whatever_the_order) {
  BOOST_TEST(rc::check("parts of refunds", [] {
    CardSale sale;
    sale.from_wallet = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    sale.by_card = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
    const std::int64_t whole = sale.from_wallet + sale.by_card;
    std::int64_t back = 0;
    while (back < whole) {
      const auto next = std::min(
          whole - back, *rc::gen::inRange<std::int64_t>(1, std::max<std::int64_t>(whole / 3, 2)));
      const Parts parts = parts_of(sale, next);
      RC_ASSERT(parts.to_wallet >= 0 && parts.to_card >= 0);
      RC_ASSERT(parts.to_wallet + parts.to_card == next);
      sale.back_to_wallet += parts.to_wallet;
      sale.back_to_card += parts.to_card;
      back += next;
      CardSale at_once = sale;
      at_once.back_to_wallet = at_once.back_to_card = 0;
      RC_ASSERT(parts_of(at_once, back).to_wallet == sale.back_to_wallet);
      // Within one unit of the exact share.
      __extension__ using Wide = __int128;
      const Wide off = static_cast<Wide>(sale.back_to_wallet) * whole -
                       static_cast<Wide>(back) * sale.from_wallet;
      RC_ASSERT(off < whole && -off < whole);
    }
    RC_ASSERT(sale.back_to_wallet == sale.from_wallet && sale.back_to_card == sale.by_card);
  }));
}

BOOST_AUTO_TEST_CASE(where_the_card_has_given_all_the_wallet_has_the_rest) {
  CardSale sale;
  sale.from_wallet = 100;
  sale.by_card = 100;
  sale.back_to_card = 100;  // lost in a chargeback
  const Parts parts = parts_of(sale, 60);
  BOOST_TEST(parts.to_wallet == 60);
  BOOST_TEST(parts.to_card == 0);
}

BOOST_AUTO_TEST_CASE(what_the_books_cannot_hold_is_let_go_again) {
  CardWorld world = card_world();
  const RiderId alice = world.add_rider(0);
  world.pays_by(alice, Tender::card);
  world.pay(alice, 540);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  apply(world.state.book,
        Posted{PostingReason::funds_loaded,
               {{bank_account({}, Currency::jpy), Side::debit, most - 100},
                {wallet_of(world.add_rider(0), Currency::jpy), Side::credit, most - 100}}});
  const Decision full = world.approve();
  BOOST_TEST((first<PurchaseDeclined>(full.events)->refusal == Refusal::amount_must_fit));
  BOOST_TEST(asks(full, RailKind::reverse) != nullptr);
  BOOST_TEST(posting(full) == nullptr);
}

BOOST_AUTO_TEST_CASE(an_erasure_waits_for_the_card) {
  for (const bool approved : {true, false}) {
    CardWorld world = card_world();
    const RiderId alice = world.add_rider(0);
    world.pays_by(alice, Tender::card);
    world.pay(alice, 540);
    BOOST_TEST((world.ask(EraseRider{alice}).reply == Reply{Erased{alice, true}}));
    const Decision ended = approved ? world.approve() : world.decline();
    BOOST_TEST(count<ErasureCompleted>(ended.events) == 1U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
