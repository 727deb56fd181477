// Tariffs: what may be published, which one is in force, and what a way costs (S02, S03, S37).
#include "ledger/rules/places/fares.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

const Priced& omt(const PlaceWorld& world) { return priced(world.state.fares, {1}); }

Fare fare_of(const PlaceWorld& world, Category category, const Code& from, const Code& to,
             Duration elapsed = {}) {
  const Tariff& tariff = omt(world).tariff;
  return fare(omt(world), category, *station_of(tariff, from), *station_of(tariff, to), elapsed);
}

bool is_refused(const std::function<void(Tariff&)>& spoil,
                Refusal refusal = Refusal::tariff_must_be_valid) {
  PlaceWorld world;
  world.om = {world.add(RegisterOperator{"OM"})};
  Tariff tariff = omt_1(world.om);
  spoil(tariff);
  return refuses(world.ask(PublishTariff{tariff}), refusal);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fares)

BOOST_AUTO_TEST_CASE(child_amounts_and_surcharges) {
  const PlaceWorld world = place_world();
  const auto check = [&](Category category, const Code& from, const Code& to, std::int64_t minor,
                         std::int64_t surcharge) {
    const Fare there = fare_of(world, category, from, to);
    const Fare back = fare_of(world, category, to, from);
    BOOST_TEST(there.amount.minor == minor, from + to);
    BOOST_TEST(there.surcharge_minor == surcharge, from + to);
    BOOST_TEST((there == back), from + to);
  };
  check(Category::adult, "A6", "Z", 330, 90);
  check(Category::child, "A6", "Z", 170, 50);
  check(Category::adult, "A3", "Z", 380, 90);
  check(Category::child, "A3", "Z", 190, 40);
  check(Category::child, "A0", "A9", 200, 0);
}

BOOST_AUTO_TEST_CASE(sections_are_inclusive_above) {
  const PlaceWorld world = place_world();
  const Fare at_edge = fare_of(world, Category::adult, "A0", "A2");
  BOOST_TEST(at_edge.amount.minor == 190);
  BOOST_TEST(at_edge.metres == 3000);
  BOOST_TEST(at_edge.section == 1U);
  BOOST_TEST(fare_of(world, Category::adult, "A0", "A3").section == 2U);
  BOOST_TEST(fare_of(world, Category::adult, "A0", "A9").section == 5U);
}

BOOST_AUTO_TEST_CASE(the_same_station_costs_by_time) {
  const PlaceWorld world = place_world();
  const auto cost = [&](Duration elapsed) {
    const Fare same = fare_of(world, Category::adult, "A0", "A0", elapsed);
    BOOST_TEST(same.section == 0U);
    return same.amount.minor;
  };
  BOOST_TEST(cost(seconds(0)) == 0);
  BOOST_TEST(cost(seconds(900)) == 0);
  BOOST_TEST(cost(milliseconds(900'001)) == 190);
  BOOST_TEST(cost({hours(4).ms - 1}) == 190);
  BOOST_TEST(cost(hours(4)) == 390);
}

BOOST_AUTO_TEST_CASE(the_shortest_way_counts_and_of_equal_ways_the_cheaper) {
  PlaceWorld world;
  world.om = {world.add(RegisterOperator{"OM"})};
  Tariff tariff = omt_1(world.om);
  tariff.stations = {"A", "B", "C", "D", "E"};
  // A-B-D and A-C-D are equally long; of the surcharges on a way the greatest counts, once.
  tariff.tracks = {{{0}, {1}, 1000, 50}, {{1}, {3}, 1000, 70}, {{0}, {2}, 1000, 0},
                   {{2}, {3}, 1000, 60}, {{0}, {3}, 5000, 0},  {{3}, {4}, 1000, 65}};
  world.ask(PublishTariff{tariff});
  const Fare there = fare_of(world, Category::adult, "A", "D");
  BOOST_TEST(there.metres == 2000);
  BOOST_TEST(there.surcharge_minor == 60);
  BOOST_TEST((fare_of(world, Category::adult, "D", "A") == there));
  BOOST_TEST(fare_of(world, Category::adult, "A", "E").surcharge_minor == 65);  // not 60 + 65
}

BOOST_AUTO_TEST_CASE(a_tariff_that_contradicts_itself_is_refused) {
  BOOST_TEST(is_refused([](Tariff& t) { t.stations.clear(); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.stations[1] = "A0"; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.stations[1] = "not a code"; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.stations.push_back("lonely"); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.stations.resize(5000, "x"); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.tracks[0].b = {99}; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.tracks[0].b = t.tracks[0].a; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.tracks[0].metres = -1; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.tracks[0].surcharge_minor = -1; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.sections.clear(); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.sections.pop_back(); }));
  BOOST_TEST(is_refused([](Tariff& t) { std::swap(t.sections[0], t.sections[1]); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.sections[0].child_minor = 191; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.maximum_adult_minor = 389; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.maximum_child_minor = 199; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.maximum_child_minor = 391; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.entry_minimum_adult_minor = 0; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.entry_minimum_adult_minor = 391; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.child_rounding_minor = 0; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.child_rounding_minor = 1000; }));  // child above adult
  BOOST_TEST(is_refused([](Tariff& t) { t.journey_window = {}; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.same_station_free = t.journey_window; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.travel_time_min = hours(5); }));
  BOOST_TEST(is_refused([](Tariff& t) { t.effective_from = {-1}; }));
  BOOST_TEST(is_refused([](Tariff& t) { t.code = ""; }, Refusal::code_must_be_valid));
  BOOST_TEST(is_refused([](Tariff& t) { t.transit = {9}; }, Refusal::operator_must_be_registered));
  BOOST_TEST(!is_refused([](Tariff&) {}));
}

BOOST_AUTO_TEST_CASE(versions_follow_each_other_and_never_change_the_past) {
  PlaceWorld world = place_world();
  Tariff next = omt_1(world.om);
  BOOST_TEST(refuses(world.ask(PublishTariff{next}), Refusal::tariff_must_follow_the_last));
  next.effective_from = {world.now.ms - 1};
  BOOST_TEST(refuses(world.ask(PublishTariff{next}), Refusal::tariff_must_follow_the_last));
  next.effective_from = world.now + hours(1);
  next.sections[0].adult_minor = 200;
  BOOST_TEST((world.ask(PublishTariff{next}).reply == Reply{Registered{2}}));
  const auto at = [&](Instant instant) {
    const auto found = tariff_at(world.state.fares, world.om, instant);
    return found ? (*found)->version.value : 0U;
  };
  BOOST_TEST(at({omt_1(world.om).effective_from.ms - 1}) == 0U);
  BOOST_TEST(at(omt_1(world.om).effective_from) == 1U);
  BOOST_TEST(at({next.effective_from.ms - 1}) == 1U);
  BOOST_TEST(at(next.effective_from) == 2U);
  BOOST_TEST((tariff_at(world.state.fares, OperatorId{7}, world.now).error() ==
              Refusal::tariff_must_be_in_force));
  BOOST_TEST((station_of(next, "A3") == StationId{3}));
  BOOST_TEST((station_of(next, "X").error() == Refusal::station_must_be_in_tariff));
}

BOOST_AUTO_TEST_SUITE_END()
