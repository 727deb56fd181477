// What is remembered of journeys that ended, and for how long.
#include "ledger/rules/places/rides.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

PlaceWorld world_with(std::vector<Cap> caps, std::vector<Interchange> interchanges) {
  PlaceWorld world = place_world();
  Tariff tariff = omt_1(world.om);
  tariff.code = "OMT-X";
  tariff.effective_from = world.now;
  tariff.caps = std::move(caps);
  tariff.interchanges = std::move(interchanges);
  world.add(PublishTariff{tariff});
  return world;
}

void ride(PlaceWorld& world, RiderId rider) {
  world.enter(rider, "A0");
  world.now = world.now + minutes(20);
  world.leave(rider, "A3");
  world.now = world.now + minutes(20);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rides)

BOOST_AUTO_TEST_CASE(nothing_where_nothing_depends_on_it) {
  PlaceWorld world = world_with({}, {});
  ride(world, world.add_rider(1'000));
  BOOST_TEST(world.state.journeys.rides.empty());
  BOOST_TEST(world.state.journeys.last.empty());
}

BOOST_AUTO_TEST_CASE(the_day_s_rides_where_there_is_a_cap) {
  PlaceWorld world = world_with({{CapPeriod::day, 640, 320}}, {});
  const RiderId rider = world.add_rider(5'000);
  for (int i = 0; i < 3; ++i) ride(world, rider);
  const Rides& rides = world.state.journeys.rides.at({rider, world.om});
  BOOST_REQUIRE_EQUAL(rides.size(), 3U);
  BOOST_TEST(rides[2].full_minor == 240);
  BOOST_TEST(rides[2].charged_minor == 160);
  world.now = world.now + days(2);
  ride(world, rider);
  BOOST_TEST(rides.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_last_one_where_another_may_go_on) {
  PlaceWorld world = world_with({}, {{{3}, {3}, minutes(30)}});
  const RiderId rider = world.add_rider(5'000);
  ride(world, rider);
  const LastRide& last = world.state.journeys.last.at({rider, world.om});
  BOOST_TEST((last.exit == StationId{3}));
  BOOST_TEST(last.full_minor == 240);
  BOOST_TEST((last.left - last.entered == minutes(20)));
  const JourneyId first = last.journey;
  world.enter(rider, "A3");
  world.now = world.now + minutes(10);
  world.leave(rider, "A6");
  BOOST_TEST((last.journey == first));  // of those that were joined
  BOOST_TEST((last.entry == StationId{0}));
  BOOST_TEST(last.full_minor == 290);
}

BOOST_AUTO_TEST_SUITE_END()
