#include "ledger/server/interior.h"

#include <boost/test/unit_test.hpp>

#include "tests/server/inside.h"

using namespace obverse;
using house::Inside;

BOOST_AUTO_TEST_SUITE(server_interior)

BOOST_AUTO_TEST_CASE(the_first_operator_is_registered_once) {
  const house::Estate estate;
  Inside inside(
      [&](Config& config) { config.operator_certificate = estate / "first-operator.pem"; });
  const auto& directory = inside.household().directory;
  BOOST_TEST(directory.has_operator_desk());
  BOOST_TEST(directory.terminal(estate.digest("first-operator")).value().code == "first-operator");
  BOOST_TEST(inside.log().read({1}, 10).size() == 1U);
  inside.reopen();
  BOOST_TEST(inside.log().read({1}, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_log_with_an_operator_takes_no_other) {
  const house::Estate estate;
  Inside inside(
      [&](Config& config) { config.operator_certificate = estate / "first-operator.pem"; });
  inside.tell(RegisterTerminal{"desk", Role::operator_desk, {}, "", {}, house::certificate(1)});
  inside.tell(RevokeTerminal{{1}});
  inside.reopen();
  BOOST_TEST(inside.household().directory.terminal(estate.digest("first-operator"))->revoked);
}

BOOST_AUTO_TEST_CASE(after_a_restart_the_same_people_are_known) {
  Inside inside;
  inside.set_up();
  inside.run([&] {
    inside.enrol(1, 5'000);
    inside.enrol(2, 5'000);
  });
  inside.tell(EraseRider{{2}});
  inside.reopen();
  BOOST_TEST(inside.household().matcher.people() == 1U);
  BOOST_TEST(inside.vault().faces().size() == 1U);
  inside.run([&] {
    auto login = inside.log_in(house::gate_a_paper);
    const auto enter = [&](std::uint64_t seed) {
      auto request = login.getGate().enterRequest();
      house::fill(request.initAttempt(), house::key(seed));
      house::fill(request.initPresence().initProbe(), house::photo(seed, 5));
      return inside.ask(kj::mv(request));
    };
    BOOST_TEST(enter(1).getOutcome().isEntered());
    BOOST_TEST(enter(2).getOutcome().getRefused().getReason().cStr() == "NOT_RECOGNISED");
  });
  BOOST_TEST(inside.broken.empty());
}

BOOST_AUTO_TEST_CASE(after_stop_nobody_is_told_yes) {
  Inside inside;
  inside.set_up();
  inside.household().ledger.stop();
  BOOST_TEST((inside.tell(RegisterRider{}).fault == Answer::Fault::stopped));
}

BOOST_AUTO_TEST_SUITE_END()
