// The log in memory conforms; and the conformance checks can fail.
#include "ledger/log/memory_log.h"

#include <boost/test/unit_test.hpp>

#include "tests/log/conformance.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(memory_log)

BOOST_AUTO_TEST_CASE(conforms) {
  conformance::run(
      [] { return conformance::Subject{[] { return std::make_unique<MemoryLog>(); }, false}; });
}

BOOST_AUTO_TEST_CASE(the_checker_sees_what_is_missing_and_what_is_too_much) {
  MemoryLog log;
  Head head = log.acquire();
  BOOST_TEST((log.append(head, conformance::entries_of(1, 5)) == Appended::committed));
  BOOST_TEST(conformance::differs(log, 5) == "");
  BOOST_TEST(conformance::differs(log, 4) != "");
  BOOST_TEST(conformance::differs(log, 6) != "");
  BOOST_TEST((log.append(head, conformance::entries_of(7, 1)) == Appended::committed));
  BOOST_TEST(conformance::differs(log, 6) != "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
