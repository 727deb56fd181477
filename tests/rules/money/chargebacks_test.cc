// Chargebacks: S23's postings, (a) lost and (b) won, and the deadlines of both.
#include "ledger/rules/money/chargebacks.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

const Account visa = receivable_from(Scheme::visa, Currency::jpy);
const Account owed_to_visa = payable_to(Scheme::visa, Currency::jpy);
const Account pending = chargebacks_of(Scheme::visa, Currency::jpy);
const Account shop = payable_to(MerchantId{1}, Currency::jpy);
const Account reserve = reserve_of(MerchantId{1}, Currency::jpy);
const Account shop_owes = receivable_from(MerchantId{1}, Currency::jpy);

struct Sold {
  CardWorld world = card_world();
  RiderId alice = world.add_rider(0);
  PurchaseId purchase;
  explicit Sold(std::int64_t minor = 8'000) {
    world.pays_by(alice, Tender::card);
    purchase = world.bought(alice, minor);
  }
  // S23's second posting, as a settlement of the merchant leaves the books.
  void settle() {
    apply(world.state.book,
          Posted{PostingReason::fare_adjusted,
                 {{shop, Side::debit, 8'000},
                  {{Chart::mdr_income, 0, Currency::jpy}, Side::credit, 216},
                  {reserve, Side::credit, 400},
                  {{Chart::payout_fee_income, 0, Currency::jpy}, Side::credit, 200},
                  {{Chart::tax_payable, 0, Currency::jpy}, Side::credit, 20},
                  {{Chart::payout_in_transit, 1, Currency::jpy}, Side::credit, 7'164}}});
  }
  Decision receive(std::int64_t minor) {
    return world.ask(ReceiveChargeback{world.desk, purchase, yen(minor), "10.4"});
  }
  DisputeId received(std::int64_t minor = 8'000) {
    return {std::get<Registered>(receive(minor).reply).id};
  }
  Decision rule(DisputeId id, bool won) { return world.ask(RuleChargeback{world.desk, id, won}); }
  Decision represent(DisputeId id) {
    return world.ask(RepresentChargeback{world.desk, id, digest_of(9)});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(chargebacks)

BOOST_AUTO_TEST_CASE(s23a_lost_reserve_first_the_rest_is_the_merchants_debt) {
  Sold s;
  s.settle();
  const Decision received = s.receive(8'000);
  BOOST_TEST(posts(received, PostingReason::chargeback_received,
                   {{pending, Side::debit, 8'000}, {owed_to_visa, Side::credit, 8'000}}));
  const DisputeId id{std::get<Registered>(received.reply).id};
  const Decision lost = s.rule(id, false);
  BOOST_TEST(posts(lost, PostingReason::chargeback_lost,
                   {{reserve, Side::debit, 400},
                    {shop_owes, Side::debit, 9'250},
                    {pending, Side::credit, 8'000},
                    {{Chart::dispute_fee_income, 0, Currency::jpy}, Side::credit, 1'500},
                    {{Chart::tax_payable, 0, Currency::jpy}, Side::credit, 150}}));
  BOOST_TEST((first<ChargebackLost>(lost.events)->fee == yen(1'650)));
  BOOST_TEST(s.world.of(pending) == 0);
  BOOST_TEST(s.world.of(reserve) == 0);
  BOOST_TEST(s.world.of(shop_owes) == 9'250);
}

BOOST_AUTO_TEST_CASE(s23b_won_only_the_first_posting_is_undone) {
  Sold s;
  s.settle();
  const DisputeId id = s.received();
  s.represent(id);
  const Decision won = s.rule(id, true);
  BOOST_TEST(posts(won, PostingReason::chargeback_won,
                   {{owed_to_visa, Side::debit, 8'000}, {pending, Side::credit, 8'000}}));
  BOOST_TEST(s.world.scheme_payable() == 0);
  BOOST_TEST(s.world.of(reserve) == 400);
  BOOST_TEST(s.world.of(shop_owes) == 0);
}

BOOST_AUTO_TEST_CASE(what_the_merchant_is_owed_comes_after_its_reserve) {
  Sold s;  // never settled: 8,000 are owed to the merchant
  const Decision lost = s.rule(s.received(3'000), false);
  BOOST_TEST(posts(lost, PostingReason::chargeback_lost,
                   {{shop, Side::debit, 4'650},
                    {pending, Side::credit, 3'000},
                    {{Chart::dispute_fee_income, 0, Currency::jpy}, Side::credit, 1'500},
                    {{Chart::tax_payable, 0, Currency::jpy}, Side::credit, 150}}));
  // What was lost cannot be refunded too, nor charged back again.
  BOOST_TEST((find(s.world.state.payments, s.purchase)->refunded == 3'000));
  const Attempt attempt{s.world.till, key_of(200)};
  BOOST_TEST((refusal_of(s.world.ask(RefundPurchase{s.world.till, s.purchase, yen(5'001)},
                                     attempt)) == Refusal::refund_must_fit_purchase));
  BOOST_TEST(refuses(s.receive(5'001), Refusal::refund_must_fit_purchase));
  BOOST_TEST(!refusal_of(s.receive(5'000)).has_value());
}

BOOST_AUTO_TEST_CASE(without_a_fee_in_its_currency_none_is_taken) {
  Sold s;
  CardTerms terms = test_terms(s.world.om);
  terms.currency = Currency::gbp;
  s.world.ask(PublishCardTerms{terms});
  const Decision lost = s.rule(s.received(3'000), false);
  BOOST_TEST(posts(lost, PostingReason::chargeback_lost,
                   {{shop, Side::debit, 3'000}, {pending, Side::credit, 3'000}}));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_answered_in_time_is_lost) {
  Sold s;
  s.received();
  BOOST_TEST((next_due(s.world.state)->at == s.world.now + days(20)));
  s.world.wait(days(20));
  BOOST_TEST(s.world.of(pending) == 0);
  BOOST_TEST(s.world.scheme_payable() == 8'000);
  BOOST_TEST(!next_due(s.world.state).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_was_answered_and_not_ruled_on_is_won) {
  Sold s;
  const DisputeId id = s.received();
  s.world.wait(days(19));
  const Decision represented = s.represent(id);
  BOOST_TEST((first<ChargebackRepresented>(represented.events)->evidence == digest_of(9)));
  BOOST_TEST((next_due(s.world.state)->at == s.world.now + days(30)));
  BOOST_TEST(refuses(s.represent(id), Refusal::dispute_must_allow_this));
  BOOST_TEST(refuses(s.world.ask(AdvanceDispute{id}), Refusal::timer_must_be_due));
  s.world.wait(days(30));
  BOOST_TEST(s.world.scheme_payable() == 0);
  BOOST_TEST(refuses(s.world.ask(AdvanceDispute{id}), Refusal::timer_must_be_due));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_charged_back_is_refused) {
  Sold s;
  BOOST_TEST(refuses(s.receive(8'001), Refusal::refund_must_fit_purchase));
  BOOST_TEST(refuses(s.receive(0), Refusal::amount_must_be_positive));
  const auto by = [&](TerminalId desk, PurchaseId purchase, const Code& reason) {
    return s.world.ask(ReceiveChargeback{desk, purchase, yen(1), reason});
  };
  BOOST_TEST(refuses(by(s.world.till, s.purchase, "1"), Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(by(s.world.desk, {999}, "1"), Refusal::purchase_must_be_known));
  BOOST_TEST(refuses(by(s.world.desk, s.purchase, "no code"), Refusal::code_must_be_valid));
  const RiderId bob = s.world.add_rider(100);
  const PurchaseId wallets = std::get<Paid>(s.world.pay(bob, 100).reply).purchase;
  BOOST_TEST(refuses(by(s.world.desk, wallets, "1"), Refusal::purchase_must_be_by_card));
  const PurchaseId waiting = std::get<Pending>(s.world.pay(s.alice, 50).reply).purchase;
  BOOST_TEST(refuses(by(s.world.desk, waiting, "1"), Refusal::purchase_must_be_captured));
  const DisputeId id = s.received();
  BOOST_TEST(refuses(s.receive(1), Refusal::dispute_must_not_be_open));
  BOOST_TEST(refuses(s.rule(id, true), Refusal::dispute_must_allow_this));  // not represented
  BOOST_TEST(refuses(s.rule({999}, true), Refusal::dispute_must_be_known));
  BOOST_TEST(refuses(s.represent({999}), Refusal::dispute_must_be_known));
  BOOST_TEST(refuses(s.world.ask(RuleChargeback{s.world.till, id, false}),
                     Refusal::terminal_must_have_role));
}

BOOST_AUTO_TEST_SUITE_END()
