// Schemes are named as accounts and people name them.
#include "ledger/model/card.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace obverse;

BOOST_AUTO_TEST_CASE(every_scheme_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int number = 1; number <= 8; ++number) {
    const auto scheme = static_cast<Scheme>(number);
    BOOST_TEST(is_known(scheme));
    BOOST_TEST(names.insert(name(scheme)).second);
  }
  BOOST_TEST(name(Scheme::visa) == "visa");
  BOOST_TEST(!is_known(static_cast<Scheme>(0)));
  BOOST_TEST(!is_known(static_cast<Scheme>(9)));
}

BOOST_AUTO_TEST_CASE(accounts_of_a_scheme_are_owned_by_its_number) {
  BOOST_TEST(text(receivable_from(Scheme::visa, Currency::jpy)) == "1110.SchemeReceivable:1 JPY");
  BOOST_TEST(text(payable_to(Scheme::mastercard, Currency::gbp)) == "2090.SchemePayable:2 GBP");
  BOOST_TEST(text(chargebacks_of(Scheme::jcb, Currency::jpy)) == "1210.ChargebackPending:3 JPY");
  BOOST_TEST(text(provisional_credits(Currency::jpy)) == "1210.ChargebackPending:0 JPY");
  BOOST_TEST(text(fees_of(Scheme::visa, Currency::jpy)) == "5010.SchemeFee:1 JPY");
  BOOST_TEST(text(reserve_of(MerchantId{7}, Currency::jpy)) == "2040.MerchantReserve:7 JPY");
  BOOST_TEST(text(receivable_from(MerchantId{7}, Currency::jpy)) ==
             "1130.MerchantReceivable:7 JPY");
  BOOST_TEST(text(refund_owed_to(RiderId{9}, Currency::jpy)) == "2070.RefundPayable:9 JPY");
}
