#include "ledger/server/metrics.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace obverse;

BOOST_AUTO_TEST_SUITE(server_metrics)

BOOST_AUTO_TEST_CASE(every_counter_has_a_name_of_its_own) {
  Metrics metrics;
  std::set<std::string_view> names;
  for (const auto& [counter, value] : metrics.all()) {
    BOOST_TEST(!counter.empty());
    BOOST_TEST(value == 0U);
    names.insert(counter);
  }
  BOOST_TEST(names.size() == counts_number);
  BOOST_TEST(name(Count::logins) == "logins");
  BOOST_TEST(name(Count::commands_waiting) == "commands_waiting");
  BOOST_TEST(name(Count::sessions_revoked) == "sessions_revoked");
  BOOST_TEST(name(Count::keys_copied) == "keys_copied");
}

BOOST_AUTO_TEST_CASE(a_gauge_falls_again) {
  Metrics metrics;
  metrics.add(Count::commands_waiting, 3);
  metrics.take(Count::commands_waiting);
  BOOST_TEST(metrics.value(Count::commands_waiting) == 2U);
  BOOST_TEST(metrics.value(Count::commands) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
