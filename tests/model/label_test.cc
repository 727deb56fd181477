// Words that are printed: UTF-8, bounded, nothing that moves a printer's head.
#include "ledger/model/label.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace obverse {
namespace {

bool valid(std::string_view text) { return is_valid(Label{std::string(text)}); }

BOOST_AUTO_TEST_SUITE(label)

BOOST_AUTO_TEST_CASE(words_of_any_script) {
  for (const char* good :
       {"", "Osaka 26-hour ticket", "ﾏﾂﾓﾄｼﾖｳﾃﾝ", "大阪メトロ", "é", "\U0001F600"})
    BOOST_TEST(valid(good), good);
}

BOOST_AUTO_TEST_CASE(no_controls) {
  for (const std::string_view bad :
       {std::string_view("a\nb"), std::string_view("a\0b", 3), std::string_view("\x7f"),
        std::string_view("\xc2\x85"), std::string_view("\x1b[2J")})
    BOOST_TEST(!valid(bad));
}

BOOST_AUTO_TEST_CASE(nothing_but_utf_8) {
  for (const char* bad : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe3\x81", "a\xff"})
    BOOST_TEST(!valid(bad));
}

BOOST_AUTO_TEST_CASE(at_most_120_bytes) {
  BOOST_TEST(valid(std::string(120, 'a')));
  BOOST_TEST(!valid(std::string(121, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
