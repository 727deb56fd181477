// Opening and loading, and debt paid first.
#include "ledger/rules/money/wallets.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "ledger/model/limits.h"
#include "tests/rules/money/world.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(wallets)

BOOST_AUTO_TEST_CASE(one_wallet_a_rider_and_currency) {
  MoneyWorld world;
  const RiderId rider = world.people.add_rider();
  BOOST_TEST(refuses(world.ask(OpenWallet{{9}, Currency::jpy}), Refusal::rider_must_be_registered));
  BOOST_TEST(refuses(world.ask(OpenWallet{rider, Currency{1}}), Refusal::currency_must_match));
  BOOST_TEST(!refusal_of(world.ask(OpenWallet{rider, Currency::jpy})));
  BOOST_TEST(
      refuses(world.ask(OpenWallet{rider, Currency::jpy}), Refusal::wallet_must_not_be_open));
  BOOST_TEST(!refusal_of(world.ask(OpenWallet{rider, Currency::gbp})));
}

BOOST_AUTO_TEST_CASE(a_load_comes_from_the_bank) {
  MoneyWorld world;
  const RiderId rider = world.add_rider();
  const Decision loaded = world.ask(LoadFunds{rider, yen(5'000), {3}});
  const LoadId id{world.people.position.value};
  BOOST_TEST((std::get<Loaded>(loaded.reply) == Loaded{id, yen(5'000)}));
  BOOST_TEST(loaded.events.size() == 2U);
  BOOST_TEST((*first<FundsLoaded>(loaded.events) == FundsLoaded{id, rider, yen(5'000), {3}}));
  BOOST_TEST(balance(world.book, bank_account({3}, Currency::jpy)) == 5'000);
  BOOST_TEST(
      (std::get<Loaded>(world.ask(LoadFunds{rider, yen(1), {}}).reply).balance == yen(5'001)));
}

BOOST_AUTO_TEST_CASE(loads_that_cannot_be_are_refused) {
  MoneyWorld world;
  const RiderId rider = world.add_rider();
  const auto load = [&](RiderId who, Money money) { return world.ask(LoadFunds{who, money, {}}); };
  BOOST_TEST(refuses(load(rider, yen(0)), Refusal::amount_must_be_positive));
  BOOST_TEST(refuses(load(rider, yen(-1)), Refusal::amount_must_be_positive));
  BOOST_TEST(refuses(load(rider, yen(amount_minor_max + 1)), Refusal::amount_must_fit));
  BOOST_TEST(refuses(load({9}, yen(1)), Refusal::wallet_must_be_open));
  BOOST_TEST(refuses(load(rider, {1, Currency::gbp}), Refusal::wallet_must_be_open));
  BOOST_TEST(!refusal_of(load(rider, yen(amount_minor_max))));
}

BOOST_AUTO_TEST_CASE(a_book_that_is_full_refuses) {
  MoneyWorld world;
  const RiderId rider = world.add_rider();
  const std::int64_t almost = std::numeric_limits<std::int64_t>::max() - 10;
  const Account bank = bank_account({0}, Currency::jpy);
  world.settle({{Posted{PostingReason::funds_loaded,
                        {{bank, Side::debit, almost},
                         {wallet_of(rider, Currency::jpy), Side::credit, almost}}}},
                Done{}});
  BOOST_TEST(refuses(world.ask(LoadFunds{rider, yen(11), {}}), Refusal::amount_must_fit));
  BOOST_TEST(!refusal_of(world.ask(LoadFunds{rider, yen(10), {}})));
}

BOOST_AUTO_TEST_CASE(what_is_owed_is_recovered_first) {
  MoneyWorld world;
  const RiderId rider = world.add_rider();
  const Account debt = debt_of(rider, Currency::jpy);
  const Account transit = payable_to(OperatorId{1}, Currency::jpy);
  world.settle({{Posted{PostingReason::fare_charged,
                        {{debt, Side::debit, 300}, {transit, Side::credit, 300}}}},
                Done{}});
  const Decision part = world.ask(LoadFunds{rider, yen(100), {}});
  BOOST_TEST((std::get<Loaded>(part.reply).balance == yen(0)));
  BOOST_TEST((*first<DebtRecovered>(part.events) == DebtRecovered{rider, yen(100)}));
  BOOST_TEST(count<Posted>(part.events) == 2U);
  BOOST_TEST(balance(world.book, debt) == 200);
  BOOST_TEST(
      (std::get<Loaded>(world.ask(LoadFunds{rider, yen(1'000), {}}).reply).balance == yen(800)));
  BOOST_TEST(balance(world.book, debt) == 0);
  BOOST_TEST(world.wallet(rider) == 800);
  BOOST_TEST(count<DebtRecovered>(world.ask(LoadFunds{rider, yen(5), {}}).events) == 0U);
}

// The load fits and its recovery would not: then nothing of it happens.
BOOST_AUTO_TEST_CASE(a_recovery_that_does_not_fit_refuses_the_load) {
  MoneyWorld world;
  const RiderId rider = world.add_rider();
  const std::int64_t almost = std::numeric_limits<std::int64_t>::max() - 10;
  world.settle({{Posted{PostingReason::fare_charged,
                        {{debt_of(rider, Currency::jpy), Side::debit, almost},
                         {payable_to(OperatorId{1}, Currency::jpy), Side::credit, almost}}}},
                Done{}});
  BOOST_TEST(refuses(world.ask(LoadFunds{rider, yen(6), {}}), Refusal::amount_must_fit));
  BOOST_TEST(!refusal_of(world.ask(LoadFunds{rider, yen(5), {}})));
}

BOOST_AUTO_TEST_SUITE_END()
