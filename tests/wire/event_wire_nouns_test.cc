// The checks that every noun goes through, at their bounds.
#include "ledger/wire/event_wire_nouns.h"

#include <boost/test/unit_test.hpp>

namespace obverse::wire {
namespace {

BOOST_AUTO_TEST_SUITE(event_wire_nouns)

BOOST_AUTO_TEST_CASE(instants_have_bounds) {
  BOOST_TEST((instant(0) == instant_min));
  BOOST_TEST((instant(instant_max.ms) == instant_max));
  BOOST_CHECK_THROW(instant(-1), Malformed);
  BOOST_CHECK_THROW(instant(instant_max.ms + 1), Malformed);
}

BOOST_AUTO_TEST_CASE(durations_have_bounds) {
  BOOST_TEST((duration(duration_max.ms) == duration_max));
  BOOST_CHECK_THROW(duration(-1), Malformed);
  BOOST_CHECK_THROW(duration(duration_max.ms + 1), Malformed);
  BOOST_TEST((offset(-days(1).ms) == Duration{-days(1).ms}));
  BOOST_CHECK_THROW(offset(days(1).ms + 1), Malformed);
  BOOST_CHECK_THROW(offset(-days(1).ms - 1), Malformed);
}

BOOST_AUTO_TEST_CASE(a_code_has_bounds) {
  BOOST_TEST(code("OMT-1") == "OMT-1");
  BOOST_TEST(code("") == "");  // the station of a till
  const std::string longest(code_length_max, 'a');
  BOOST_TEST(code(longest.c_str()) == longest);
  BOOST_CHECK_THROW(code((longest + "a").c_str()), Malformed);
  BOOST_CHECK_THROW(code("two words"), Malformed);
  BOOST_CHECK_THROW(code("\xc3\xa9"), Malformed);
}

BOOST_AUTO_TEST_CASE(bytes_are_exactly_as_many) {
  const std::array<std::uint8_t, 16> key{1, 2, 3};
  BOOST_TEST((bytes<16>(data(key)) == key));
  BOOST_CHECK_THROW(bytes<32>(data(key)), Malformed);
}

BOOST_AUTO_TEST_CASE(what_an_enumeration_names) {
  static_assert(is_named<Category>(1) && is_named<Category>(6));
  static_assert(!is_named<Category>(0) && !is_named<Category>(7) && !is_named<Category>(5000));
  constexpr auto last_refusal = static_cast<std::size_t>(Refusal::second_person_must_decide);
  static_assert(is_named<Refusal>(last_refusal) && !is_named<Refusal>(last_refusal + 1));
  BOOST_TEST((known<Side>(2) == Side::credit));
  BOOST_CHECK_THROW(known<Side>(0), Malformed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse::wire
