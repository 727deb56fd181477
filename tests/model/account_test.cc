// The chart of accounts.
#include "ledger/model/account.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(account)

BOOST_AUTO_TEST_CASE(accounts_read_as_the_chart_writes_them) {
  BOOST_TEST(text(wallet_of(RiderId{17}, Currency::jpy)) == "2010.Wallet:17 JPY");
  BOOST_TEST(text(payable_to(OperatorId{1}, Currency::jpy)) == "2030.OperatorPayable:1 JPY");
}

BOOST_AUTO_TEST_CASE(assets_and_costs_are_debit_the_rest_credit) {
  int known = 0;
  for (int code = 1000; code < 6000; ++code) {
    const auto chart = static_cast<Chart>(code);
    if (!is_known(chart)) continue;
    ++known;
    const bool debit = code < 2000 || code >= 5000;
    BOOST_TEST((normal_side(chart) == (debit ? Side::debit : Side::credit)), code);
    BOOST_TEST(!name(chart).empty(), code);
  }
  BOOST_TEST(known == 40);
}

BOOST_AUTO_TEST_CASE(money_comes_only_from_outside) {
  BOOST_TEST(touches_outside(Chart::bank));
  BOOST_TEST(!touches_outside(Chart::wallet));
  BOOST_TEST(!touches_outside(Chart::merchant_payable));
}

BOOST_AUTO_TEST_SUITE_END()
