// Staying awake: it ends with what is waited for, and gives up.
#include "threads/awake.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(awake)

BOOST_AUTO_TEST_CASE(what_is_over_already_is_seen_at_once) {
  int asked = 0;
  BOOST_TEST(awaited([&] { return ++asked == 1; }, std::chrono::microseconds(0)));
  BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(it_sees_what_another_thread_does) {
  std::atomic<bool> is_done = false;
  std::thread other([&] { is_done = true; });
  BOOST_TEST(awaited([&] { return is_done.load(); }, std::chrono::hours(1)));
  other.join();
}

BOOST_AUTO_TEST_CASE(it_gives_up) {
  BOOST_TEST(!awaited([] { return false; }, std::chrono::microseconds(50)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
