// The door as a whole: who is let in, how they are spread, what happens under a storm, and how they are put out.
#include "ledger/server/listener.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/transport_fixture.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(a_terminal_is_known_by_its_certificate) {
  Papers papers;
  House house(papers);
  Connection connection("127.0.0.1", house.port(), papers.terminal("gate-1"), "localhost");
  auto echo = connection.bootstrap().castAs<Echo>();
  auto answer = echo.whoRequest().send().wait(connection.wait_scope());
  BOOST_TEST(std::string(answer.getSubject().cStr()) == "gate-1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
