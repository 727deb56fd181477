// Locks that clang proves are still locks: one at a time, or many readers; a wait lets go.
#include "threads/lock.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(lock)

struct Counted {
  Mutex mutex;
  Condition changed;
  int number GUARDED_BY(mutex) = 0;
};

BOOST_AUTO_TEST_CASE(one_at_a_time) {
  Counted counted;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) {
        const Lock lock(counted.mutex);
        ++counted.number;
      }
    });
  for (std::thread& thread : threads) thread.join();
  const Lock lock(counted.mutex);
  BOOST_TEST(counted.number == 80'000);
}

BOOST_AUTO_TEST_CASE(who_waits_lets_go_and_has_it_again) {
  Counted counted;
  std::thread other([&] {
    const Lock lock(counted.mutex);
    counted.number = 1;
    counted.changed.notify_all();
  });
  {
    const Lock lock(counted.mutex);
    while (counted.number == 0) counted.changed.wait(counted.mutex);
    ++counted.number;
  }
  other.join();
  const Lock lock(counted.mutex);
  BOOST_TEST(counted.number == 2);
}

BOOST_AUTO_TEST_CASE(a_wait_ends_with_its_time) {
  Counted counted;
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  const Lock lock(counted.mutex);
  while (counted.changed.wait_until(counted.mutex, soon)) {
  }
  BOOST_TEST((std::chrono::steady_clock::now() >= soon));
}

BOOST_AUTO_TEST_CASE(opened_inside_a_block_and_closed_at_its_end) {
  Counted counted;
  const Lock lock(counted.mutex);
  {
    const Unlock open(counted.mutex);
    std::thread([&] {
      const Lock inside(counted.mutex);  // would never come if it were still held
      counted.number = 5;
    }).join();
  }
  BOOST_TEST(counted.number == 5);
}

BOOST_AUTO_TEST_CASE(readers_share_and_a_writer_is_alone) {
  SharedMutex mutex;
  {
    const SharedLock here(mutex);
    std::thread([&] { const SharedLock there(mutex); }).join();  // would never end
  }
  std::atomic<bool> is_inside = false;
  std::thread writer;
  {
    const SharedLock here(mutex);
    writer = std::thread([&] {
      const Lock alone(mutex);
      is_inside = true;
    });
    for (int i = 0; i < 1'000; ++i) BOOST_REQUIRE(!is_inside);
  }
  writer.join();
  BOOST_TEST(is_inside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
