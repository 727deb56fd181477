// The second thread: really another one, one job at a time, what it throws arrives.
#include "ledger/log/beside.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(beside)

BOOST_AUTO_TEST_CASE(it_runs_beside_and_can_be_used_again) {
  Beside beside("test");
  std::binary_semaphore from_here{0};
  for (int i = 0; i < 100; ++i) {
    std::thread::id other;
    beside.start([&] {
      from_here.acquire();  // would never end if it ran in start()
      other = std::this_thread::get_id();
    });
    from_here.release();
    beside.wait();
    BOOST_TEST((other != std::this_thread::get_id()));
    BOOST_TEST((other != std::thread::id{}));
  }
}

BOOST_AUTO_TEST_CASE(what_it_throws_is_thrown_by_wait_once) {
  Beside beside("test");
  beside.start([] { throw std::runtime_error("sync failed"); });
  BOOST_CHECK_THROW(beside.wait(), std::runtime_error);
  beside.start([] {});
  beside.wait();
}

BOOST_AUTO_TEST_CASE(on_one_thread_the_owner_runs_the_job_where_it_was_told_to) {
  for (const auto runs : {Beside::Runs::at_start, Beside::Runs::at_wait}) {
    Beside beside("test", runs);
    for (int i = 0; i < 2; ++i) {
      std::thread::id where;
      beside.start([&] { where = std::this_thread::get_id(); });
      BOOST_TEST((where == std::this_thread::get_id()) == (runs == Beside::Runs::at_start));
      beside.wait();
      BOOST_TEST((where == std::this_thread::get_id()));
    }
    beside.start([] { throw std::runtime_error("sync failed"); });
    BOOST_CHECK_THROW(beside.wait(), std::runtime_error);
    beside.start([] {});
    beside.wait();
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
