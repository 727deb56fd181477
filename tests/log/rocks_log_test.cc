// RocksDB and tail together on the real disk: conformance, the lock, what is seen of a failed
// write.
#include "ledger/log/rocks_log.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"
#include "tests/log/temporary_folder.h"

namespace obverse {
namespace {

RocksLogOptions small() {
  RocksLogOptions options;
  options.free_bytes_min = 1U << 20U;
  options.ballast_bytes = 1U << 16U;
  options.tail.segment_bytes = 1U << 18U;
  options.rocks.write_buffer_bytes = 1U << 18U;
  return options;
}

BOOST_AUTO_TEST_SUITE(rocks_log)

BOOST_AUTO_TEST_CASE(conforms) {
  TemporaryFolder folder;
  int n = 0;
  conformance::run([&] {
    const std::string path = folder.in(std::to_string(++n));
    return conformance::Subject{[path] { return std::make_unique<RocksLog>(path, small()); }, true};
  });
}

BOOST_AUTO_TEST_CASE(one_process_at_a_time) {
  TemporaryFolder folder;
  const RocksLog log(folder.in("log"), small());
  BOOST_CHECK_THROW(RocksLog(folder.in("log"), small()), LogInUse);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
