// What settlement did, in words that its payees would understand.
#include "replay/words_settlement.h"

#include <boost/test/unit_test.hpp>

#include "replay/words.h"

using namespace obverse;

namespace {

State a_state() {
  State state;
  obverse::apply(state, Event{MerchantRegistered{{1}, "M1", Currency::jpy}});
  obverse::apply(state, Event{OperatorRegistered{{1}, "OM"}});
  return state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(words_settlement)

BOOST_AUTO_TEST_CASE(payees_are_called_by_their_short_names) {
  const State state = a_state();
  SettlementBatchFormed batch;
  batch.batch = {7};
  batch.window = {3};
  batch.payee = party_of(MerchantId{1});
  batch.paid = 9'456;
  BOOST_TEST(in_words(batch, state) ==
             "batch 7 of window 3 for merchant M1: 9,456 JPY paid out, 0 JPY left");
  BOOST_TEST(in_words(SettlementCarriedForward{{7}, party_of(OperatorId{1}), {5, Currency::jpy}},
                      state) == "operator OM owes 5 JPY after batch 7");
  BOOST_TEST(in_words(SettlementCarriedForward{{7}, party_of(OperatorId{9}), {5, Currency::jpy}},
                      state) == "operator 9 owes 5 JPY after batch 7");
}

BOOST_AUTO_TEST_CASE(days_and_sums_are_written_out) {
  const State state = a_state();
  PayoutFileProduced file;
  file.code = "F1";
  file.day = day_of({2025, 6, 17});
  file.total = {551'536, Currency::jpy};
  file.payouts = {{1}, {2}, {3}};
  BOOST_TEST(in_words(file, state) ==
             "payout file F1 for 2025-06-17 produced: 3 payouts, 551,536 JPY");
  NetPositionComputed net;
  net.window = {3};
  net.positions = {{{1}, -120'000}};
  BOOST_TEST(in_words(net, state) == "net positions of window 3 in JPY: operator OM -120000;");
  BOOST_TEST(in_words(StatementEntryMatched{{{5}, 2}, {8}, MatchKey::amount_date}, state) ==
             "entry 2 of statement 5 is payout 8, found by amount and date");
}

// An account number is no word for everybody who may read a history.
BOOST_AUTO_TEST_CASE(an_account_is_said_without_its_number) {
  PayoutAccountSet set;
  set.payee = party_of(MerchantId{1});
  set.account.bank = 17;
  set.account.number = 7'654'321;
  set.account.holder = {"ﾏﾂﾓﾄ"};
  const std::string said = in_words(set, a_state());
  BOOST_TEST(said.find("7654321") == std::string::npos);
  BOOST_TEST(said.find("ﾏﾂﾓﾄ") == std::string::npos);
  BOOST_TEST(said.find("bank 0017") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
