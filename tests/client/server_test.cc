// The running server as its operator sees it.
#include <boost/test/unit_test.hpp>

#include "tests/client/shell.h"

using namespace obverse;

BOOST_AUTO_TEST_CASE(status_counts_people_and_names_the_kernel) {
  shell::Service service;
  service.person(0, 100);
  const auto said = service.as("first-operator", "server status").json;
  BOOST_TEST(said["people"] == 1);
  BOOST_TEST(!said["kernel"].get<std::string>().empty());
  BOOST_TEST(said["position"].get<std::uint64_t>() > 10u);
}
