// What is code, what is comment, what is literal, and where a function ends.
#include "tests/tidy/text.h"

#include <boost/test/unit_test.hpp>

namespace obverse::tidy {
namespace {

std::string words(std::string_view source) {
  const std::string code = code_of(source);
  std::string all;
  for (const Word& word : words_of(code)) all += std::string(word.text) + ' ';
  return all;
}

std::vector<Function> functions(const std::string& source) {
  const std::string code = code_of(source);
  return functions_of(code);
}

BOOST_AUTO_TEST_SUITE(text_of_sources)

BOOST_AUTO_TEST_CASE(comments_and_literals_are_not_code) {
  BOOST_TEST(words("a // b\nc /* d\n e */ f") == "a c f ");
  BOOST_TEST(words("a = \"b \\\" // c\"; d") == "a d ");
  BOOST_TEST(words("a = '\"'; b = '\\''; c") == "a b c ");
  BOOST_TEST(words("a = R\"x(b \" ) // )x\"; c") == "a R c ");
  BOOST_TEST(words("a = 1'000'000; // b") == "a 1'000'000 ");
  BOOST_TEST(words("a = 1.5e3 + 0x1F;") == "a 1.5e3 0x1F ");
  BOOST_TEST(words("#define A b \\\n  c\nd") == "d ");
  BOOST_TEST(without_comments("a // b\n\"// c\"") == "a     \n\"// c\"");
}

BOOST_AUTO_TEST_CASE(words_know_their_lines) {
  const std::string code = code_of("a\n/* b\n */ c");
  const std::vector<Word> found = words_of(code);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[1].line == 3U);
}

BOOST_AUTO_TEST_CASE(includes_are_seen_whatever_their_spaces) {
  const std::vector<Include> found = includes_of(
      {"a.cc", "#include <map>\n  #  include \"b/c.h\"\n// #include <set>\n/*\n#include <x>\n*/"});
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[0].target == "map");
  BOOST_TEST(!found[0].quoted);
  BOOST_TEST(found[1].target == "b/c.h");
  BOOST_TEST(found[1].quoted);
  BOOST_TEST(found[1].line == 2U);
}

BOOST_AUTO_TEST_CASE(functions_have_their_lengths) {
  const std::string source =
      "namespace a {\n"
      "struct B {\n"
      "  int c() const {\n"
      "    if (true) {\n"
      "    }\n"
      "  }\n"
      "};\n"
      "const int table[] = {\n"
      "    1,\n"
      "};\n"
      "\n"
      "int\n"
      "d(int e)\n"
      "{ return e; }\n"
      "}\n";
  const std::vector<Function> found = functions(source);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[0].line == 3U);
  BOOST_TEST(found[0].lines == 4U);
  BOOST_TEST(found[1].line == 12U);
  BOOST_TEST(found[1].lines == 3U);
}

BOOST_AUTO_TEST_CASE(a_test_case_is_a_function_of_its_own) {
  const std::vector<Function> found =
      functions("BOOST_AUTO_TEST_SUITE(a)\n\nBOOST_AUTO_TEST_CASE(b) {\n  \"}\";\n}\n");
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].line == 3U);
  BOOST_TEST(found[0].lines == 3U);
}

BOOST_AUTO_TEST_CASE(columns_are_characters) {
  BOOST_TEST(columns_of("abc") == 3U);
  BOOST_TEST(columns_of("\xC3\xA9\xE2\x86\x92") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse::tidy
