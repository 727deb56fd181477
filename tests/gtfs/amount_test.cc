#include "ledger/gtfs/amount.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;
using namespace obverse::gtfs;

BOOST_AUTO_TEST_SUITE(amount)

BOOST_AUTO_TEST_CASE(digits_become_minor_units_exactly) {
  const auto minor = [](const char* text, Currency currency) {
    return amount_of(text, currency).minor;
  };
  BOOST_TEST((minor("2.40", Currency::usd) == 240));
  BOOST_TEST((minor("2.4", Currency::usd) == 240));
  BOOST_TEST((minor("2", Currency::usd) == 200));
  BOOST_TEST((minor("0.07", Currency::gbp) == 7));
  BOOST_TEST((minor("-1.00", Currency::usd) == -100));
  BOOST_TEST((minor("150", Currency::jpy) == 150));
  BOOST_TEST((minor("0", Currency::jpy) == 0));
  // A binary fraction would make 114 of it.
  BOOST_TEST((minor("1.15", Currency::usd) == 115));
}

BOOST_AUTO_TEST_CASE(more_digits_than_the_currency_has_are_odd_and_never_rounded) {
  BOOST_TEST(amount_of("2.400", Currency::usd).minor.value() == 240);
  BOOST_TEST(!amount_of("2.400", Currency::usd).odd.empty());
  BOOST_TEST(!amount_of("2.405", Currency::usd).minor.has_value());
  BOOST_TEST(amount_of("150.00", Currency::jpy).minor.value() == 150);
  BOOST_TEST(!amount_of("150.5", Currency::jpy).minor.has_value());
  BOOST_TEST(amount_of("2.40", Currency::usd).odd.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_amount_is_none) {
  for (const char* text : {"", "-", ".", "2.", ".5", "1e3", "1,50", " 2", "2 ", "0x10", "+2",
                           "free", "--2", "2.4.0", "99999999999999999999"}) {
    BOOST_TEST(!amount_of(text, Currency::usd).minor.has_value(), text);
    BOOST_TEST(!amount_of(text, Currency::usd).odd.empty(), text);
  }
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_bounded) {
  BOOST_TEST((whole_number("7200") == 7200));
  BOOST_TEST((whole_number("-1") == -1));
  for (const char* text : {"", "-", "1.0", "1e3", " 1", "9999999999999999999999"})
    BOOST_TEST(!whole_number(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
