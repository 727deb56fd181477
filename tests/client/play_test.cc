// What the acts share.
#include "ledger/client/demo/play.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/house.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(play)

BOOST_AUTO_TEST_CASE(the_cast_is_kept_and_recalled) {
  const house::Folder folder;
  Play play;
  play.state = folder / "state";
  std::filesystem::create_directories(play.state);
  BOOST_CHECK_THROW(recall_cast(play), CommandFailed);
  play.cast = first_cast();
  play.cast[3].rider = 17;
  keep_cast(play);
  Play again;
  again.state = play.state;
  recall_cast(again);
  BOOST_REQUIRE(again.cast.size() == 20u);
  BOOST_TEST(again.cast[3].rider == 17u);
  BOOST_TEST(again.cast[14].part == "child");
}

BOOST_AUTO_TEST_CASE(an_outcome_that_is_not_the_expected_one_is_a_failure) {
  const house::Folder folder;
  Play play;
  play.state = folder / "state";
  std::filesystem::create_directories(play.state);
  const Scene denied{{{"outcome", "refused"}, {"reason", "PASS_BACK"}}, 1.5, 1};
  tell(play, "a person", "refused: PASS_BACK", denied);
  BOOST_TEST(play.failures.empty());
  tell(play, "a person", "entered", denied);
  BOOST_TEST(play.failures.size() == 1u);
  BOOST_TEST(told(play).size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
