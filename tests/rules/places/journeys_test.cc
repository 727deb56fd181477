// Gates: every way a journey can begin, go wrong and end (S01, S04, S11, S12, S29, and the
// corners).
#include "ledger/rules/places/journeys.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

bool denies_entry(const Decision& decision, RiderId rider, Refusal refusal) {
  const auto* denied = first<EntryDenied>(decision.events);
  return refusal_of(decision) == refusal && denied != nullptr && denied->rider == rider &&
         denied->refusal == refusal && count<Posted>(decision.events) == 0 &&
         count<FundsReserved>(decision.events) == 0;
}
bool denies_exit(const Decision& decision, RiderId rider, Refusal refusal) {
  const auto* denied = first<ExitDenied>(decision.events);
  return refusal_of(decision) == refusal && denied != nullptr && denied->rider == rider &&
         denied->refusal == refusal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journeys)

BOOST_AUTO_TEST_CASE(a_ride_costs_its_fare) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(5'000);
  const Decision in = world.enter(alice, "A0");
  BOOST_TEST((std::get<Entered>(in.reply).available == yen(4'610)));
  BOOST_TEST(world.free(alice) == 4'610);
  BOOST_TEST(is_travelling(world.state.journeys, alice));
  const auto* opened = first<JourneyOpened>(in.events);
  BOOST_TEST((opened->deadline == world.now + hours(4)));
  BOOST_TEST((next_due(world.state)->at == opened->deadline));
  world.now = world.now + minutes(15);
  const Decision out = world.leave(alice, "A3");
  BOOST_TEST((std::get<Left>(out.reply) == Left{journey_of(in), yen(240), yen(4'760)}));
  BOOST_TEST((*first<HoldCaptured>(out.events) == HoldCaptured{opened->hold, yen(240)}));
  BOOST_TEST((*first<HoldReleased>(out.events) == HoldReleased{opened->hold, yen(150)}));
  BOOST_TEST((first<FareCalculated>(out.events)->section == 2U));
  BOOST_TEST(world.revenue() == 240);
  BOOST_TEST(!is_travelling(world.state.journeys, alice));
  BOOST_TEST(!next_due(world.state).has_value());
  BOOST_TEST(world.state.journeys.known.empty());
}

BOOST_AUTO_TEST_CASE(a_fare_above_the_hold_takes_the_rest_from_what_is_free) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(1'000);
  world.enter(rider, "A2");
  const Decision out = world.leave(rider, "Z");  // 430 with its surcharge, 390 held
  BOOST_TEST((std::get<Left>(out.reply).fare == yen(430)));
  BOOST_TEST((first<HoldCaptured>(out.events)->amount == yen(390)));
  BOOST_TEST(count<HoldReleased>(out.events) == 0U);
  BOOST_TEST(world.wallet(rider) == 570);
}

BOOST_AUTO_TEST_CASE(nothing_is_posted_for_nothing) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(1'000);
  world.enter(rider, "A0");
  world.now = world.now + seconds(900);
  const Decision out = world.leave(rider, "A0");
  BOOST_TEST((std::get<Left>(out.reply).fare == yen(0)));
  BOOST_TEST(count<Posted>(out.events) == 0U);
  BOOST_TEST((first<HoldReleased>(out.events)->amount == yen(390)));
}

BOOST_AUTO_TEST_CASE(entry_needs_money_and_exit_waits_for_it) {
  PlaceWorld world = place_world();
  const RiderId bob = world.add_rider(180);
  BOOST_TEST(denies_entry(world.enter(bob, "A0"), bob, Refusal::funds_must_cover_entry));
  world.ask(LoadFunds{bob, yen(120), {}});
  const Decision in = world.enter(bob, "A0");
  BOOST_TEST((first<FundsReserved>(in.events)->amount == yen(300)));
  const Decision short_of = world.leave(bob, "A9");
  BOOST_TEST(denies_exit(short_of, bob, Refusal::funds_must_cover_fare));
  BOOST_TEST(is_travelling(world.state.journeys, bob));
  BOOST_TEST(world.free(bob) == 0);
  world.ask(LoadFunds{bob, yen(500), {}});
  BOOST_TEST((std::get<Left>(world.leave(bob, "A9").reply).balance == yen(410)));
}

BOOST_AUTO_TEST_CASE(the_timer_charges_the_maximum_and_makes_a_debt_of_what_is_missing) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(250);
  const JourneyId journey = journey_of(world.enter(rider, "A0"));
  world.now = {world.now.ms + hours(4).ms - 1};
  BOOST_TEST(refuses(world.ask(ExpireJourney{journey}), Refusal::timer_must_be_due));
  world.now = {world.now.ms + 1};
  const Due due = *next_due(world.state);
  BOOST_TEST((due.at == world.now));
  const Decision expired = world.ask(due.command);
  BOOST_TEST((first<JourneyIncomplete>(expired.events)->at == world.now));
  BOOST_TEST((first<MaximumFareCharged>(expired.events)->amount == yen(390)));
  BOOST_TEST(world.wallet(rider) == 0);
  BOOST_TEST(world.debt(rider) == 140);
  BOOST_TEST(world.revenue() == 390);
  BOOST_TEST(refuses(world.ask(ExpireJourney{journey}), Refusal::timer_must_be_due));
  BOOST_TEST(denies_exit(world.leave(rider, "A3"), rider, Refusal::journey_must_be_open));
}

BOOST_AUTO_TEST_CASE(an_exit_after_the_deadline_is_as_if_the_timer_had_come_first) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(1'000);
  world.enter(rider, "A0");
  world.now = world.now + hours(4);  // the deadline itself is too late
  const Decision late = world.leave(rider, "A3");
  BOOST_TEST(denies_exit(late, rider, Refusal::journey_must_be_open));
  BOOST_TEST(world.wallet(rider) == 610);
  BOOST_TEST(world.free(rider) == 610);
}

BOOST_AUTO_TEST_CASE(pass_back_impossible_travel_and_a_missed_exit) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(1'000);
  const JourneyId journey = journey_of(world.enter(alice, "A0"));
  const Journeys before = world.state.journeys;
  const Decision back = world.enter(alice, "A0");
  BOOST_TEST(denies_entry(back, alice, Refusal::journey_must_not_be_open));
  BOOST_TEST((first<PassBackDetected>(back.events)->journey == journey));
  world.now = {world.now.ms + minutes(10).ms - 1};
  const Decision soon = world.enter(alice, "A5");
  BOOST_TEST(denies_entry(soon, alice, Refusal::travel_must_be_possible));
  BOOST_TEST(count<PassBackDetected>(soon.events) == 0U);
  BOOST_TEST((world.state.journeys == before));
  world.now = {world.now.ms + 1};
  const Decision again = world.enter(alice, "A5");
  BOOST_TEST((first<JourneyIncomplete>(again.events)->journey == journey));
  BOOST_TEST((std::get<Entered>(again.reply).available == yen(220)));
  BOOST_TEST(world.wallet(alice) == 610);
  BOOST_TEST(world.free(alice) == 220);
  BOOST_TEST(world.state.journeys.open.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_denied_entry_leaves_the_old_journey_alone) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(400);
  world.enter(rider, "A0");
  world.now = world.now + minutes(20);
  const Decision denied = world.enter(rider, "A5");  // 10 would be left after the maximum fare
  BOOST_TEST(denies_entry(denied, rider, Refusal::funds_must_cover_entry));
  BOOST_TEST(count<JourneyIncomplete>(denied.events) == 0U);
  BOOST_TEST(is_travelling(world.state.journeys, rider));
}

BOOST_AUTO_TEST_CASE(corrections_start_from_the_last_fare) {
  PlaceWorld world = place_world();
  const RiderId erin = world.add_rider(1'000);
  const JourneyId journey = journey_of(world.enter(erin, "A0"));
  const auto correct = [&](const Code& exit) {
    return world.ask(CorrectJourney{journey, exit, world.desk});
  };
  BOOST_TEST(refuses(correct("A5"), Refusal::journey_must_be_incomplete));
  world.now = world.now + hours(4);
  world.ask(ExpireJourney{journey});
  BOOST_TEST((std::get<Corrected>(correct("A5").reply) == Corrected{journey, yen(390), yen(290)}));
  BOOST_TEST(world.wallet(erin) == 710);
  const Decision same = correct("A5");
  BOOST_TEST((std::get<Corrected>(same.reply) == Corrected{journey, yen(290), yen(290)}));
  BOOST_TEST(count<Posted>(same.events) == 0U);
  BOOST_TEST((std::get<Corrected>(correct("A8").reply) == Corrected{journey, yen(290), yen(340)}));
  BOOST_TEST(world.wallet(erin) == 660);
  BOOST_TEST((std::get<Corrected>(correct("A0").reply).to == yen(190)));  // never free
  BOOST_TEST(refuses(correct("X7"), Refusal::station_must_be_in_tariff));
  BOOST_TEST(
      refuses(world.ask(CorrectJourney{{999}, "A5", world.desk}), Refusal::journey_must_be_known));
  BOOST_TEST(refuses(world.ask(CorrectJourney{journey, "A5", world.till}),
                     Refusal::terminal_must_have_role));
  world.now = world.now + days(56);
  BOOST_TEST(refusal_of(correct("A3")).has_value() == false);
  world.now = {world.now.ms + 1};
  BOOST_TEST(refuses(correct("A5"), Refusal::correction_must_be_in_time));
}

BOOST_AUTO_TEST_CASE(a_correction_pays_the_debt_first_and_takes_only_what_is_free) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(330);
  const JourneyId journey = journey_of(world.enter(rider, "A0"));
  world.now = world.now + hours(4);
  world.ask(ExpireJourney{journey});
  BOOST_TEST(world.debt(rider) == 60);
  world.ask(CorrectJourney{journey, "A5", world.desk});  // 100 back: 60 of it was never paid
  BOOST_TEST(world.debt(rider) == 0);
  BOOST_TEST(world.wallet(rider) == 40);
  BOOST_TEST(refuses(world.ask(CorrectJourney{journey, "A8", world.desk}),
                     Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_CASE(withdrawal_inside_never_traps_and_erasure_waits_for_the_exit) {
  PlaceWorld world = place_world();
  const RiderId kim = world.add_rider(2'000);
  world.enter(kim, "A0");
  const Presence seen_before = world.face_of(kim, world.gates.at("A3"));
  BOOST_TEST(std::get<Erased>(world.ask(EraseRider{kim}).reply).deferred);
  const TerminalId gate = world.gates.at("A3");
  BOOST_TEST(refusal_of(world.ask(LeaveGate{gate, seen_before})).has_value());
  BOOST_TEST(is_travelling(world.state.journeys, kim));
  const Decision out = world.ask(LeaveGate{gate, world.pin_of(kim)});
  BOOST_TEST((std::get<Left>(out.reply).fare == yen(240)));
  BOOST_TEST(count<FaceErased>(out.events) == 1U);
  BOOST_TEST(count<ErasureCompleted>(out.events) == 1U);
  BOOST_TEST(world.wallet(kim) == 1'760);
  BOOST_TEST(!find(world.state.enrolments, kim)->face.has_value());
}

BOOST_AUTO_TEST_CASE(a_deferred_erasure_ends_with_the_timer_too) {
  PlaceWorld world = place_world();
  const RiderId kim = world.add_rider(2'000);
  const JourneyId journey = journey_of(world.enter(kim, "A0"));
  world.ask(EraseRider{kim});
  world.now = world.now + hours(4);
  BOOST_TEST(count<ErasureCompleted>(world.ask(ExpireJourney{journey}).events) == 1U);
}

BOOST_AUTO_TEST_CASE(who_and_where) {
  PlaceWorld world = place_world();
  const RiderId alice = world.add_rider(1'000);
  const TerminalId gate = world.gates.at("A0");
  BOOST_TEST(refuses(world.ask(EnterGate{world.till, world.face_of(alice, world.till)}),
                     Refusal::terminal_must_have_role));
  BOOST_TEST(refuses(world.ask(EnterGate{gate, {}}), Refusal::recognition_must_be_present));
  Presence weak = world.face_of(alice, gate);
  weak.face->score = 1'999'999;
  BOOST_TEST(refuses(world.ask(EnterGate{gate, weak}), Refusal::recognition_must_reach_threshold));
  BOOST_TEST(denies_exit(world.leave(alice, "A0"), alice, Refusal::journey_must_be_open));
  const TerminalId nowhere = world.add_terminal("G-X", Role::gate, world.om, "X", {});
  BOOST_TEST(denies_entry(world.ask(EnterGate{nowhere, world.face_of(alice, nowhere)}), alice,
                          Refusal::station_must_be_in_tariff));
  world.enter(alice, "A0");
  BOOST_TEST(denies_exit(world.ask(LeaveGate{nowhere, world.face_of(alice, nowhere)}), alice,
                         Refusal::station_must_be_in_tariff));
  const OperatorId other{world.add(RegisterOperator{"KR"})};
  const TerminalId foreign = world.add_terminal("G-K", Role::gate, other, "K", {});
  BOOST_TEST(denies_entry(world.ask(EnterGate{foreign, world.face_of(alice, foreign)}), alice,
                          Refusal::tariff_must_be_in_force));
  PlaceWorld bare;
  BOOST_TEST(refuses(bare.ask(EnterGate{{1}, {}}), Refusal::terminal_must_be_registered));
}

BOOST_AUTO_TEST_CASE(one_journey_a_network_not_one_a_person) {
  PlaceWorld world = place_world();
  const OperatorId other{world.add(RegisterOperator{"KR"})};
  world.ask(PublishTariff{omt_1(other)});
  const TerminalId foreign = world.add_terminal("G-K", Role::gate, other, "A0", {});
  const RiderId alice = world.add_rider(1'000);
  world.enter(alice, "A0");
  const Decision second = world.ask(EnterGate{foreign, world.face_of(alice, foreign)});
  BOOST_TEST(std::holds_alternative<Entered>(second.reply));
  BOOST_TEST(world.free(alice) == 220);
  world.leave(alice, "A3");
  BOOST_TEST(is_travelling(world.state.journeys, alice));
}

BOOST_AUTO_TEST_SUITE_END()
