#include "ledger/server/pace.h"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using namespace obverse;

namespace {

const Pace::Time begin{std::chrono::hours(1)};

int taken_of(Pace& pace, int calls, Pace::Time now) {
  int taken = 0;
  for (int i = 0; i < calls; ++i) taken += pace.takes(now) ? 1 : 0;
  return taken;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_pace)

BOOST_AUTO_TEST_CASE(a_second_s_worth_at_once_and_then_as_many_as_fit_in_the_time) {
  Pace pace(100);
  BOOST_TEST(taken_of(pace, 1'000, begin) == 100);
  BOOST_TEST(taken_of(pace, 1'000, begin + std::chrono::milliseconds(9)) == 0);
  BOOST_TEST(taken_of(pace, 1'000, begin + std::chrono::milliseconds(10)) == 1);
  BOOST_TEST(taken_of(pace, 1'000, begin + std::chrono::milliseconds(500)) == 49);
  BOOST_TEST(taken_of(pace, 1'000, begin + std::chrono::seconds(60)) == 100);
}

BOOST_AUTO_TEST_CASE(who_keeps_to_it_is_never_refused) {
  Pace pace(50);
  for (int i = 0; i < 5'000; ++i) BOOST_TEST(pace.takes(begin + std::chrono::milliseconds(20 * i)));
}

BOOST_AUTO_TEST_CASE(it_is_rested_when_all_that_came_would_have_come_evenly) {
  Pace pace(10);
  BOOST_TEST(pace.is_rested(begin));
  BOOST_TEST(taken_of(pace, 3, begin) == 3);
  BOOST_TEST(!pace.is_rested(begin + std::chrono::milliseconds(299)));
  BOOST_TEST(pace.is_rested(begin + std::chrono::milliseconds(300)));
}

BOOST_AUTO_TEST_CASE(without_a_bound_everything_is_taken) {
  Pace pace(0);
  BOOST_TEST(taken_of(pace, 1'000'000, begin) == 1'000'000);
  BOOST_TEST(pace.is_rested(begin));
}

BOOST_AUTO_TEST_CASE(several_threads_take_no_more_together_than_one_alone) {
  Pace pace(1'000);
  std::atomic<int> taken{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { taken += taken_of(pace, 2'000, begin); });
  threads.clear();
  BOOST_TEST(taken == 1'000);
}

BOOST_AUTO_TEST_SUITE_END()
