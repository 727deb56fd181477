// The first act.
#include <boost/test/unit_test.hpp>

#include "tests/client/day.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(the_service_opens_with_eighteen_people_and_two_strangers) {
  shell::Day day;
  const auto said = day.act("open");
  BOOST_TEST((said.ended == Ended::done), said.error);
  Play play;
  play.state = day.state();
  recall_cast(play);
  std::size_t enrolled = 0;
  for (const Member& member : play.cast) enrolled += member.rider != 0 ? 1U : 0U;
  BOOST_TEST(enrolled == 18u);
}
