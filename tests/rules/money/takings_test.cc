// What postings mean to settlement.
#include "ledger/rules/money/takings.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

const Account shop = payable_to(MerchantId{1}, Currency::jpy);
const Account metro = payable_to(OperatorId{1}, Currency::jpy);
const Account wallet = wallet_of(RiderId{1}, Currency::jpy);
const Account visa{Chart::scheme_receivable, 4, Currency::jpy};
const Payee the_shop{party_of(MerchantId{1}), Currency::jpy};
const Payee the_metro{party_of(OperatorId{1}), Currency::jpy};
const TenderClass by_wallet{TenderKind::wallet, 0};
const TenderClass by_visa{TenderKind::scheme, 4};

Entry debit(const Account& account, std::int64_t minor) { return {account, Side::debit, minor}; }
Entry credit(const Account& account, std::int64_t minor) { return {account, Side::credit, minor}; }

Lines lines_of(const std::vector<Posted>& postings) {
  Lines lines;
  for (const Posted& posted : postings) add(lines, posted);
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(takings)

BOOST_AUTO_TEST_CASE(a_sale_and_its_refund_by_how_it_was_paid) {
  using enum PostingReason;
  const Lines lines = lines_of({{purchase_captured, {debit(wallet, 500), credit(shop, 500)}},
                                {purchase_captured, {debit(visa, 900), credit(shop, 900)}},
                                {refund_issued, {debit(shop, 200), credit(wallet, 200)}},
                                {fare_charged, {debit(wallet, 240), credit(metro, 240)}}});
  const auto& trades = lines.takings.at(the_shop).trades;
  BOOST_TEST((trades.at(by_wallet) == Trade{500, 200}));
  BOOST_TEST((trades.at(by_visa) == Trade{900, 0}));
  BOOST_TEST((lines.takings.at(the_metro).trades.at(by_wallet) == Trade{240, 0}));
  BOOST_TEST(lines.takings.size() == 2U);
}

BOOST_AUTO_TEST_CASE(debt_and_bonus_are_of_the_wallet_and_the_rest_is_other) {
  const Account bonus{Chart::wallet_bonus, 1, Currency::jpy};
  const Account debt = debt_of(RiderId{1}, Currency::jpy);
  const Account pass{Chart::deferred_pass, 1, Currency::jpy};
  const Lines lines =
      lines_of({{PostingReason::fare_charged,
                 {debit(bonus, 10), debit(debt, 20), debit(pass, 40), credit(metro, 70)}}});
  const auto& trades = lines.takings.at(the_metro).trades;
  BOOST_TEST((trades.at(by_wallet) == Trade{30, 0}));
  BOOST_TEST((trades.at(TenderClass{TenderKind::other, 0}) == Trade{40, 0}));
}

BOOST_AUTO_TEST_CASE(a_sale_paid_in_two_ways_is_two_parts) {
  const Lines lines =
      lines_of({{PostingReason::purchase_captured,
                 {debit(wallet, 300), debit(visa, 700), credit(shop, 600), credit(metro, 400)}}});
  BOOST_TEST((lines.takings.at(the_shop).trades.at(by_wallet) == Trade{300, 0}));
  BOOST_TEST((lines.takings.at(the_shop).trades.at(by_visa) == Trade{300, 0}));
  BOOST_TEST((lines.takings.at(the_metro).trades.at(by_visa) == Trade{400, 0}));
}

BOOST_AUTO_TEST_CASE(both_sides_of_one_posting_count) {
  const Lines lines = lines_of(
      {{PostingReason::fare_adjusted, {debit(metro, 100), credit(wallet, 40), credit(shop, 60)}}});
  BOOST_TEST((lines.takings.at(the_metro).trades.at(by_wallet) == Trade{0, 40}));
  BOOST_TEST(
      (lines.takings.at(the_metro).trades.at(TenderClass{TenderKind::other, 0}) == Trade{0, 60}));
  BOOST_TEST(
      (lines.takings.at(the_shop).trades.at(TenderClass{TenderKind::other, 0}) == Trade{60, 0}));
}

BOOST_AUTO_TEST_CASE(settlements_own_postings_are_no_sales) {
  using enum PostingReason;
  const Account transit = in_transit_to(the_shop.party, Currency::jpy);
  const Account reserve = reserve_of(the_shop.party, Currency::jpy);
  const Posted batch{settlement_batch_formed, {debit(shop, 5), credit(transit, 5)}};
  const Posted carried{settlement_carried_forward,
                       {debit(receivable_from(the_shop.party, Currency::jpy), 5), credit(shop, 5)}};
  for (const Posted& posted : {batch, carried}) {
    BOOST_TEST(!is_item(posted));
    BOOST_TEST((lines_of({posted}) == Lines{}));
  }
  const Posted back{payout_returned, {debit(bank_account({}, Currency::jpy), 7), credit(shop, 7)}};
  const Posted released{reserve_released, {debit(reserve, 3), credit(shop, 3)}};
  BOOST_TEST(is_item(back));
  BOOST_TEST(is_item(released));
  BOOST_TEST(
      !is_item({funds_loaded, {debit(bank_account({}, Currency::jpy), 7), credit(wallet, 7)}}));
  const Lines lines = lines_of({back, released});
  BOOST_TEST((lines.takings.at(the_shop) == Takings{{}, 7, 3}));
}

BOOST_AUTO_TEST_CASE(an_apportionment_is_an_adjustment_and_a_claim) {
  const Account other = payable_to(OperatorId{2}, Currency::jpy);
  const Lines lines =
      lines_of({{PostingReason::apportionment_computed, {debit(metro, 9), credit(other, 9)}},
                {PostingReason::apportionment_computed, {debit(metro, 1), credit(other, 1)}}});
  BOOST_TEST(lines.takings.at(the_metro).adjusted == -10);
  BOOST_TEST(
      (lines.claims == std::map<OperatorClaim, std::int64_t>{{{Currency::jpy, {1}, {2}}, 10}}));
}

BOOST_AUTO_TEST_CASE(takings_are_added) {
  Takings sum{{{by_wallet, {1, 2}}}, 3, 4};
  add(sum, Takings{{{by_wallet, {10, 20}}, {by_visa, {5, 0}}}, 30, 40});
  BOOST_TEST((sum == Takings{{{by_wallet, {11, 22}}, {by_visa, {5, 0}}}, 33, 44}));
}

BOOST_AUTO_TEST_SUITE_END()
