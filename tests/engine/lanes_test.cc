// Who waits where, who comes first, and how many may wait.
#include "ledger/engine/lanes.h"

#include <thread>

#include "tests/engine/world.h"

namespace obverse {
namespace {

Waiting waiting(Command command) {
  return {asked(std::move(command)), [](const Answer&) {}};
}

BOOST_AUTO_TEST_SUITE(lanes)

BOOST_AUTO_TEST_CASE(every_command_has_its_row) {
  BOOST_TEST((lane_of(LeaveGate{}) == Lane::leave));
  BOOST_TEST((lane_of(ReversePurchase{}) == Lane::leave));
  BOOST_TEST((lane_of(EnterGate{}) == Lane::enter));
  BOOST_TEST((lane_of(Pay{}) == Lane::pay));
  BOOST_TEST((lane_of(AuthorisePurchase{}) == Lane::pay));
  BOOST_TEST((lane_of(EraseRider{}) == Lane::manage));
  BOOST_TEST((lane_of(PublishTariff{}) == Lane::manage));
}

BOOST_AUTO_TEST_CASE(exits_before_entries_before_purchases_before_the_rest) {
  Lanes rows(10);
  for (const Command& command :
       {Command(OpenWallet{}), Command(Pay{}), Command(EnterGate{gate_a, {}}), Command(LeaveGate{}),
        Command(EnterGate{gate_b, {}})}) {
    Waiting each = waiting(command);
    BOOST_TEST((rows.push(each) == Lanes::Pushed::waiting));
  }
  std::vector<Waiting> out = rows.take(3);
  BOOST_REQUIRE_EQUAL(out.size(), 3U);
  BOOST_TEST(std::holds_alternative<LeaveGate>(out[0].asked.command));
  BOOST_TEST(
      (std::get<EnterGate>(out[1].asked.command).terminal == gate_a));  // in order of arrival
  BOOST_TEST((std::get<EnterGate>(out[2].asked.command).terminal == gate_b));
  out = rows.take(3);
  BOOST_REQUIRE_EQUAL(out.size(), 2U);
  BOOST_TEST(std::holds_alternative<Pay>(out[0].asked.command));
  BOOST_TEST(std::holds_alternative<OpenWallet>(out[1].asked.command));
}

BOOST_AUTO_TEST_CASE(a_full_row_leaves_the_others_open) {
  Lanes rows(2);
  for (int i = 0; i < 2; ++i) {
    Waiting pay = waiting(Pay{});
    BOOST_TEST((rows.push(pay) == Lanes::Pushed::waiting));
  }
  Waiting third = waiting(Pay{});
  BOOST_TEST((rows.push(third) == Lanes::Pushed::full));
  BOOST_TEST(static_cast<bool>(third.done));  // still there to be told
  Waiting exit = waiting(LeaveGate{});
  BOOST_TEST((rows.push(exit) == Lanes::Pushed::waiting));
  Question question = [](const State&, const Receipt&) {};
  BOOST_TEST((rows.push(question) == Lanes::Pushed::waiting));
}

BOOST_AUTO_TEST_CASE(closed_rows_take_nobody) {
  Lanes rows(2);
  rows.close();
  Waiting pay = waiting(Pay{});
  BOOST_TEST((rows.push(pay) == Lanes::Pushed::closed));
  Question question = [](const State&, const Receipt&) {};
  BOOST_TEST((rows.push(question) == Lanes::Pushed::closed));
  BOOST_TEST(rows.is_closed());
}

BOOST_AUTO_TEST_CASE(who_arrives_wakes_the_writer) {
  Lanes rows(2);
  std::thread caller([&] {
    Waiting pay = waiting(Pay{});
    rows.push(pay);
  });
  std::size_t got = 0;
  while (got == 0) {
    rows.wait(std::chrono::hours(1));  // would never end if nobody woke it
    got = rows.take(1).size();
  }
  caller.join();
  BOOST_TEST(got == 1U);
}

// It must neither oversleep nor overlook what came while it was awake.
BOOST_AUTO_TEST_CASE(who_waits_awake_is_ended_by_what_comes) {
  Lanes rows(4);
  for (int i = 0; i < 20; ++i) {
    std::thread other([&] { rows.wake(); });
    rows.wait(std::chrono::hours(1), false, std::chrono::hours(1));
    other.join();
  }
  rows.wait(std::chrono::milliseconds(1), false, std::chrono::microseconds(10));  // nothing came
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
