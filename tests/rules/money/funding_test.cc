// What schemes pay: S17's second posting, net of what they keep, once a statement.
#include "ledger/rules/money/funding.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Funded {
  CardWorld world = card_world();
  RiderId alice = world.add_rider(0);
  PurchaseId purchase;
  Funded() {
    world.pays_by(alice, Tender::card);
    purchase = world.bought(alice, 1'620);
  }
  Decision fund(const Code& statement, std::int64_t gross, std::int64_t deducted,
                std::int64_t fee) {
    return world.ask(ReceiveSchemeFunding{
        world.desk, Scheme::visa, statement, yen(gross), yen(deducted), yen(fee), {}});
  }
};

const Account bank = bank_account({}, Currency::jpy);
const Account visa = receivable_from(Scheme::visa, Currency::jpy);

}  // namespace

BOOST_AUTO_TEST_SUITE(funding)

BOOST_AUTO_TEST_CASE(s17_net_of_its_fee) {
  Funded f;
  const Decision funded = f.fund("S1", 1'620, 0, 29);
  BOOST_TEST(posts(funded, PostingReason::scheme_funding_received,
                   {{bank, Side::debit, 1'591},
                    {fees_of(Scheme::visa, Currency::jpy), Side::debit, 29},
                    {visa, Side::credit, 1'620}}));
  BOOST_TEST(f.world.receivable() == 0);
}

BOOST_AUTO_TEST_CASE(a_statement_is_entered_once) {
  Funded f;
  f.fund("S1", 1'000, 0, 0);
  BOOST_TEST(refuses(f.fund("S1", 620, 0, 0), Refusal::funding_must_be_new));
  BOOST_TEST(!refusal_of(f.fund("S2", 620, 0, 0)).has_value());
}

BOOST_AUTO_TEST_CASE(no_more_is_funded_or_kept_than_is_open) {
  Funded f;
  BOOST_TEST(refuses(f.fund("S1", 1'621, 0, 0), Refusal::funding_must_fit_receivable));
  BOOST_TEST(refuses(f.fund("S1", 1'620, 1, 0), Refusal::funding_must_fit_receivable));
  BOOST_TEST(refuses(f.fund("S1", -1, 0, 0), Refusal::amount_must_fit));
  BOOST_TEST(refuses(f.fund("S1", 1, 0, -1), Refusal::amount_must_fit));
  BOOST_TEST(refuses(f.fund("S1", 0, 0, 5), Refusal::amount_must_be_positive));
  BOOST_TEST(refuses(f.fund("no code", 1, 0, 0), Refusal::code_must_be_valid));
  auto mixed = ReceiveSchemeFunding{f.world.desk, Scheme::visa,       "S1", yen(1),
                                    yen(0),       {0, Currency::gbp}, {}};
  BOOST_TEST(refuses(f.world.ask(mixed), Refusal::amount_must_fit));
  mixed.desk = f.world.till;
  BOOST_TEST(refuses(f.world.ask(mixed), Refusal::terminal_must_have_role));
}

BOOST_AUTO_TEST_CASE(refunds_are_kept_from_it_and_may_be_more_than_it) {
  Funded f;
  f.world.ask(RefundPurchase{f.world.till, f.purchase, yen(1'620)},
              Attempt{f.world.till, key_of(90)});
  BOOST_TEST(f.world.scheme_payable() == 1'620);
  const Decision we_pay = f.fund("S1", 1'000, 1'620, 18);
  BOOST_TEST(posts(we_pay, PostingReason::scheme_funding_received,
                   {{fees_of(Scheme::visa, Currency::jpy), Side::debit, 18},
                    {payable_to(Scheme::visa, Currency::jpy), Side::debit, 1'620},
                    {visa, Side::credit, 1'000},
                    {bank, Side::credit, 638}}));
  BOOST_TEST(f.world.scheme_payable() == 0);
  // Nothing is left at the bank's side if all is kept.
  BOOST_TEST(count<Posted>(f.fund("S2", 620, 0, 620).events) == 1U);
  BOOST_TEST(f.world.receivable() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
