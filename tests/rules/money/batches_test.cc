// Batches: the postings of the domain's scenarios S22 and S24, what else may become of a payee's
// takings, and the way of the reserve.
#include "ledger/rules/money/batches.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const Instant closing = start_of(june_15 + 1, tokyo) + hours(6);
const Account mdr{Chart::mdr_income, 0, Currency::jpy};
const Account payout_fee{Chart::payout_fee_income, 0, Currency::jpy};
const Account tax{Chart::tax_payable, 0, Currency::jpy};

Account payable(MerchantId merchant) { return payable_to(merchant, Currency::jpy); }
Account transit(MerchantId merchant) { return in_transit_to(party_of(merchant), Currency::jpy); }
Account receivable(MerchantId merchant) {
  return receivable_from(party_of(merchant), Currency::jpy);
}
Account reserve(MerchantId merchant) { return reserve_of(party_of(merchant), Currency::jpy); }

Entry debit(const Account& account, std::int64_t minor) { return {account, Side::debit, minor}; }
Entry credit(const Account& account, std::int64_t minor) { return {account, Side::credit, minor}; }

bool same(Entries a, Entries b) {
  const auto less = [](const Entry& x, const Entry& y) {
    return std::tie(x.account, x.side, x.minor) < std::tie(y.account, y.side, y.minor);
  };
  std::ranges::sort(a, less);
  std::ranges::sort(b, less);
  return a == b;
}

// The last event of its kind.
template <class Fact>
Fact last(const SettlementWorld& world) {
  Fact found{};
  for (const Event& event : world.history)
    if (const auto* fact = std::get_if<Fact>(&event)) found = *fact;
  return found;
}
Entries posted(const SettlementWorld& world, PostingReason reason) {
  Entries found;
  for (const Event& event : world.history)
    if (const auto* fact = std::get_if<Posted>(&event))
      if (fact->reason == reason) found = fact->entries;
  return found;
}

std::int64_t out_of(const SettlementBatchFormed& b) {
  std::int64_t sum = b.recovered + b.payout_fee + b.payout_tax + b.paid + b.carried_out;
  for (const BatchLine& line : b.lines) sum += line.fee + line.reserve;
  return sum;
}
std::int64_t into(const SettlementBatchFormed& b) {
  std::int64_t sum = b.adjusted + b.released + b.carried_in;
  for (const BatchLine& line : b.lines) sum += line.sales - line.refunds;
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(batches)

// S24, with a posting as a card sale will make it.
BOOST_AUTO_TEST_CASE(a_window_of_card_sales_with_a_rolling_reserve) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マツモトショウテン"));
  world.sell_by_card(world.m1, 100'000);
  world.wait_until({closing.ms - 1});
  BOOST_TEST(posted(world, PostingReason::settlement_batch_formed).empty());
  world.wait_until(closing);
  BOOST_TEST(
      same(posted(world, PostingReason::settlement_batch_formed),
           {debit(payable(world.m1), 100'000), credit(mdr, 2'700), credit(reserve(world.m1), 5'000),
            credit(payout_fee, 200), credit(tax, 20), credit(transit(world.m1), 92'080)}));
  BOOST_TEST(world.at(transit(world.m1)) == 92'080);
  const auto payout = last<PayoutInstructed>(world);
  BOOST_TEST(payout.due_day == day_of({2025, 6, 17}));  // Tuesday
  BOOST_TEST(payout.reference.utf8 == "SB20250615-M1");
  const auto withheld = last<ReserveWithheld>(world);
  BOOST_TEST((withheld.release_at == closing + days(90)));
  world.wait_until({withheld.release_at.ms - 1});
  BOOST_TEST(world.at(reserve(world.m1)) == 5'000);
  world.wait_until(withheld.release_at);
  BOOST_TEST(same(posted(world, PostingReason::reserve_released),
                  {debit(reserve(world.m1), 5'000), credit(payable(world.m1), 5'000)}));
  BOOST_TEST(world.at(reserve(world.m1)) == 0);
  BOOST_TEST(world.settlement().batches.withheld.empty());
  // Into the window that is open then, free of fees.
  BOOST_TEST(world.open().lines.takings.at({party_of(world.m1), Currency::jpy}).released == 5'000);
  world.wait_until(withheld.release_at + days(20));
  BOOST_TEST(last<SettlementBatchFormed>(world).released == 5'000);
  BOOST_TEST(last<SettlementBatchFormed>(world).paid == 4'780);
}

// S22, window by window.
BOOST_AUTO_TEST_CASE(a_merchant_who_owes_is_carried_forward) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m2, account_at(9902, "カ)タコヤキドウ"));
  const Decision sale = world.sell(world.m2, 10'000);
  world.wait_until(closing);
  BOOST_TEST(same(posted(world, PostingReason::settlement_batch_formed),
                  {debit(payable(world.m2), 10'000), credit(mdr, 324), credit(payout_fee, 200),
                   credit(tax, 20), credit(transit(world.m2), 9'456)}));
  world.sell(world.m2, 1'000);
  world.refund(sale, world.m2, 4'000);
  world.wait_until(at_time({2025, 7, 1}, 7));
  BOOST_TEST(same(posted(world, PostingReason::settlement_batch_formed),
                  {debit(mdr, 97), credit(payable(world.m2), 97)}));
  BOOST_TEST(same(posted(world, PostingReason::settlement_carried_forward),
                  {debit(receivable(world.m2), 2'903), credit(payable(world.m2), 2'903)}));
  BOOST_TEST(world.owed_to(world.m2) == 0);
  BOOST_TEST(last<SettlementBatchFormed>(world).payout_fee == 0);
  world.sell(world.m2, 5'000);
  world.wait_until(at_time({2025, 7, 16}, 7));
  BOOST_TEST(
      same(posted(world, PostingReason::settlement_batch_formed),
           {debit(payable(world.m2), 5'000), credit(mdr, 162), credit(receivable(world.m2), 2'903),
            credit(payout_fee, 200), credit(tax, 20), credit(transit(world.m2), 1'715)}));
  BOOST_TEST(world.at(receivable(world.m2)) == 0);
  BOOST_TEST(world.at(mdr) == 389);
  for (const Event& event : world.history)
    if (const auto* batch = std::get_if<SettlementBatchFormed>(&event))
      BOOST_TEST(into(*batch) == out_of(*batch));
}

BOOST_AUTO_TEST_CASE(a_debt_is_recovered_as_far_as_it_goes) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m2, account_at(9902, "カ"));
  const Decision sale = world.sell(world.m2, 10'000);
  world.wait_until(closing);
  world.refund(sale, world.m2, 4'000);
  world.wait_until(at_time({2025, 7, 1}, 7));
  BOOST_TEST(world.at(receivable(world.m2)) == 3'871);
  world.sell(world.m2, 1'000);
  world.wait_until(at_time({2025, 7, 16}, 7));
  BOOST_TEST(last<SettlementBatchFormed>(world).recovered == 968);
  BOOST_TEST(last<SettlementBatchFormed>(world).paid == 0);
  BOOST_TEST(world.at(receivable(world.m2)) == 2'903);
  BOOST_TEST(world.owed_to(world.m2) == 0);
}

BOOST_AUTO_TEST_CASE(too_little_waits_for_the_next_window) {
  SettlementWorld world = trading_world();
  FeeSchedule fees = usual_fees(party_of(world.m1));
  fees.payout_minimum_minor = 1'000;
  world.ask(PublishFeeSchedule{fees});
  world.pay_out_to(world.m1, account_at(9901, "マ"));
  world.sell(world.m1, 1'200);
  world.wait_until(closing);
  auto batch = last<SettlementBatchFormed>(world);
  BOOST_TEST(batch.paid == 0);
  BOOST_TEST(batch.payout_fee == 0);
  BOOST_TEST(batch.carried_out == 1'162);  // 38 of fee
  BOOST_TEST(world.owed_to(world.m1) == 1'162);
  // Nothing else is sold; it is looked at again.
  world.sell(world.m1, 200);
  world.wait_until(at_time({2025, 7, 1}, 7));
  batch = last<SettlementBatchFormed>(world);
  BOOST_TEST(batch.carried_in == 1'162);
  BOOST_TEST(batch.paid == 1'162 + 200 - 6 - 220);
  BOOST_TEST(batch.carried_out == 0);
  BOOST_TEST(world.owed_to(world.m1) == 0);
  BOOST_TEST(world.settlement().batches.carried.empty());
}

BOOST_AUTO_TEST_CASE(without_an_account_nothing_is_paid_and_nothing_is_lost) {
  SettlementWorld world = trading_world();
  world.sell(world.m3, 10'000);
  world.wait_until(closing);
  BOOST_TEST(last<SettlementBatchFormed>(world).carried_out == 9'676);
  BOOST_TEST(count<PayoutInstructed>(world.history) == 0U);
  world.pay_out_to(world.m3, account_at(9903, "ユ)ビーアンドビー"));
  world.wait_until(at_time({2025, 7, 1}, 7));
  BOOST_TEST(last<SettlementBatchFormed>(world).paid == 9'676 - 220);
  BOOST_TEST(world.owed_to(world.m3) == 0);
}

BOOST_AUTO_TEST_CASE(the_same_bank_asks_no_fee) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(account_of_ours().account.bank, "マ"));
  world.sell(world.m1, 10'000);
  world.wait_until(closing);
  BOOST_TEST(
      same(posted(world, PostingReason::settlement_batch_formed),
           {debit(payable(world.m1), 10'000), credit(mdr, 324), credit(transit(world.m1), 9'676)}));
}

BOOST_AUTO_TEST_CASE(operators_pay_nothing_unless_they_agreed_to) {
  SettlementWorld world = trading_world();
  const Account fares = payable_to(world.om, Currency::jpy);
  apply(world.state.settlement,
        Posted{PostingReason::fare_charged,
               {debit(wallet_of(world.many, Currency::jpy), 240), credit(fares, 240)}});
  world.ask(SetPayoutAccount{world.desk, party_of(world.om), account_at(9904, "オオサカ")});
  world.wait_until(closing);
  BOOST_TEST(
      same(posted(world, PostingReason::settlement_batch_formed),
           {debit(fares, 240), credit(in_transit_to(party_of(world.om), Currency::jpy), 240)}));
  BOOST_TEST(last<PayoutInstructed>(world).reference.utf8 == "SB20250615.OM");
}

BOOST_AUTO_TEST_CASE(without_a_schedule_a_merchants_takings_wait) {
  SettlementWorld world = settlement_world();
  world.ask(LoadFunds{world.many, yen(50'000), {}});
  world.ask(PublishSettlementCalendar{halves_of_months()});
  world.wait_until(world.now);
  world.sell(world.m1, 10'000);
  world.wait_until(closing);
  BOOST_TEST(last<SettlementDeferred>(world).refusal == Refusal::fee_schedule_must_be_published);
  BOOST_TEST(count<SettlementBatchFormed>(world.history) == 0U);
  world.ask(PublishFeeSchedule{usual_fees()});
  world.sell(world.m1, 500);
  world.wait_until(at_time({2025, 7, 1}, 7));
  const auto batch = last<SettlementBatchFormed>(world);
  BOOST_REQUIRE(batch.lines.size() == 1U);
  BOOST_TEST(batch.lines[0].sales == 10'500);
}

// A reserve is part of what there is.
BOOST_AUTO_TEST_CASE(nobody_is_put_into_debt_by_a_reserve) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マ"));
  const Decision sale = world.sell(world.m1, 10'000);
  world.wait_until(closing);
  world.sell_by_card(world.m1, 1'000);
  world.refund(sale, world.m1, 990);
  world.wait_until(at_time({2025, 7, 1}, 7));
  const auto batch = last<SettlementBatchFormed>(world);
  std::int64_t withheld = 0;
  for (const BatchLine& line : batch.lines) withheld += line.reserve;
  BOOST_TEST(withheld == 15);  // 1,000 - 990 - 27 + 32, where five per cent would be 50
  BOOST_TEST(batch.carried_out == 0);
}

BOOST_AUTO_TEST_CASE(what_chargebacks_took_is_taken_from_what_is_due_first) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マ"));
  world.sell_by_card(world.m1, 8'000);
  world.wait_until(closing);
  const Instant first = last<ReserveWithheld>(world).release_at;
  world.sell_by_card(world.m1, 2'000);
  world.wait_until(at_time({2025, 7, 1}, 7));
  const Instant second = last<ReserveWithheld>(world).release_at;
  BOOST_TEST(world.at(reserve(world.m1)) == 500);
  // 430 of the 500 are gone.
  apply(world.state.book,
        Posted{PostingReason::purchase_reversed,
               {debit(reserve(world.m1), 430), credit(receivable(world.m1), 430)}});
  world.wait_until(first);
  BOOST_TEST(last<ReserveReleased>(world).amount.minor == 0);
  world.wait_until(second);
  BOOST_TEST(last<ReserveReleased>(world).amount.minor == 70);
  BOOST_TEST(world.at(reserve(world.m1)) == 0);
}

BOOST_AUTO_TEST_CASE(one_payee_a_decision_at_a_pace_that_others_can_bear) {
  SettlementWorld world = trading_world();
  for (const MerchantId merchant : {world.m1, world.m2, world.m3}) world.sell(merchant, 1'000);
  world.wait_until(closing);
  BOOST_TEST(count<SettlementBatchFormed>(world.history) == 1U);
  world.wait_until({closing.ms + 9});
  BOOST_TEST(count<SettlementBatchFormed>(world.history) == 1U);
  world.wait_until({closing.ms + 10});
  BOOST_TEST(count<SettlementBatchFormed>(world.history) == 2U);
  world.wait_until({closing.ms + 20});
  BOOST_TEST(count<SettlementBatchFormed>(world.history) == 3U);
}

// Both ways.
BOOST_AUTO_TEST_CASE(a_processor_may_form_a_batch_before_its_turn) {
  SettlementWorld world = trading_world();
  for (const MerchantId merchant : {world.m1, world.m2}) world.sell(merchant, 1'000);
  world.wait_until(at_time({2025, 6, 10}, 14));
  const WindowId window = *world.settlement().windows.open;
  const auto wish = [&](std::optional<TerminalId> by, MerchantId merchant) {
    return FormSettlementBatch{by, window, party_of(merchant), Currency::jpy};
  };
  BOOST_TEST(refuses(world.ask(wish(world.processor, world.m2)), Refusal::window_must_be_closed));
  world.ask(CloseSettlementWindow{world.processor, window});
  for (const TerminalId other : {world.desk, world.till})
    BOOST_TEST(refuses(world.ask(wish(other, world.m2)), Refusal::terminal_must_have_role));
  BOOST_TEST(!refusal_of(world.ask(wish(world.processor, world.m2))));
  BOOST_TEST(refuses(world.ask(wish(world.processor, world.m2)), Refusal::payee_must_have_takings));
  // The timer of the second has not come: one was formed already.
  BOOST_TEST(refuses(world.ask(wish(std::nullopt, world.m1)), Refusal::timer_must_be_due));
  BOOST_TEST(!refusal_of(world.ask(wish(world.processor, world.m1))));
  BOOST_TEST(refuses(world.ask(ReleaseReserve{{1}}), Refusal::timer_must_be_due));
}

BOOST_AUTO_TEST_CASE(a_reference_is_of_one_payout_only) {
  SettlementWorld world = trading_world();
  Window window;
  window.last_day = june_15;
  const Parties& parties = world.state.parties;
  const auto reference = [&](const Party& payee, std::uint64_t position) {
    return reference_of(parties, window, payee, {position}).utf8;
  };
  BOOST_TEST(reference(party_of(world.m1), 77) == "SB20250615-M1");
  BOOST_TEST(reference(party_of(world.om), 77) == "SB20250615.OM");
  const MerchantId small{world.add(RegisterMerchant{"small", Currency::jpy})};
  const MerchantId tall{world.add(RegisterMerchant{"ABCDEFGHIJ", Currency::jpy})};
  const MerchantId fits{world.add(RegisterMerchant{"ABCDEFGHI", Currency::jpy})};
  BOOST_TEST(reference(party_of(small), 36 * 36 + 35) == "SB20250615/00000010Z");
  BOOST_TEST(reference(party_of(tall), 1) == "SB20250615/000000001");
  BOOST_TEST(reference(party_of(fits), 1) == "SB20250615-ABCDEFGHI");
  window.shares_its_day = true;
  BOOST_TEST(reference(party_of(world.m1), 77) == "SB20250615/000000025");
}

BOOST_AUTO_TEST_CASE(two_windows_of_one_day_pay_under_two_references) {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マ"));
  world.sell(world.m1, 10'000);
  world.wait_until(at_time({2025, 6, 15}, 14));
  world.ask(CloseSettlementWindow{world.processor, *world.settlement().windows.open});
  world.wait_until(at_time({2025, 6, 15}, 15));
  BOOST_TEST(last<PayoutInstructed>(world).reference.utf8 == "SB20250615-M1");
  world.sell(world.m1, 10'000);
  world.wait_until(closing);
  BOOST_TEST(count<PayoutInstructed>(world.history) == 2U);
  BOOST_TEST(last<PayoutInstructed>(world).reference.utf8.starts_with("SB20250615/"));
}

BOOST_AUTO_TEST_SUITE_END()
