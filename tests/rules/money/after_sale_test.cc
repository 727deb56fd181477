// What happens to a purchase afterwards: S20, refunds, expiry, and erasures that waited.
#include "ledger/rules/money/after_sale.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "ledger/model/limits.h"
#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

const TerminalId till{2};
const TerminalId other_merchants_till{3};
const TerminalId second_till{6};

struct Scene {
  MoneyWorld world;
  RiderId bob = world.add_rider(5'000);

  PurchaseId paid(std::int64_t minor, std::optional<AttemptKey> key = {}) {
    return purchase_of(world.pay_by_face(bob, minor, key));
  }
  PurchaseId authorised(std::int64_t minor, std::optional<AttemptKey> key = {}) {
    return purchase_of(world.authorise_by_face(bob, minor, key));
  }
  PurchaseState state(PurchaseId id) const { return find(world.payments, id)->state; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(after_sale)

BOOST_AUTO_TEST_CASE(a_capture_takes_part_and_releases_the_rest) {
  Scene scene;
  const PurchaseId id = scene.authorised(1'000);
  const Decision captured = scene.world.ask(CapturePurchase{till, id, yen(600)});
  BOOST_TEST((std::get<Paid>(captured.reply) == Paid{id, yen(600), yen(4'400)}));
  BOOST_TEST((*first<HoldReleased>(captured.events) == HoldReleased{hold_of(id), yen(400)}));
  BOOST_TEST(scene.world.free(scene.bob) == 4'400);
  BOOST_TEST(scene.world.payable({1}) == 600);
  BOOST_TEST(scene.world.face_only(scene.bob) == 600);
  BOOST_TEST(refuses(scene.world.ask(CapturePurchase{till, id, yen(1)}),
                     Refusal::purchase_must_be_authorised));
}

BOOST_AUTO_TEST_CASE(captures_that_cannot_be_are_refused) {
  Scene scene;
  const PurchaseId id = scene.authorised(1'000);
  const auto refusal = [&](TerminalId by, PurchaseId what, Money amount) {
    const Decision decision = scene.world.ask(CapturePurchase{by, what, amount});
    BOOST_TEST(decision.events.empty());
    return *refusal_of(decision);
  };
  BOOST_TEST(refusal({9}, id, yen(1)) == Refusal::terminal_must_be_registered);
  BOOST_TEST(refusal({1}, id, yen(1)) == Refusal::terminal_must_have_role);
  BOOST_TEST(refusal(till, {999}, yen(1)) == Refusal::purchase_must_be_known);
  BOOST_TEST(refusal(other_merchants_till, id, yen(1)) ==
             Refusal::purchase_must_be_of_this_merchant);
  BOOST_TEST(refusal(till, id, yen(0)) == Refusal::amount_must_be_positive);
  BOOST_TEST(refusal(till, id, yen(amount_minor_max + 1)) == Refusal::amount_must_fit);
  BOOST_TEST(refusal(till, id, yen(INT64_MAX)) == Refusal::amount_must_fit);
  BOOST_TEST(refusal(till, id, {1, Currency::gbp}) == Refusal::currency_must_match);
  BOOST_TEST(refusal(till, id, yen(1'001)) == Refusal::capture_must_fit_hold);
  BOOST_TEST(!refusal_of(scene.world.ask(CapturePurchase{second_till, id, yen(1'000)})));
}

// So that the same attempt is told the same, whatever has happened in between.
BOOST_AUTO_TEST_CASE(a_refusal_under_a_key_is_remembered) {
  Scene scene;
  const PurchaseId held = scene.authorised(1'000);
  const auto remembers = [&](const auto& command, std::optional<RiderId> rider, Refusal refusal) {
    const Decision decision = scene.world.ask(command, Attempt{command.terminal, key_of(250)});
    const Events expected{PurchaseDeclined{rider, command.terminal, refusal}};
    return refusal_of(decision) == refusal && decision.events == expected;
  };
  BOOST_TEST(
      remembers(RefundPurchase{till, held, yen(1)}, scene.bob, Refusal::purchase_must_be_captured));
  BOOST_TEST(remembers(CapturePurchase{till, held, yen(1'001)}, scene.bob,
                       Refusal::capture_must_fit_hold));
  BOOST_TEST(remembers(VoidPurchase{till, {999}}, {}, Refusal::purchase_must_be_known));
  BOOST_TEST(remembers(VoidPurchase{other_merchants_till, held}, {},
                       Refusal::purchase_must_be_of_this_merchant));
  // Who may not sell at all leaves nothing.
  BOOST_TEST(refuses(scene.world.ask(VoidPurchase{{1}, held}, Attempt{{1}, key_of(250)}),
                     Refusal::terminal_must_have_role));
}

BOOST_AUTO_TEST_CASE(a_full_book_refuses_capture_refund_and_reversal) {
  Scene scene;
  const PurchaseId held = scene.authorised(1'000);
  const PurchaseId paid = scene.paid(1'000, key_of(77));
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t fill = most - scene.world.book.totals.at(Currency::jpy).debits;
  scene.world.settle({{Posted{PostingReason::funds_loaded,
                              {{bank_account({0}, Currency::jpy), Side::debit, fill},
                               {payable_to(MerchantId{2}, Currency::jpy), Side::credit, fill}}}},
                      Done{}});
  const auto full = Refusal::amount_must_fit;
  BOOST_TEST(refuses(scene.world.ask(CapturePurchase{till, held, yen(1)}), full));
  BOOST_TEST(refuses(scene.world.ask(RefundPurchase{till, paid, yen(1)}), full));
  BOOST_TEST(refuses(scene.world.ask(ReversePurchase{till, key_of(77)}), full));
}

BOOST_AUTO_TEST_CASE(a_void_gives_everything_back) {
  Scene scene;
  const PurchaseId id = scene.authorised(1'000);
  BOOST_TEST(refuses(scene.world.ask(VoidPurchase{other_merchants_till, id}),
                     Refusal::purchase_must_be_of_this_merchant));
  BOOST_TEST(refuses(scene.world.ask(VoidPurchase{till, {999}}), Refusal::purchase_must_be_known));
  const Decision voided = scene.world.ask(VoidPurchase{till, id});
  BOOST_TEST((voided.events == Events{PurchaseVoided{id}, HoldReleased{hold_of(id), yen(1'000)}}));
  BOOST_TEST((std::get<Voided>(voided.reply) == Voided{id}));
  BOOST_TEST(scene.world.free(scene.bob) == 5'000);
  BOOST_TEST(scene.world.face_only(scene.bob) == 0);
  BOOST_TEST(
      refuses(scene.world.ask(VoidPurchase{till, id}), Refusal::purchase_must_be_authorised));
  BOOST_TEST(refuses(scene.world.ask(CapturePurchase{till, id, yen(1)}),
                     Refusal::purchase_must_be_authorised));
  BOOST_TEST(refuses(scene.world.ask(RefundPurchase{till, id, yen(1)}),
                     Refusal::purchase_must_be_captured));
  BOOST_TEST(refuses(scene.world.ask(VoidPurchase{till, scene.paid(5)}),
                     Refusal::purchase_must_be_authorised));
}

// S20 (a).
BOOST_AUTO_TEST_CASE(s20_a_reversal_restores_the_same_purse) {
  Scene scene;
  const PurchaseId id = scene.paid(700, key_of(2));
  const Decision reversed = scene.world.ask(ReversePurchase{till, key_of(2)});
  BOOST_TEST((std::get<Reversed>(reversed.reply) == Reversed{id, yen(700)}));
  BOOST_TEST((*first<PurchaseReversed>(reversed.events) == PurchaseReversed{id, yen(700)}));
  BOOST_TEST((first<Posted>(reversed.events)->reason == PostingReason::purchase_reversed));
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
  BOOST_TEST(scene.world.payable({1}) == 0);
  BOOST_TEST(scene.world.face_only(scene.bob) == 0);
  const Decision twice = scene.world.ask(ReversePurchase{till, key_of(2)});
  BOOST_TEST((twice.reply == reversed.reply));
  BOOST_TEST(twice.events.empty());
  const auto gone = Refusal::purchase_must_not_be_reversed;
  BOOST_TEST(refuses(scene.world.ask(RefundPurchase{till, id, yen(1)}), gone));
  BOOST_TEST(refuses(scene.world.ask(CapturePurchase{till, id, yen(1)}), gone));
  BOOST_TEST(refuses(scene.world.ask(VoidPurchase{till, id}), gone));
}

// S20 (b).
BOOST_AUTO_TEST_CASE(s20_a_reversal_that_overtakes_leaves_a_tombstone) {
  Scene scene;
  const Decision reversed = scene.world.ask(ReversePurchase{till, key_of(3)});
  BOOST_TEST((reversed.events == Events{ReversalRecorded{{till, key_of(3)}}}));
  BOOST_TEST((std::get<Reversed>(reversed.reply) == Reversed{{}, yen(0)}));
  const Decision twice = scene.world.ask(ReversePurchase{till, key_of(3)});
  BOOST_TEST((twice.reply == reversed.reply));
  BOOST_TEST(twice.events.empty());
  const Decision late = scene.world.pay_by_face(scene.bob, 300, key_of(3));
  BOOST_TEST((refusal_of(late) == Refusal::attempt_must_not_be_reversed));
  BOOST_TEST(count<PurchaseDeclined>(late.events) == 1U);
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
}

BOOST_AUTO_TEST_CASE(a_reversal_is_of_the_same_terminal) {
  Scene scene;
  const PurchaseId id = scene.paid(700, key_of(2));
  BOOST_TEST(
      refuses(scene.world.ask(ReversePurchase{{1}, key_of(2)}), Refusal::terminal_must_have_role));
  const Decision other = scene.world.ask(ReversePurchase{second_till, key_of(2)});
  BOOST_TEST(count<ReversalRecorded>(other.events) == 1U);
  BOOST_TEST((scene.state(id) == PurchaseState::captured));
}

BOOST_AUTO_TEST_CASE(a_reversal_of_what_is_only_held_releases_it) {
  Scene scene;
  const PurchaseId id = scene.authorised(700, key_of(2));
  const Decision reversed = scene.world.ask(ReversePurchase{till, key_of(2)});
  BOOST_TEST((reversed.events ==
              Events{PurchaseReversed{id, yen(0)}, HoldReleased{hold_of(id), yen(700)}}));
  BOOST_TEST(scene.world.free(scene.bob) == 5'000);
  BOOST_TEST(scene.world.face_only(scene.bob) == 0);
}

BOOST_AUTO_TEST_CASE(a_reversal_of_what_was_voided_moves_nothing) {
  Scene scene;
  const PurchaseId id = scene.authorised(700, key_of(2));
  scene.world.ask(VoidPurchase{till, id});
  const Decision reversed = scene.world.ask(ReversePurchase{till, key_of(2)});
  BOOST_TEST((reversed.events == Events{PurchaseReversed{id, yen(0)}}));
  BOOST_TEST(scene.world.face_only(scene.bob) == 0);
}

BOOST_AUTO_TEST_CASE(a_reversal_after_a_refund_gives_back_what_is_left) {
  Scene scene;
  const PurchaseId id = scene.paid(700, key_of(2));
  scene.world.ask(RefundPurchase{till, id, yen(200)});
  const Decision reversed = scene.world.ask(ReversePurchase{till, key_of(2)});
  BOOST_TEST((std::get<Reversed>(reversed.reply) == Reversed{id, yen(500)}));
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
  const PurchaseId whole = scene.paid(700, key_of(4));
  scene.world.ask(RefundPurchase{till, whole, yen(700)});
  const Decision nothing_left = scene.world.ask(ReversePurchase{till, key_of(4)});
  BOOST_TEST((nothing_left.events == Events{PurchaseReversed{whole, yen(0)}}));
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
}

// What was reversed after a step-up had ended the round must not lower the new round.
BOOST_AUTO_TEST_CASE(a_reversal_lowers_only_the_round_it_was_spent_in) {
  Scene scene;
  scene.world.ask(LoadFunds{scene.bob, yen(50'000), {}});
  scene.paid(4'000, key_of(201));
  const auto asked = step_up_of(scene.world.pay_by_face(scene.bob, 12'000));
  scene.world.pay_by_pin(scene.bob, 12'000, asked);
  scene.paid(1'000, key_of(202));
  scene.world.ask(ReversePurchase{till, key_of(201)});
  BOOST_TEST(scene.world.face_only(scene.bob) == 1'000);
  scene.world.ask(ReversePurchase{till, key_of(202)});
  BOOST_TEST(scene.world.face_only(scene.bob) == 0);
  scene.paid(500, key_of(203));
  scene.world.people.now = scene.world.people.now + days(1);
  scene.paid(600);
  scene.world.ask(ReversePurchase{till, key_of(203)});
  BOOST_TEST(scene.world.face_only(scene.bob) == 600);
}

// Invariant 10.
BOOST_AUTO_TEST_CASE(refunds_never_exceed_what_was_captured) {
  Scene scene;
  const PurchaseId id = scene.paid(700);
  const auto refusal = [&](TerminalId by, PurchaseId what, Money amount) {
    const Decision decision = scene.world.ask(RefundPurchase{by, what, amount});
    BOOST_TEST(decision.events.empty());
    return *refusal_of(decision);
  };
  BOOST_TEST(refusal({4}, id, yen(1)) == Refusal::terminal_must_have_role);
  BOOST_TEST(refusal(till, {999}, yen(1)) == Refusal::purchase_must_be_known);
  BOOST_TEST(refusal(other_merchants_till, id, yen(1)) ==
             Refusal::purchase_must_be_of_this_merchant);
  BOOST_TEST(refusal(till, id, yen(0)) == Refusal::amount_must_be_positive);
  BOOST_TEST(refusal(till, id, yen(INT64_MAX)) == Refusal::amount_must_fit);
  BOOST_TEST(refusal(till, id, {1, Currency::gbp}) == Refusal::currency_must_match);
  BOOST_TEST(refusal(till, id, yen(701)) == Refusal::refund_must_fit_purchase);
  const Decision part = scene.world.ask(RefundPurchase{second_till, id, yen(300)});
  const RefundId refund{scene.world.people.position.value};
  BOOST_TEST((std::get<Refunded>(part.reply) == Refunded{refund, id, yen(300)}));
  BOOST_TEST((first<Posted>(part.events)->reason == PostingReason::refund_issued));
  BOOST_TEST(refusal(till, id, yen(401)) == Refusal::refund_must_fit_purchase);
  BOOST_TEST(!refusal_of(scene.world.ask(RefundPurchase{till, id, yen(400)})));
  BOOST_TEST(refusal(till, id, yen(1)) == Refusal::refund_must_fit_purchase);
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
  const PurchaseId held = scene.authorised(100);
  BOOST_TEST(refusal(till, held, yen(1)) == Refusal::purchase_must_be_captured);
}

BOOST_AUTO_TEST_CASE(an_authorisation_that_nobody_captures_expires) {
  Scene scene;
  const PurchaseId id = scene.authorised(1'000);
  BOOST_TEST(refuses(scene.world.ask(ExpireHold{{999}}), Refusal::hold_must_be_open));
  BOOST_TEST(refuses(scene.world.ask(ExpireHold{hold_of(id)}), Refusal::timer_must_be_due));
  scene.world.people.now = next_due(scene.world.holds)->at;
  const Decision expired = scene.world.ask(ExpireHold{hold_of(id)});
  BOOST_TEST((expired.events == Events{HoldExpired{hold_of(id), yen(1'000)}, PurchaseVoided{id}}));
  BOOST_TEST(scene.world.free(scene.bob) == 5'000);
  BOOST_TEST(refuses(scene.world.ask(CapturePurchase{till, id, yen(1)}),
                     Refusal::purchase_must_be_authorised));
  BOOST_TEST(refuses(scene.world.ask(ExpireHold{hold_of(id)}), Refusal::hold_must_be_open));
}

// A hold that expires and has no purchase behind it, and one that has no end of its own.
BOOST_AUTO_TEST_CASE(a_hold_without_a_purchase_expires_alone) {
  Scene scene;
  scene.world.settle({{FundsReserved{{900}, scene.bob, yen(10), scene.world.people.now}}, Done{}});
  scene.world.settle({{FundsReserved{{901}, scene.bob, yen(10), {}}}, Done{}});
  BOOST_TEST((scene.world.ask(ExpireHold{{900}}).events == Events{HoldExpired{{900}, yen(10)}}));
  BOOST_TEST(refuses(scene.world.ask(ExpireHold{{901}}), Refusal::timer_must_be_due));
}

// Whatever ends the last hold completes the erasure that waited for it, in the same decision.
BOOST_AUTO_TEST_CASE(a_deferred_erasure_completes_with_the_last_hold) {
  using End = Decision (*)(Scene&, PurchaseId);
  const End ends[] = {
      [](Scene& s, PurchaseId id) { return s.world.ask(CapturePurchase{till, id, yen(50)}); },
      [](Scene& s, PurchaseId id) { return s.world.ask(VoidPurchase{till, id}); },
      [](Scene& s, PurchaseId) { return s.world.ask(ReversePurchase{till, key_of(9)}); },
      [](Scene& s, PurchaseId id) {
        s.world.people.now = next_due(s.world.holds)->at;
        return s.world.ask(ExpireHold{hold_of(id)});
      },
  };
  for (const End end : ends) {
    for (const bool inside : {false, true}) {
      Scene scene;
      const PurchaseId id = scene.authorised(100, key_of(9));
      if (inside) scene.world.inside.insert(scene.bob);
      const Decision withdrawn =
          scene.world.ask(WithdrawConsent{scene.bob, Purpose::payment, Party{}});
      BOOST_TEST(count<ErasureDeferred>(withdrawn.events) == 1U);
      const Decision last = end(scene, id);
      BOOST_TEST(!refusal_of(last));
      const std::size_t completed = inside ? 0 : 1;
      BOOST_TEST(count<FaceErased>(last.events) == completed);
      BOOST_TEST(count<ErasureCompleted>(last.events) == completed);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_erasure_waits_for_every_hold) {
  Scene scene;
  const PurchaseId one = scene.authorised(100);
  const PurchaseId two = scene.authorised(100);
  scene.world.ask(WithdrawConsent{scene.bob, Purpose::payment, Party{}});
  BOOST_TEST(count<ErasureCompleted>(scene.world.ask(VoidPurchase{till, one}).events) == 0U);
  BOOST_TEST(count<ErasureCompleted>(scene.world.ask(VoidPurchase{till, two}).events) == 1U);
}

BOOST_AUTO_TEST_CASE(refund_and_reversal_outlive_the_face) {
  Scene scene;
  const PurchaseId id = scene.paid(700, key_of(2));
  const Decision erased = scene.world.ask(WithdrawConsent{scene.bob, Purpose::payment, Party{}});
  BOOST_TEST(count<ErasureCompleted>(erased.events) == 1U);
  BOOST_TEST(!refusal_of(scene.world.ask(RefundPurchase{till, id, yen(100)})));
  BOOST_TEST(!refusal_of(scene.world.ask(ReversePurchase{till, key_of(2)})));
  BOOST_TEST(scene.world.wallet(scene.bob) == 5'000);
}

BOOST_AUTO_TEST_SUITE_END()
