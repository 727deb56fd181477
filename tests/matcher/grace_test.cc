// The writer waits for every reader that was inside, and for no other.
#include "matcher/grace.h"

#include <atomic>
#include <chrono>
#include <thread>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(grace_periods)

BOOST_AUTO_TEST_CASE(without_readers_there_is_nothing_to_wait_for) {
  Grace grace;
  for (int i = 0; i < 5; ++i) grace.wait();
  grace.leave(grace.enter());
  grace.wait();
}

BOOST_AUTO_TEST_CASE(a_reader_inside_is_waited_for) {
  Grace grace;
  // On either side: a reader may have been held up between looking at the phase and entering.
  for (const unsigned side : {0U, 0U, 1U, 1U}) {
    grace.enter_on(side);
    std::atomic<bool> over{false};
    std::jthread writer([&] {
      grace.wait();
      over = true;
    });
    // Long enough for a wait that does not wait to be seen; a slow machine only makes it longer.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    BOOST_TEST(!over.load());
    grace.leave(side);
    writer.join();
    BOOST_TEST(over.load());
  }
}

BOOST_AUTO_TEST_CASE(readers_that_come_and_go_do_not_hold_the_writer_up) {
  Grace grace;
  std::atomic<bool> stop{false};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      // Never outside: the next visit begins before the last ends.
      unsigned side = grace.enter();
      while (!stop) {
        const unsigned next = grace.enter();
        grace.leave(side);
        side = next;
      }
      grace.leave(side);
    });
  }
  for (int i = 0; i < 200; ++i) grace.wait();
  stop = true;
  BOOST_TEST(true, "ended");
}

// What it is for: nothing that a reader holds is taken away under it.
BOOST_AUTO_TEST_CASE(what_a_reader_sees_is_alive) {
  Grace grace;
  struct Thing {
    std::atomic<int> alive{1};
  };
  std::array<Thing, 2> things;
  things[1].alive = 0;
  std::atomic<Thing*> current{&things[0]};
  std::atomic<bool> stop{false};
  std::atomic<int> dead_seen{0};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const unsigned side = grace.enter();
        const Thing* thing = current.load();
        for (int look = 0; look < 50; ++look) dead_seen += thing->alive.load() == 0;
        grace.leave(side);
      }
    });
  }
  for (int i = 0; i < 3000; ++i) {
    Thing* old = current.load();
    Thing* next = old == &things[0] ? &things[1] : &things[0];
    next->alive = 1;
    current.store(next);
    grace.wait();
    old->alive = 0;
  }
  stop = true;
  readers.clear();
  BOOST_TEST(dead_seen.load() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
