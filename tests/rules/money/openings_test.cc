// The books as another system left them.
#include "ledger/rules/money/openings.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const Account bank = bank_account({}, Currency::jpy);
const Account equity{Chart::equity, 0, Currency::jpy};

Account transit(MerchantId merchant) { return in_transit_to(party_of(merchant), Currency::jpy); }

Decision open(SettlementWorld& world, Entries entries) {
  return world.ask(OpenBooks{world.desk, std::move(entries)});
}
Entries capital(std::int64_t minor) {
  return {{bank, Side::debit, minor}, {equity, Side::credit, minor}};
}
MigratePayout payout(const SettlementWorld& world, std::int64_t minor, const char* reference) {
  return {world.desk, party_of(world.m1), yen(minor), {reference}, {}, day_of({2025, 5, 30})};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openings)

BOOST_AUTO_TEST_CASE(an_opening_is_a_posting_of_anything_that_balances) {
  SettlementWorld world = settlement_world();
  BOOST_TEST(!refusal_of(open(world, capital(100))));
  BOOST_TEST(!refusal_of(open(world, {{bank, Side::debit, 70},
                                      {wallet_of(world.many, Currency::jpy), Side::credit, 40},
                                      {payable_to(world.m1, Currency::jpy), Side::credit, 30}})));
  BOOST_TEST(world.at(bank) == 170);
  BOOST_TEST(world.wallet(world.many) == 40);
  // What a merchant was owed is owed by the first window.
  const Payee shop{party_of(world.m1), Currency::jpy};
  BOOST_TEST(world.settlement().windows.before_the_first.takings.at(shop).adjusted == 30);
}

BOOST_AUTO_TEST_CASE(it_must_balance_and_touch_only_what_is_there) {
  SettlementWorld world = settlement_world();
  const auto entry = [](const Account& account, std::int64_t minor) {
    return Entry{account, Side::credit, minor};
  };
  BOOST_TEST(refuses(open(world, {}), Refusal::opening_must_balance));
  BOOST_TEST(refuses(open(world, {{bank, Side::debit, 5}, entry(equity, 4)}),
                     Refusal::opening_must_balance));
  for (const Account& nobodys :
       {wallet_of({99}, Currency::jpy), wallet_of(world.many, Currency::gbp),
        payable_to(MerchantId{99}, Currency::jpy), payable_to(OperatorId{99}, Currency::jpy),
        Account{static_cast<Chart>(1234), 0, Currency::jpy},
        Account{Chart::equity, 0, static_cast<Currency>(1)}})
    BOOST_TEST(refuses(
        open(world, {{{Chart::bank, 0, nobodys.currency}, Side::debit, 5}, entry(nobodys, 5)}),
        Refusal::account_must_fit));
  BOOST_TEST(
      refuses(open(world, {{bank, Side::debit, 0}, entry(equity, 0)}), Refusal::account_must_fit));
  BOOST_TEST(refuses(open(world, {{bank, static_cast<Side>(3), 5}, entry(equity, 5)}),
                     Refusal::account_must_fit));
  BOOST_TEST(refuses(open(world, Entries(300, entry(equity, 1))), Refusal::list_must_fit));
  BOOST_TEST(refuses(open(world, {{bank, Side::credit, 5},
                                  {wallet_of(world.many, Currency::jpy), Side::debit, 5}}),
                     Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_CASE(only_a_desk_and_only_first) {
  SettlementWorld world = settlement_world();
  for (const TerminalId other : {world.processor, world.till}) {
    BOOST_TEST(refuses(world.ask(OpenBooks{other, capital(5)}), Refusal::terminal_must_have_role));
    MigratePayout wish = payout(world, 5, "R-1");
    wish.by = other;
    BOOST_TEST(refuses(world.ask(wish), Refusal::terminal_must_have_role));
  }
  world.ask(LoadFunds{world.many, yen(1), {}});
  BOOST_TEST(refuses(open(world, capital(5)), Refusal::opening_must_come_first));
  BOOST_TEST(refuses(world.ask(payout(world, 5, "R-1")), Refusal::opening_must_come_first));
}

BOOST_AUTO_TEST_CASE(payouts_under_way_are_told_of_before_their_money) {
  SettlementWorld world = settlement_world();
  BOOST_TEST(refuses(world.ask(payout(world, 500, "R-1")), Refusal::bank_account_must_be_set));
  world.pay_out_to(world.m1, account_at(9901, "マ"));
  BOOST_TEST(!refusal_of(world.ask(payout(world, 500, "R-1"))));
  BOOST_TEST(!refusal_of(world.ask(payout(world, 20, "R-2"))));
  for (const char* reference : {"R-1", "", "lower", "SB20250615-M1-AND-ONE", "漢字"})
    BOOST_TEST(refuses(world.ask(payout(world, 5, reference)), Refusal::reference_must_be_new));
  BOOST_TEST(refuses(world.ask(payout(world, 0, "R-3")), Refusal::amount_must_be_positive));
  const auto with = [&](std::int64_t minor) {
    return Entries{{bank, Side::debit, minor}, {transit(world.m1), Side::credit, minor}};
  };
  BOOST_TEST(refuses(open(world, capital(5)), Refusal::opening_must_balance));
  BOOST_TEST(refuses(open(world, with(519)), Refusal::opening_must_balance));
  BOOST_TEST(!refusal_of(open(world, with(520))));
  BOOST_TEST(refuses(open(world, with(520)), Refusal::opening_must_balance));
  // And the bank's word ends them.
  world.ask(world.statement(1, 520, {{-500, day_of({2025, 5, 30}), {"R-1"}, {}}}));
  world.wait_until(world.now);
  BOOST_TEST(world.at(transit(world.m1)) == 20);
}

BOOST_AUTO_TEST_SUITE_END()
