// Canonical bytes: exactly those written out in the header's grammar, back again, and nothing else
// accepted.
#include "ledger/wire/canonical.h"

#include <boost/test/unit_test.hpp>

#include "ledger/model/commands.h"
#include "tests/wire/made_values.h"

namespace obverse {
namespace {

struct Inner {
  std::uint16_t number = 0;
  bool yes = false;
  friend bool operator==(const Inner&, const Inner&) = default;
};
struct Outer {
  std::int32_t signed_number = 0;
  std::string word;
  std::optional<Inner> maybe;
  std::vector<Inner> many;
  std::map<std::uint8_t, std::string> by_number;
  std::set<std::int8_t> some;
  std::variant<std::monostate, Inner, std::uint8_t> one_of;
  std::pair<std::uint8_t, std::array<std::uint8_t, 2>> both;
  friend bool operator==(const Outer&, const Outer&) = default;
};
struct Swapped {
  bool yes = false;
  std::uint16_t number = 0;
};
struct Longer {
  std::uint16_t number = 0;
  bool yes = false;
  bool no = false;
};

Outer sample() {
  Outer out;
  out.signed_number = -2;
  out.word = "ab";
  out.maybe = Inner{258, true};
  out.many = {{1, false}};
  out.by_number = {{3, "x"}};
  out.some = {-1, 4};
  out.one_of = std::uint8_t{7};
  out.both = {9, {10, 11}};
  return out;
}

std::string bytes_of(std::initializer_list<int> numbers) {
  std::string out;
  for (const int each : numbers) out.push_back(static_cast<char>(each));
  return out;
}

BOOST_AUTO_TEST_SUITE(canonical_bytes)

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_the_grammar) {
  const std::string expected = bytes_of({
      0xfe, 0xff, 0xff, 0xff,                                                   // signed_number
      2,    0,    0,    0,    0, 0, 0, 0, 'a',  'b',                            // word
      1,    2,    1,    1,                                                      // maybe
      1,    0,    0,    0,    0, 0, 0, 0, 1,    0,   0,                         // many
      1,    0,    0,    0,    0, 0, 0, 0, 3,    1,   0, 0, 0, 0, 0, 0, 0, 'x',  // by_number
      2,    0,    0,    0,    0, 0, 0, 0, 0xff, 4,  // some, rising as numbers
      2,    0,    0,    0,    7,                    // one_of
      9,    10,   11,                               // both
  });
  BOOST_TEST(canonical(sample()) == expected);
}

BOOST_AUTO_TEST_CASE(values_come_back) {
  BOOST_TEST((decode_canonical<Outer>(canonical(sample())).value() == sample()));
  BOOST_TEST(rc::check("any record comes back", [] {
    const auto record = any<Record>();
    RC_ASSERT(decode_canonical<Record>(canonical(record)).value() == record);
  }));
}

BOOST_AUTO_TEST_CASE(every_shortened_or_lengthened_form_is_refused) {
  const std::string whole = canonical(sample());
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!decode_canonical<Outer>(whole.substr(0, size)).has_value());
  BOOST_TEST(!decode_canonical<Outer>(whole + '\0').has_value());
}

BOOST_AUTO_TEST_CASE(other_spellings_are_refused) {
  using Numbers = std::set<std::uint8_t>;
  BOOST_TEST(decode_canonical<Numbers>(bytes_of({2, 0, 0, 0, 0, 0, 0, 0, 1, 2})).has_value());
  BOOST_TEST(!decode_canonical<Numbers>(bytes_of({2, 0, 0, 0, 0, 0, 0, 0, 2, 1})).has_value());
  BOOST_TEST(!decode_canonical<Numbers>(bytes_of({2, 0, 0, 0, 0, 0, 0, 0, 1, 1})).has_value());
  using Names = std::map<std::uint8_t, bool>;
  BOOST_TEST(!decode_canonical<Names>(bytes_of({2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0})).has_value());
  BOOST_TEST(!decode_canonical<bool>(bytes_of({2})).has_value());
  BOOST_TEST(!decode_canonical<std::optional<bool>>(bytes_of({2, 0})).has_value());
  BOOST_TEST(
      !(decode_canonical<std::variant<bool, std::uint8_t>>(bytes_of({2, 0, 0, 0, 0})).has_value()));
}

BOOST_AUTO_TEST_CASE(a_count_cannot_ask_for_memory_that_no_bytes_fill) {
  BOOST_TEST(!decode_canonical<std::vector<std::uint64_t>>(std::string(8, '\xff')).has_value());
  BOOST_TEST(!decode_canonical<std::string>(std::string(8, '\xff')).has_value());
}

BOOST_AUTO_TEST_CASE(another_type_has_another_stamp) {
  BOOST_TEST(stamp_of<Inner>() != stamp_of<Swapped>());
  BOOST_TEST(stamp_of<Inner>() != stamp_of<Longer>());
  BOOST_TEST(stamp_of<RiderId>() != stamp_of<JourneyId>());  // the same bytes, another meaning
  BOOST_TEST(stamp_of<std::vector<Inner>>() != stamp_of<std::vector<Longer>>());
  BOOST_TEST(stamp_of<Outer>().find("Inner{u16;u8;}") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
