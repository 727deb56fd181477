// The sum of the rules: every command reaches its rule, every event its memory, timers in order.
#include "ledger/rules/machine.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(machine)

BOOST_AUTO_TEST_CASE(every_command_is_decided_on_an_empty_state) {
  const State empty;
  const Moment moment{{1}, {1'750'000'000'000}, {}};
  const auto refused = [&]<std::size_t... index>(std::index_sequence<index...>) {
    return std::vector<bool>{std::holds_alternative<Refused>(
        decide(empty, Command{std::in_place_index<index>}, moment).reply)...};
  }(std::make_index_sequence<std::variant_size_v<CommandKinds>>{});
  // Nobody and nothing is registered: only these need nobody.
  for (std::size_t kind = 0; kind < refused.size(); ++kind) {
    const bool may_begin = kind == Command{RegisterRider{}}.index() ||
                           kind == Command{PublishPolicy{}}.index() ||
                           kind == Command{PublishTerminalLimits{}}.index() ||
                           kind == Command{PublishCardTerms{}}.index();
    BOOST_TEST(refused[kind] == !may_begin, kind);
  }
  BOOST_TEST((decide(empty, RegisterRider{}, moment).reply == Reply{Registered{1}}));
}

BOOST_AUTO_TEST_CASE(deciding_changes_nothing_and_is_the_same_again) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const State before = world.state;
  const TerminalId gate = world.gates.at("A0");
  const EnterGate command{gate, world.face_of(alice, gate)};
  const Decision first_time = decide(world.state, command, world.moment());
  const Decision second_time = decide(world.state, command, world.moment());
  BOOST_TEST((world.state == before));
  BOOST_TEST((first_time.events == second_time.events));
  BOOST_TEST((first_time.reply == second_time.reply));
}

BOOST_AUTO_TEST_CASE(a_record_leaves_its_place_and_time) {
  State state;
  Record record;
  record.position = {7};
  record.recorded_at = {1'234};
  record.events = {RiderRegistered{{1}, Category::adult}};
  apply(state, record);
  BOOST_TEST((state.position == Position{7}));
  BOOST_TEST((state.at == Instant{1'234}));
  BOOST_TEST(state.enrolments.riders.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_earliest_timer_comes_first) {
  PlaceWorld world = place_world();
  BOOST_TEST(!next_due(world.state).has_value());
  const RiderId alice = world.add_rider(5'000);
  world.enter(alice, "A0");
  BOOST_TEST(std::holds_alternative<ExpireJourney>(next_due(world.state)->command));
  world.ask(AuthorisePurchase{world.till, world.face_of(alice, world.till), yen(5), {}},
            Attempt{world.till, key_of(1)});
  const Due due = *next_due(world.state);
  BOOST_TEST(std::holds_alternative<ExpireHold>(due.command));
  BOOST_TEST((due.at == world.now + minutes(30)));
  world.now = due.at;
  world.ask(due.command);
  BOOST_TEST(std::holds_alternative<ExpireJourney>(next_due(world.state)->command));
}

BOOST_AUTO_TEST_CASE(erasure_waits_for_journey_and_hold_alike) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  world.enter(alice, "A0");
  const PurchaseId held = purchase_of(
      world.ask(AuthorisePurchase{world.till, world.face_of(alice, world.till), yen(5), {}},
                Attempt{world.till, key_of(1)}));
  BOOST_TEST(std::get<Erased>(world.ask(EraseRider{alice}).reply).deferred);
  const TerminalId gate = world.gates.at("A3");
  BOOST_TEST(count<ErasureCompleted>(world.ask(LeaveGate{gate, world.pin_of(alice)}).events) == 0U);
  BOOST_TEST(count<ErasureCompleted>(world.ask(VoidPurchase{world.till, held}).events) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
