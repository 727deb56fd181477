// The meeting of the two loops: nothing posted is lost, no promise is forgotten, and the end is in
// order.
#include "ledger/server/transport/reactor.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#ifdef __SANITIZE_THREAD__
// kj's executor hands a call over under a mutex of its own, a bare futex in a library that was not
// built for TSan: what the two threads then do with the call's result looks like a race.
extern "C" const char* __tsan_default_suppressions() { return "race:executeSync\n"; }
#endif

namespace obverse {
namespace {

struct Running {
  Reactor reactor;
  std::thread thread{[this] { reactor.run(); }};
  ~Running() {
    reactor.stop();
    thread.join();
  }
};

BOOST_AUTO_TEST_SUITE(reactors)

BOOST_AUTO_TEST_CASE(work_from_many_threads_runs_on_one_in_its_order) {
  std::vector<std::pair<int, int>> seen;
  std::set<std::thread::id> on;
  {
    Running running;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
      threads.emplace_back([&, number] {
        for (int i = 0; i < 500; ++i) {
          running.reactor.post([&, number, i] {
            seen.emplace_back(number, i);
            on.insert(std::this_thread::get_id());
          });
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  BOOST_TEST(seen.size() == 2'000U);
  BOOST_TEST(on.size() == 1U);
  std::array<int, 4> next{};
  for (const auto& [number, i] : seen) BOOST_REQUIRE(next[static_cast<std::size_t>(number)]++ == i);
}

// Each round ends with both loops idle: the next one must wake KJ again.
BOOST_AUTO_TEST_CASE(promises_go_on_round_after_round) {
  Running running;
  for (int round = 0; round < 50; ++round) {
    std::promise<int> done;
    running.reactor.post([&] {
      auto paf = kj::newPromiseAndFulfiller<int>();
      paf.promise.then([](int value) { return kj::Promise<int>(value + 1); })
          .then([&](int value) { done.set_value(value); })
          .detach([](kj::Exception&&) {});
      auto* fulfiller = new kj::Own<kj::PromiseFulfiller<int>>(kj::mv(paf.fulfiller));
      running.reactor.post([fulfiller, round] {
        (*fulfiller)->fulfill(kj::cp(round));
        delete fulfiller;
      });
    });
    auto result = done.get_future();
    BOOST_REQUIRE(result.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
    BOOST_REQUIRE(result.get() == round + 1);
  }
}

BOOST_AUTO_TEST_CASE(another_threads_kj_executor_wakes_it) {
  Running running;
  std::promise<const kj::Executor*> executor;
  running.reactor.post([&] { executor.set_value(&kj::getCurrentThreadExecutor()); });
  const kj::Executor* remote = executor.get_future().get();
  for (int i = 0; i < 20; ++i) {
    BOOST_REQUIRE(remote->executeSync([i] { return i * 2; }) == i * 2);
  }
}

struct Counting final : Flushable {
  explicit Counting(std::vector<std::string>& to) : told(to) {}
  void flush() override { told.push_back("flush"); }
  std::vector<std::string>& told;
};

BOOST_AUTO_TEST_CASE(what_is_dirty_is_flushed_after_the_turn) {
  std::vector<std::string> told;
  {
    Running running;
    running.reactor.post([&] {
      running.reactor.flush_soon(std::make_shared<Counting>(told));
      kj::evalLater([&] { told.push_back("promise"); }).detach([](kj::Exception&&) {});
      told.push_back("work");
    });
  }
  const std::vector<std::string> expected{"work", "promise", "flush"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_end_comes_after_what_was_posted_and_inside_the_loop) {
  std::vector<std::string> told;
  Reactor reactor;
  reactor.post([&] {
    reactor.at_end([&] { told.push_back("first come"); });
    reactor.at_end([&] {
      // Only possible while the loop stands: this promise is armed and dies here.
      kj::Promise<void> promise = kj::evalLater([] {});
      told.push_back("last come");
      reactor.post([&] { told.push_back("posted at the end"); });
    });
  });
  reactor.post([&] { told.push_back("work"); });
  reactor.stop();
  reactor.run();
  const std::vector<std::string> expected{"work", "last come", "first come", "posted at the end"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_escapes_from_work_escapes_from_run) {
  bool left = false;
  Reactor reactor;
  reactor.post([&] { reactor.at_end([&] { left = true; }); });
  reactor.post([] { throw std::logic_error("a bug"); });
  BOOST_CHECK_THROW(reactor.run(), std::logic_error);
  BOOST_TEST(left);
}

BOOST_AUTO_TEST_CASE(a_promise_may_be_waited_for_from_work) {
  Reactor reactor;
  int value = 0;
  reactor.post([&] {
    auto paf = kj::newPromiseAndFulfiller<int>();
    boost::asio::steady_timer timer(reactor.io(), std::chrono::milliseconds(1));
    timer.async_wait([&](const auto&) { paf.fulfiller->fulfill(7); });
    value = paf.promise.wait(reactor.wait_scope());
    reactor.stop();
  });
  reactor.run();
  BOOST_TEST(value == 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
