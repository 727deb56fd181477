// What has run out becomes a command at its time, before what is asked, and is a record like any
// other.
#include "ledger/engine/timers.h"

#include "ledger/engine/fold.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

BOOST_AUTO_TEST_SUITE(timers)

BOOST_AUTO_TEST_CASE(a_journey_without_exit_ends_at_its_time_and_not_before) {
  Town town;
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  const Position entered = town.ledger().head().position;
  town.clock.advance(Duration{hours(4).ms - 1});
  BOOST_TEST(!town.ledger().step());
  town.clock.advance(milliseconds(1));
  BOOST_TEST(town.ledger().step());
  const auto stored = stored_at(town.log, {entered.value + 1});
  BOOST_REQUIRE(stored.has_value());
  BOOST_TEST((stored->record.actor == Actor{}));
  BOOST_TEST(!stored->record.attempt.has_value());
  bool charged = false;
  for (const Event& event : stored->record.events)
    charged |= std::holds_alternative<MaximumFareCharged>(event);
  BOOST_TEST(charged);
  BOOST_TEST(!town.ledger().step());  // once
}

BOOST_AUTO_TEST_CASE(what_is_due_comes_before_what_is_asked) {
  Town town;
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  town.clock.advance(hours(5));
  const Answer late =
      town.ask(LeaveGate{gate_b, seen({1}, gate_b, town.clock.now())}, attempt_at(gate_b, 2));
  BOOST_TEST((refusal_of(late) == Refusal::journey_must_be_open));
}

BOOST_AUTO_TEST_CASE(timers_survive_a_restart) {
  Town town;
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  town.clock.advance(days(2));
  town.open();
  BOOST_TEST(town.ledger().step());
  BOOST_TEST(!next_due(town.ledger().state()).has_value());
}

BOOST_AUTO_TEST_CASE(timers_at_rest_let_others_have_their_turn) {
  Town town;
  town.found(1);
  town.ask(EnterGate{gate_a, seen({1}, gate_a, town.clock.now())}, attempt_at(gate_a, 1));
  const State& state = town.ledger().state();
  const Instant deadline = next_due(state)->at;
  Timers timers;
  BOOST_TEST(!timers.due(state, {deadline.ms - 1}).has_value());
  BOOST_TEST(timers.due(state, deadline).has_value());
  BOOST_TEST((timers.next(state) == deadline));
  timers.rest_until(deadline + seconds(1));
  BOOST_TEST(!timers.due(state, deadline).has_value());
  BOOST_TEST(timers.due(state, deadline + seconds(1)).has_value());
  BOOST_TEST((timers.next(state) == deadline + seconds(1)));
  BOOST_TEST(!timers.next(State{}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
