// What people dispute: credited for the time being, resolved by a desk or by silence.
#include "ledger/rules/money/disputes.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Bought {
  CardWorld world = card_world();
  RiderId alice = world.add_rider(1'000);
  PurchaseId purchase;
  explicit Bought(Tender tender = Tender::wallet, std::int64_t minor = 600) {
    if (tender == Tender::wallet) {
      purchase = std::get<Paid>(world.pay(alice, minor).reply).purchase;
      return;
    }
    world.pays_by(alice, tender);
    purchase = world.bought(alice, minor);
  }
  Decision open(std::int64_t minor) {
    return world.ask(OpenDispute{world.desk, purchase, yen(minor)});
  }
  DisputeId opened(std::int64_t minor) { return {std::get<Registered>(open(minor).reply).id}; }
  std::int64_t provisional() const { return world.of(provisional_credits(Currency::jpy)); }
};

const Account shop = payable_to(MerchantId{1}, Currency::jpy);

}  // namespace

BOOST_AUTO_TEST_SUITE(disputes)

BOOST_AUTO_TEST_CASE(a_dispute_needs_something_to_dispute) {
  Bought b;
  BOOST_TEST(refuses(b.open(601), Refusal::refund_must_fit_purchase));
  BOOST_TEST(refuses(b.open(0), Refusal::amount_must_be_positive));
  BOOST_TEST(refuses(b.world.ask(OpenDispute{b.world.till, b.purchase, yen(1)}),
                     Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(b.world.ask(OpenDispute{b.world.desk, {999}, yen(1)}),
                     Refusal::purchase_must_be_known));
  BOOST_TEST(refuses(b.world.ask(OpenDispute{b.world.desk, b.purchase, {1, Currency::gbp}}),
                     Refusal::currency_must_match));
  b.opened(600);
  BOOST_TEST(refuses(b.open(1), Refusal::dispute_must_not_be_open));
  BOOST_TEST(refuses(b.world.ask(ResolveDispute{b.world.desk, {999}, true}),
                     Refusal::dispute_must_be_known));
}

BOOST_AUTO_TEST_CASE(a_desk_resolves_for_the_person) {
  Bought b;
  const DisputeId id = b.opened(600);
  const Decision upheld = b.world.ask(ResolveDispute{b.world.desk, id, true});
  BOOST_TEST(
      posts(upheld, PostingReason::dispute_resolved,
            {{shop, Side::debit, 600}, {wallet_of(b.alice, Currency::jpy), Side::credit, 600}}));
  BOOST_TEST(b.world.wallet(b.alice) == 1'000);
  BOOST_TEST((find(b.world.state.payments, b.purchase)->refunded == 600));
  BOOST_TEST(
      refuses(b.world.ask(ResolveDispute{b.world.desk, id, true}), Refusal::dispute_must_be_known));
}

BOOST_AUTO_TEST_CASE(silence_favours_the_person) {
  Bought b;
  const DisputeId id = b.opened(600);
  BOOST_TEST((next_due(b.world.state)->at == b.world.now + days(10)));
  b.world.wait(days(10));
  BOOST_TEST(b.world.wallet(b.alice) == 1'000);
  BOOST_TEST(b.provisional() == 600);
  BOOST_TEST(b.world.merchant() == 600);
  b.world.wait(days(35));
  BOOST_TEST(b.provisional() == 0);
  BOOST_TEST(b.world.merchant() == 0);
  BOOST_TEST(b.world.wallet(b.alice) == 1'000);
  BOOST_TEST(!b.world.state.cards.disputes.open.contains(id));
  BOOST_TEST(!next_due(b.world.state).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_credited_is_taken_back_as_far_as_it_is_there) {
  Bought b;
  const DisputeId id = b.opened(600);
  b.world.wait(days(10));
  b.world.pay(b.alice, 900);
  const Decision rejected = b.world.ask(ResolveDispute{b.world.second_desk, id, false});
  BOOST_TEST(posts(rejected, PostingReason::dispute_resolved,
                   {{wallet_of(b.alice, Currency::jpy), Side::debit, 100},
                    {debt_of(b.alice, Currency::jpy), Side::debit, 500},
                    {provisional_credits(Currency::jpy), Side::credit, 600}}));
  BOOST_TEST(b.world.wallet(b.alice) == 0);
  BOOST_TEST(b.world.debt(b.alice) == 500);
}

BOOST_AUTO_TEST_CASE(a_rejected_dispute_that_was_not_credited_moves_nothing) {
  Bought b;
  const Decision rejected = b.world.ask(ResolveDispute{b.world.desk, b.opened(600), false});
  BOOST_TEST(posting(rejected) == nullptr);
  BOOST_TEST(!first<DisputeResolved>(rejected.events)->upheld);
}

BOOST_AUTO_TEST_CASE(while_it_is_disputed_nothing_else_is_given_back) {
  Bought b;
  b.opened(100);
  const Attempt attempt{b.world.till, key_of(200)};
  BOOST_TEST((refusal_of(b.world.ask(RefundPurchase{b.world.till, b.purchase, yen(1)}, attempt)) ==
              Refusal::dispute_must_not_be_open));
  BOOST_TEST(refuses(b.world.ask(ReversePurchase{b.world.till, key_of(b.world.keys)}),
                     Refusal::dispute_must_not_be_open));
}

BOOST_AUTO_TEST_CASE(a_card_has_its_part_back_by_the_rail) {
  Bought b(Tender::wallet_and_card, 1'600);  // 1,000 and 600
  const DisputeId id = b.opened(800);        // 500 and 300
  b.world.wait(days(10));
  BOOST_TEST(b.provisional() == 500);
  const Decision upheld = b.world.ask(ResolveDispute{b.world.desk, id, true});
  BOOST_TEST((asks(upheld, RailKind::refund)->what.amount == yen(300)));
  BOOST_TEST(posts(upheld, PostingReason::dispute_resolved,
                   {{shop, Side::debit, 800},
                    {provisional_credits(Currency::jpy), Side::credit, 500},
                    {payable_to(Scheme::visa, Currency::jpy), Side::credit, 300}}));
  BOOST_TEST(b.world.wallet(b.alice) == 500);
}

// A chargeback that came and went between the credit and the end changes the card's share only.
BOOST_AUTO_TEST_CASE(what_was_credited_stays_with_the_wallet) {
  Bought b(Tender::wallet_and_card, 1'600);
  const DisputeId id = b.opened(800);
  const Decision received =
      b.world.ask(ReceiveChargeback{b.world.desk, b.purchase, yen(600), "10.4"});
  const DisputeId chargeback{std::get<Registered>(received.reply).id};
  b.world.ask(RepresentChargeback{b.world.desk, chargeback, {}});
  b.world.wait(days(10));
  BOOST_TEST(b.provisional() == 800);  // nothing of the card's part was free
  b.world.ask(RuleChargeback{b.world.desk, chargeback, true});
  const Decision upheld = b.world.ask(ResolveDispute{b.world.desk, id, true});
  BOOST_TEST(asks(upheld, RailKind::refund) == nullptr);
  BOOST_TEST(b.provisional() == 0);
  BOOST_TEST(b.world.wallet(b.alice) == 800);
}

BOOST_AUTO_TEST_CASE(a_card_purchase_that_was_lost_already_has_nothing_left_to_give) {
  Bought b(Tender::card, 600);
  const DisputeId id = b.opened(600);
  b.world.ask(ReceiveChargeback{b.world.desk, b.purchase, yen(600), "10.4"});
  b.world.wait(days(46));  // the chargeback is lost on the way, and the dispute ends by silence
  BOOST_TEST(!b.world.state.cards.disputes.open.contains(id));
  BOOST_TEST(b.world.merchant() == 0);
  BOOST_TEST(!has_open_business(b.world.state.cards, b.alice));
}

BOOST_AUTO_TEST_CASE(an_erasure_waits_for_the_end_of_a_dispute) {
  Bought b;
  const DisputeId id = b.opened(600);
  BOOST_TEST((b.world.ask(EraseRider{b.alice}).reply == Reply{Erased{b.alice, true}}));
  BOOST_TEST(count<ErasureCompleted>(b.world.ask(ResolveDispute{b.world.desk, id, true}).events) ==
             1U);
}

BOOST_AUTO_TEST_SUITE_END()
