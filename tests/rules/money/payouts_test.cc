// Payouts: into one file each, once, and to one end each.
#include "ledger/rules/money/payouts.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const std::int64_t tuesday = day_of({2025, 6, 17});

// Two payouts due on Tuesday 17 June: 9,456 to M1 and 484 to M2. It is Monday.
SettlementWorld paying_world() {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マツモトショウテン"));
  world.pay_out_to(world.m2, account_at(9902, "カ)タコヤキドウ"));
  world.sell(world.m1, 10'000);
  world.sell(world.m2, 727);
  world.wait_until(at_time({2025, 6, 16}, 9));
  return world;
}

ProducePayoutFile file_of(const SettlementWorld& world) {
  ProducePayoutFile file{world.processor, "F1", {}, tuesday, {}, yen(9'456 + 484), digest_of(7)};
  for (const PayoutId id : world.settlement().payouts.instructed) file.payouts.push_back(id);
  return file;
}

template <class Change>
Decision changed(SettlementWorld& world, Change change) {
  ProducePayoutFile file = file_of(world);
  change(file);
  return world.ask(file);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(payouts)

BOOST_AUTO_TEST_CASE(a_file_holds_what_is_due) {
  SettlementWorld world = paying_world();
  BOOST_TEST(world.settlement().payouts.instructed.size() == 2U);
  const Decision produced = world.ask(file_of(world));
  BOOST_TEST(!refusal_of(produced));
  const auto* file = first<PayoutFileProduced>(produced.events);
  BOOST_REQUIRE(file != nullptr);
  BOOST_TEST(file->payouts.size() == 2U);
  BOOST_TEST((file->total == yen(9'940)));
  BOOST_TEST(produced.events.size() == 1U);  // no money moves: the bank has not said anything
  for (const PayoutId id : file->payouts)
    BOOST_TEST((find(world.settlement().payouts, id)->state == PayoutState::in_file));
}

BOOST_AUTO_TEST_CASE(the_same_file_again_is_the_same_file) {
  SettlementWorld world = paying_world();
  const ProducePayoutFile file = file_of(world);
  const Decision once = world.ask(file);
  const Decision again = world.ask(file);
  BOOST_TEST((again.reply == once.reply));
  BOOST_TEST(again.events.empty());
  for (const auto change :
       {+[](ProducePayoutFile& f) { f.digest = digest_of(8); },
        +[](ProducePayoutFile& f) { f.day += 1; }, +[](ProducePayoutFile& f) { f.bank = {1}; }}) {
    ProducePayoutFile other = file;
    change(other);
    BOOST_TEST(refuses(world.ask(other), Refusal::payout_file_must_be_the_same));
  }
  ProducePayoutFile other = file;
  other.code = "F2";
  BOOST_TEST(refuses(world.ask(other), Refusal::payout_must_be_under_way));  // they are in F1
}

BOOST_AUTO_TEST_CASE(a_file_must_hold_together) {
  SettlementWorld world = paying_world();
  using File = ProducePayoutFile;
  BOOST_TEST(refuses(changed(world, [](File& f) { f.total.minor += 1; }),
                     Refusal::payouts_must_make_the_total));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.payouts.pop_back(); }),
                     Refusal::payouts_must_make_the_total));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.payouts.clear(); }), Refusal::list_must_fit));
  BOOST_TEST(refuses(changed(world, [](File& f) { std::swap(f.payouts[0], f.payouts[1]); }),
                     Refusal::list_must_fit));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.payouts[1] = f.payouts[0]; }),
                     Refusal::list_must_fit));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.payouts.push_back({99'999}); }),
                     Refusal::payout_must_be_known));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.total.currency = Currency::gbp; }),
                     Refusal::currency_must_match));
  BOOST_TEST(refuses(changed(world, [](File& f) { f.code = "a b"; }), Refusal::code_must_be_valid));
  BOOST_TEST(
      refuses(changed(world, [](File& f) { f.bank = {5}; }), Refusal::bank_account_must_be_set));
}

// Invariant 38.
BOOST_AUTO_TEST_CASE(banks_work_on_its_day) {
  SettlementWorld world = paying_world();
  using File = ProducePayoutFile;
  const auto on = [&](const Date& date) {
    return changed(world, [&](File& f) { f.day = day_of(date); });
  };
  BOOST_TEST(refuses(on({2025, 6, 21}), Refusal::payout_date_must_be_business_day));
  BOOST_TEST(refuses(on({2025, 6, 13}), Refusal::payout_date_must_be_business_day));  // past
  BOOST_TEST(refuses(on({2027, 6, 17}), Refusal::payout_date_must_be_business_day));
  BOOST_TEST(refuses(on({2025, 6, 16}), Refusal::payout_must_be_under_way));  // a day too early
  SettlementCalendar calendar = halves_of_months();
  calendar.effective_from = world.now;
  calendar.holidays = {tuesday};
  world.ask(PublishSettlementCalendar{calendar});
  BOOST_TEST(refuses(on({2025, 6, 17}), Refusal::payout_date_must_be_business_day));
  BOOST_TEST(!refusal_of(on({2025, 6, 18})));
}

BOOST_AUTO_TEST_CASE(only_a_processor_has_files_made) {
  SettlementWorld world = paying_world();
  for (const TerminalId other : {world.desk, world.till, world.enrolment}) {
    BOOST_TEST(refuses(changed(world, [&](ProducePayoutFile& f) { f.by = other; }),
                       Refusal::terminal_must_have_role));
    BOOST_TEST(refuses(world.ask(RejectPayout{other, {1}}), Refusal::terminal_must_have_role));
  }
  BOOST_TEST(!refusal_of(world.ask(file_of(world))));
}

BOOST_AUTO_TEST_CASE(a_rejected_payout_is_owed_again) {
  SettlementWorld world = paying_world();
  const PayoutId id = *world.settlement().payouts.instructed.begin();
  BOOST_TEST(world.owed_to(world.m1) == 0);
  BOOST_TEST(!refusal_of(world.ask(RejectPayout{world.processor, id})));
  BOOST_TEST(world.owed_to(world.m1) == 9'456);
  BOOST_TEST(world.at(in_transit_to(party_of(world.m1), Currency::jpy)) == 0);
  BOOST_TEST(
      refuses(world.ask(RejectPayout{world.processor, id}), Refusal::payout_must_be_under_way));
  BOOST_TEST(
      refuses(world.ask(RejectPayout{world.processor, {99'999}}), Refusal::payout_must_be_known));
  // The next batch pays it, free of a second merchant fee.
  world.wait_until(at_time({2025, 7, 1}, 7));
  const auto& instructed = world.settlement().payouts.instructed;
  BOOST_TEST(find(world.settlement().payouts, *instructed.rbegin())->amount.minor == 9'456 - 220);
}

BOOST_AUTO_TEST_CASE(a_rejection_after_the_file_takes_it_out_of_what_the_bank_may_do) {
  SettlementWorld world = paying_world();
  const ProducePayoutFile file = file_of(world);
  world.ask(file);
  world.ask(RejectPayout{world.processor, file.payouts[0]});
  BOOST_TEST(world.settlement().payouts.in_file.size() == 1U);
  // And the window is settled with its last payout.
  const WindowId window = find(world.settlement().payouts, file.payouts[1])->window;
  BOOST_TEST(find(world.settlement().windows, window)->payouts_open == 1U);
  const Decision last = world.ask(RejectPayout{world.processor, file.payouts[1]});
  BOOST_TEST(count<SettlementWindowSettled>(last.events) == 1U);
  BOOST_TEST(find(world.settlement().windows, window) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
