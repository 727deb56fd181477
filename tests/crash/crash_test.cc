// The real binary, killed under load: every acknowledged attempt is there, once, with its first
// answer. OBVERSE_CRASH_KILLS and OBVERSE_SEED change how many and which.
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/crash/trial.h"

using namespace obverse;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const words = std::getenv(name);
  return words != nullptr ? std::strtoull(words, nullptr, 10) : otherwise;
}

crash::Tally tally(const char* binary, int kills) {
  const auto seed = from_environment("OBVERSE_SEED", 20'261'122);
  crash::Trial trial(binary, seed);
  trial.run(kills);
  const crash::Tally& found = trial.tally();
  BOOST_TEST_MESSAGE("seed " << seed << ": " << found.kills << " kills, " << found.acknowledged
                             << " acknowledged, " << found.unanswered << " unanswered, "
                             << found.lost << " lost, " << found.changed << " changed, "
                             << found.missing_yen << " yen missing");
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crash_of_the_server)

BOOST_AUTO_TEST_CASE(nothing_that_was_acknowledged_is_lost_or_done_twice) {
  const auto found = tally(OBVERSED, static_cast<int>(from_environment("OBVERSE_CRASH_KILLS", 50)));
  BOOST_TEST(found.kills >= 50u);
  BOOST_TEST(found.acknowledged > found.kills);
  BOOST_TEST(found.lost == 0u);
  BOOST_TEST(found.changed == 0u);
  BOOST_TEST(found.silent == 0u);
  BOOST_TEST(found.missing_yen == 0);
}

// Without its memory a server charges a retry again, or dies over it: its rules assert that an
// attempt is new. Either way the trial says so.
BOOST_AUTO_TEST_CASE(a_server_that_forgets_attempts_is_caught) {
  const auto found = tally(FORGETFUL_SERVER, 3);
  BOOST_TEST(found.changed + found.silent > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
