// Every part is done once, whoever asks and however many.
#include "matcher/workers.h"

#include <atomic>
#include <memory>
#include <thread>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(helpers)

BOOST_AUTO_TEST_CASE(every_part_is_done_once) {
  for (const unsigned helpers : {0U, 1U, 3U}) {
    Workers workers(helpers);
    for (unsigned parts = 0; parts < 40; ++parts) {
      const auto done = std::make_unique<std::atomic<int>[]>(parts + 1);
      workers.run(parts, [&](unsigned part) { ++done[part]; });
      for (unsigned part = 0; part < parts; ++part) BOOST_REQUIRE(done[part].load() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(several_may_ask_at_once) {
  Workers workers(2);
  std::atomic<std::uint64_t> sum{0};
  {
    std::vector<std::jthread> askers;
    for (int asker = 0; asker < 4; ++asker) {
      askers.emplace_back([&] {
        for (int turn = 0; turn < 300; ++turn) {
          std::array<std::uint64_t, 16> own{};
          workers.run(16, [&](unsigned part) { own[part] = part + 1; });
          for (const std::uint64_t number : own) sum += number;
        }
      });
    }
  }
  BOOST_TEST(sum.load() == 4U * 300 * 136);
}

BOOST_AUTO_TEST_CASE(helpers_do_help) {
  Workers workers(1);
  // Each part waits until both threads are in one; alone this would never end.
  std::atomic<unsigned> inside{0};
  std::set<std::thread::id> threads;
  std::mutex mutex;
  workers.run(2, [&](unsigned) {
    ++inside;
    while (inside.load() < 2) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  BOOST_TEST(threads.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
