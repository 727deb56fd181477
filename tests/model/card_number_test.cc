// Card numbers are found wherever and however they are written; other words are left alone. The
// numbers here are the published ones for tests, which belong to nobody.
#include "ledger/model/card_number.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <string>

using namespace obverse;

namespace {

int luhn_sum(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_numbers)

BOOST_AUTO_TEST_CASE(numbers_are_found_however_they_are_written) {
  for (const char* text :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "card 4111111111111111!",
        "378282246310005", "5555 5555 5555 4444", "6304000000000000", "30569309025904",
        "order-4111.1111.1111.1111", "4111_1111_1111_1111", "4111  1111 -1111 1111",
        "x4111111111111111x", "00004111111111111111", "2025-06-01 4111 1111 1111 1111",
        "4111111111111111 1225", "99 4111111111111111",
        "\xef\xbc\x94\xef\xbc\x91\xef\xbc\x91\xef\xbc\x91 1111 1111 1111",
        "4111\xe3\x80\x80"
        "1111\xc2\xa0"
        "1111\xe2\x80\x91"
        "1111"})
    BOOST_TEST(holds_card_number(text), text);
}

BOOST_AUTO_TEST_CASE(other_words_are_left_alone) {
  for (const char* text :
       {"", "tok-1", "pm_1NqX8b2eZvKYlo", "4291417776317066", "4907 4391 5000 8063", "41111111111",
        "4111111 letters 111111111", "411111111   11111111", "OMT-1", "000000000000",
        "0000-0000-0000-0000", "2025-06-01", "T1", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
        "411111111111111/1"})
    BOOST_TEST(!holds_card_number(text), text);
}

// Whatever stands around it, and whichever single separators stand inside.
BOOST_AUTO_TEST_CASE(a_number_hides_nowhere) {
  BOOST_TEST(rc::check("made numbers", [] {
    const auto length = *rc::gen::inRange<std::size_t>(12, 20);
    std::string digits = std::to_string(*rc::gen::inRange(1, 10));
    while (digits.size() + 1 < length)
      digits.push_back(static_cast<char>('0' + *rc::gen::inRange(0, 10)));
    digits.push_back('0');
    digits.back() = static_cast<char>('0' + (10 - luhn_sum(digits) % 10) % 10);
    RC_ASSERT(luhn_sum(digits) % 10 == 0);
    std::string written;
    for (const char c : digits) {
      written.push_back(c);
      const int gap = *rc::gen::inRange(0, 8);
      if (gap == 0) written.push_back(' ');
      if (gap == 1) written.push_back('-');
    }
    const auto before = *rc::gen::arbitrary<std::string>();
    const auto after = *rc::gen::arbitrary<std::string>();
    RC_ASSERT(holds_card_number(before + written + after));
  }));
}

// Half of the guard is that it is not simply always true.
BOOST_AUTO_TEST_CASE(a_wrong_check_digit_is_no_card_number) {
  BOOST_TEST(rc::check("one digit off", [] {
    std::string digits = "4";
    while (digits.size() < 12) digits.push_back(static_cast<char>('0' + *rc::gen::inRange(0, 10)));
    RC_ASSERT(holds_card_number(digits) == (luhn_sum(digits) % 10 == 0));
  }));
}

BOOST_AUTO_TEST_SUITE_END()
