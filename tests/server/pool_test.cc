#include "ledger/server/pool.h"

#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>

using namespace obverse;

namespace {

constexpr TerminalId somebody{1};

// Keeps the pool's only thread busy until it is let go.
class Stopper {
 public:
  explicit Stopper(Pool& pool) {
    BOOST_REQUIRE(pool.run(Lane::leave, somebody, [gate = gate_] {
      gate->begun.set_value();
      gate->go_on.get_future().wait();
    }));
    gate_->begun.get_future().wait();
  }
  void let_go() { gate_->go_on.set_value(); }

 private:
  struct Gate {  // of both threads: which of them is done with it last, nobody knows
    std::promise<void> begun, go_on;
  };
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(server_pool)

BOOST_AUTO_TEST_CASE(who_wants_out_goes_first) {
  Pool pool(1, 8);
  Stopper stopper(pool);
  std::string order;
  std::promise<void> last;
  for (const auto& [lane, letter] :
       {std::pair{Lane::question, 'q'}, {Lane::pay, 'p'}, {Lane::enter, 'e'}, {Lane::leave, 'l'}}) {
    BOOST_REQUIRE(pool.run(lane, somebody, [&order, &last, said = letter] {
      order += said;
      if (order.size() == 4) last.set_value();
    }));
  }
  stopper.let_go();
  last.get_future().wait();
  BOOST_TEST(order == "lepq");
}

BOOST_AUTO_TEST_CASE(who_asks_much_keeps_nobody_else_waiting) {
  Pool pool(1, 16);
  Stopper stopper(pool);
  std::string order;
  std::promise<void> last;
  const auto ask = [&](TerminalId caller, char letter) {
    BOOST_REQUIRE(pool.run(Lane::pay, caller, [&order, &last, letter] {
      order += letter;
      if (order.size() == 8) last.set_value();
    }));
  };
  for (const char letter : {'a', 'b', 'c', 'd', 'e'}) ask({1}, letter);
  ask({2}, 'X');
  for (const char letter : {'1', '2'}) ask({3}, letter);
  stopper.let_go();
  last.get_future().wait();
  BOOST_TEST(order == "aX1b2cde");
}

BOOST_AUTO_TEST_CASE(a_full_lane_says_so_and_the_others_go_on) {
  Pool pool(1, 2);
  Stopper stopper(pool);
  BOOST_TEST(pool.run(Lane::pay, somebody, [] {}));
  BOOST_TEST(pool.run(Lane::pay, somebody, [] {}));
  BOOST_TEST(!pool.run(Lane::pay, somebody, [] {}));
  BOOST_TEST(pool.run(Lane::leave, somebody, [] {}));
  BOOST_TEST(pool.waiting() == 3U);
  stopper.let_go();
}

BOOST_AUTO_TEST_CASE(what_waits_is_dropped_at_the_end_and_what_began_is_finished) {
  bool ran = false;
  const auto held = std::make_shared<int>(0);
  Pool pool(1, 8);
  {
    Stopper stopper(pool);
    BOOST_REQUIRE(pool.run(Lane::pay, somebody, [&ran, held] { ran = true; }));
    auto stopped = std::async(std::launch::async, [&pool] { pool.stop(); });
    while (pool.waiting() > 0) std::this_thread::yield();
    stopper.let_go();
    stopped.wait();
  }
  BOOST_TEST(!ran);
  BOOST_TEST(held.use_count() == 1);
  BOOST_TEST(!pool.run(Lane::leave, somebody, [] {}));
}

BOOST_AUTO_TEST_SUITE_END()
