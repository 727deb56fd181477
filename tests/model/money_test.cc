// Checked arithmetic and the words for amounts.
#include "ledger/model/money.h"

#include <rapidcheck.h>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace obverse;

namespace {
__extension__ using Wide = __int128;  // wide enough to be the truth
constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
}  // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(what_overflows_gives_nothing) {
  BOOST_TEST(!add(largest, 1).has_value());
  BOOST_TEST(!subtract(smallest, 1).has_value());
  BOOST_TEST(!add(Money{largest, Currency::jpy}, Money{1, Currency::jpy}).has_value());
  BOOST_TEST(*add(largest - 1, 1) == largest);
}

BOOST_AUTO_TEST_CASE(currencies_do_not_mix) {
  BOOST_TEST(!add(Money{1, Currency::jpy}, Money{1, Currency::gbp}).has_value());
  BOOST_TEST(!subtract(Money{1, Currency::jpy}, Money{1, Currency::gbp}).has_value());
}

BOOST_AUTO_TEST_CASE(sums_agree_with_wider_arithmetic) {
  const bool held = rc::check("checked sums", [] {
    // Amounts over the whole width, or sums near the edge would never be drawn.
    const auto a = *rc::gen::inRange<std::int64_t>(smallest, largest);
    const auto b = *rc::gen::inRange<std::int64_t>(smallest / 2, largest / 2);
    const Wide wide = static_cast<Wide>(a) + b;
    const auto sum = add(a, b);
    RC_ASSERT(sum.has_value() == (wide >= smallest && wide <= largest));
    if (sum) RC_ASSERT(static_cast<Wide>(*sum) == wide);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(amounts_read_as_people_write_them) {
  BOOST_TEST(text(Money{1620, Currency::jpy}) == "1,620 JPY");
  BOOST_TEST(text(Money{-1250, Currency::gbp}) == "-12.50 GBP");
  BOOST_TEST(text(Money{5, Currency::cny}) == "0.05 CNY");
  BOOST_TEST(text(Money{smallest, Currency::jpy}) == "-9,223,372,036,854,775,808 JPY");
}

BOOST_AUTO_TEST_CASE(currencies_are_found_by_letters_and_number) {
  for (const Currency each : {Currency::jpy, Currency::cny, Currency::eur, Currency::gbp,
                              Currency::usd, Currency::rub, Currency::inr}) {
    BOOST_TEST((currency_of(alphabetic(each)) == each));
    BOOST_TEST((currency_of(static_cast<std::uint16_t>(each)) == each));
  }
  BOOST_TEST(!currency_of("jpy").has_value());
  BOOST_TEST(!currency_of(std::uint16_t{0}).has_value());
  BOOST_TEST(exponent(Currency::jpy) == 0);
  BOOST_TEST(exponent(Currency::gbp) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
