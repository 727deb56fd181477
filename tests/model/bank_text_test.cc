// Names as a bank's file can carry them.
#include "ledger/model/bank_text.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

using namespace obverse;

namespace {

std::string bytes(std::string_view utf8) { return bank_text(utf8).value_or("refused"); }
// What it became, for people to read.
std::string half(std::string_view utf8) {
  const auto mapped = bank_text(utf8);
  return mapped ? utf8_of_bank_text(*mapped).value() : "refused";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bank_text_suite)

BOOST_AUTO_TEST_CASE(kana_become_one_byte_and_a_mark) {
  BOOST_TEST(bytes("アン") == "\xB1\xDD");
  BOOST_TEST(bytes("ガパ") == "\xB6\xDE\xCA\xDF");
  BOOST_TEST(half("アイウエオカキクケコサシスセソタチツテトナニヌネノ") ==
             "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉ");
  BOOST_TEST(half("ハヒフヘホマミムメモヤユヨラリルレロワン") == "ﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ");
  BOOST_TEST(half("ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ") ==
             "ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ");
}

BOOST_AUTO_TEST_CASE(small_kana_become_large_and_the_long_vowel_a_hyphen) {
  BOOST_TEST(half("ァィゥェォッャュョヮヵヶ") == "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ");
  BOOST_TEST(half("ｧｨｩｪｫｯｬｭｮ") == "ｱｲｳｴｵﾂﾔﾕﾖ");
  BOOST_TEST(half("ビーアンドビｰ") == "ﾋﾞ-ｱﾝﾄﾞﾋﾞ-");
  BOOST_TEST(half("ヴァ") == "ｳﾞｱ");
}

BOOST_AUTO_TEST_CASE(letters_and_signs_may_be_full_width) {
  BOOST_TEST(half("Ａ１（カ）－．／　B2(ｶ)-./ ") == "A1(ｶ)-./ B2(ｶ)-./ ");
  BOOST_TEST(half("カ゛ハ゜") == "ｶﾞﾊﾟ");
  BOOST_TEST(half("カ\u3099ハ\u309A") == "ｶﾞﾊﾟ");
  BOOST_TEST(half("ｶﾞﾊﾟ") == "ｶﾞﾊﾟ");
}

BOOST_AUTO_TEST_CASE(what_has_no_place_is_refused) {
  for (const char* name : {"松", "ま", "a", "ａ", "&", "ヲ", "ｦ", "ヰ", "ヱ", "、", "･", "é", "\n",
                           "\x7f", "\xff", "\xe3\x82", "\xc1\x81", "\xf0\x9f\x98\x80"})
    BOOST_TEST(!bank_text(name).has_value(), name);
  BOOST_TEST(bank_text("").has_value());
}

BOOST_AUTO_TEST_CASE(a_banks_bytes_are_read_back) {
  BOOST_TEST(utf8_of_bank_text("\xB1\xDE -A").value() == "ｱﾞ -A");
  for (const char* none : {"\x80", "\xA0", "\xE0", "\n", "\x1f", "\x7f"})
    BOOST_TEST(!utf8_of_bank_text(none).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_mapped_once_stays) {
  BOOST_TEST(rc::check("mapping twice is mapping once", [] {
    const auto codes =
        *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(0, 0x60));
    std::string name;
    for (const std::uint8_t each : codes) {
      const unsigned code = 0x30A0U + each;
      name.push_back(static_cast<char>(0xE3));
      name.push_back(static_cast<char>(0x80U | (code >> 6U & 0x3FU)));
      name.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
    }
    const auto once = bank_text(name);
    if (!once) return;
    const auto read = utf8_of_bank_text(*once);
    RC_ASSERT(read.has_value());
    RC_ASSERT(bank_text(*read) == once);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
