// Attempt keys: made, written, read again.
#include "ledger/client/commands/attempt.h"

#include <boost/test/unit_test.hpp>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(attempt)

BOOST_AUTO_TEST_CASE(a_key_carries_its_time_and_is_written_as_it_is_read) {
  const AttemptKey key = new_attempt(Instant{0x0190'0000'0001});
  const std::string words = text(key);
  BOOST_TEST(words.size() == 36u);
  BOOST_TEST(words.substr(0, 13) == "01900000-0001");
  BOOST_TEST(words[14] == '7');
  BOOST_TEST((attempt_from_text(words) == key));
}

BOOST_AUTO_TEST_CASE(two_keys_of_one_instant_differ) {
  BOOST_TEST((new_attempt(Instant{1}) != new_attempt(Instant{1})));
}

BOOST_AUTO_TEST_CASE(what_is_no_version_7_is_refused) {
  for (const char* words :
       {"", "x", "01900000-0001-4000-8000-000000000000", "01900000-0001-7000-0000-000000000000",
        "01900000-0001-7000-8000-00000000000", "01900000-0001-7000-8000-0000000000000"})
    BOOST_TEST(!attempt_from_text(words).has_value(), words);
}

BOOST_AUTO_TEST_SUITE_END()
