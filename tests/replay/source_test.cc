// A history from a copy of a data folder, and from a live server: the same chain.
#include "replay/source.h"

#include <boost/test/unit_test.hpp>

#include "replay/verify.h"
#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(source)

BOOST_AUTO_TEST_CASE(a_live_server_and_a_copy_of_its_data_tell_the_same_history) {
  shell::Service service;
  service.person(0, 5000);
  service.as("till", "till pay --amount 540" + service.looking(0));
  const LiveServer live{"127.0.0.1", service.running().port(), service.estate().terminal("auditor"),
                        "localhost"};
  const Verified asked = verify(*history_of(live, nullptr));
  BOOST_TEST(asked.faults.empty());
  BOOST_TEST(asked.last.value > 10u);
  const auto copy = service.estate() / "copy";
  std::filesystem::copy(service.estate() / "data", copy, std::filesystem::copy_options::recursive);
  const Verified read = verify(*history_of(copy / "log"));
  BOOST_TEST(read.faults.empty());
  BOOST_TEST((read.chain == asked.chain));
  BOOST_TEST((read.state == asked.state));
}

BOOST_AUTO_TEST_CASE(who_may_not_read_the_books_and_what_is_no_folder_are_refused) {
  shell::Service service;
  const LiveServer till{"127.0.0.1", service.running().port(), service.estate().terminal("till"),
                        "localhost"};
  BOOST_CHECK_THROW(history_of(till, nullptr), SourceFault);
  BOOST_CHECK_THROW(history_of(std::filesystem::path("nowhere")), SourceFault);
}

BOOST_AUTO_TEST_SUITE_END()
