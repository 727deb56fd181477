// What a journey costs: interchanges, caps, concessions and flat tariffs at the gates (S07, S09,
// S40), corrections among them.
#include "ledger/rules/places/journey_price.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

// OMT-1 with more terms, in force from now on.
PlaceWorld world_with(const std::function<void(Tariff&)>& change) {
  PlaceWorld world = place_world();
  world.add(RegisterSponsor{"city"});
  Tariff tariff = omt_1(world.om);
  tariff.code = "OMT-X";
  tariff.effective_from = world.now;
  change(tariff);
  const Decision done = world.ask(PublishTariff{tariff});
  BOOST_REQUIRE(std::holds_alternative<Registered>(done.reply));
  return world;
}

void with_interchange(Tariff& tariff) { tariff.interchanges = {{{1}, {1}, seconds(1'800)}}; }
void with_day_cap(Tariff& tariff) { tariff.caps = {{CapPeriod::day, 640, 320}}; }

Decision ride(PlaceWorld& world, RiderId rider, const Code& from, const Code& to) {
  world.enter(rider, from);
  world.now = world.now + minutes(20);
  Decision out = world.leave(rider, to);
  world.now = world.now + minutes(20);
  return out;
}
std::int64_t fare_of(const Decision& out) { return std::get<Left>(out.reply).fare.minor; }

}  // namespace

BOOST_AUTO_TEST_SUITE(journey_price)

BOOST_AUTO_TEST_CASE(an_interchange_makes_two_ways_one) {
  PlaceWorld world = world_with(with_interchange);
  const RiderId rider = world.add_rider(1'000);
  const Decision before = ride(world, rider, "A0", "A1");
  const Decision after = ride(world, rider, "A1", "A6");  // twenty minutes between
  BOOST_TEST(fare_of(before) == 190);
  BOOST_TEST(fare_of(after) == 100);
  const auto* adjusted = first<FareAdjusted>(after.events);
  BOOST_REQUIRE(adjusted != nullptr);
  BOOST_TEST((adjusted->from == yen(190) && adjusted->to == yen(290)));
  BOOST_TEST(count<FareCharged>(after.events) == 0U);
  BOOST_TEST(world.wallet(rider) == 710);
}

BOOST_AUTO_TEST_CASE(a_chain_of_interchanges_is_one_way_too) {
  PlaceWorld world = world_with(
      [](Tariff& t) { t.interchanges = {{{1}, {1}, seconds(1'800)}, {{6}, {6}, seconds(1'800)}}; });
  const RiderId rider = world.add_rider(2'000);
  ride(world, rider, "A0", "A1");
  ride(world, rider, "A1", "A6");
  BOOST_TEST(fare_of(ride(world, rider, "A6", "A9")) == 100);  // 390 for all of it
  BOOST_TEST(world.wallet(rider) == 1'610);
}

BOOST_AUTO_TEST_CASE(the_way_back_is_no_way_on) {
  PlaceWorld world = world_with(with_interchange);
  const RiderId rider = world.add_rider(1'000);
  ride(world, rider, "A0", "A1");
  BOOST_TEST(fare_of(ride(world, rider, "A1", "A0")) == 190);
}

BOOST_AUTO_TEST_CASE(elsewhere_or_too_late_is_another_journey) {
  PlaceWorld world = world_with(with_interchange);
  const RiderId rider = world.add_rider(2'000);
  ride(world, rider, "A0", "A1");
  world.now = world.now + minutes(10) + milliseconds(1);
  BOOST_TEST(fare_of(ride(world, rider, "A1", "A6")) == 290);
  BOOST_TEST(fare_of(ride(world, rider, "A6", "A9")) == 290);  // no interchange at A6
}

BOOST_AUTO_TEST_CASE(never_dearer_than_two) {
  PlaceWorld world = world_with([](Tariff& t) {
    with_interchange(t);
    t.sections = {{3'000, 100, 50}, {INT64_MAX, 390, 200}};  // the long way costs more than two
  });
  const RiderId rider = world.add_rider(1'000);
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A1")) == 100);
  BOOST_TEST(fare_of(ride(world, rider, "A1", "A2")) == 0);  // 3,000 m in all: one section
  world.now = world.now + hours(1);
  ride(world, rider, "A0", "A1");
  BOOST_TEST(fare_of(ride(world, rider, "A1", "A3")) == 290);  // 390 for the whole way
}

BOOST_AUTO_TEST_CASE(a_day_costs_no_more_than_its_cap) {
  PlaceWorld world = world_with(with_day_cap);
  const RiderId rider = world.add_rider(5'000);
  for (const std::int64_t expected : {390, 250, 0})
    BOOST_TEST(fare_of(ride(world, rider, "A0", "A9")) == expected);
  const Decision last = ride(world, rider, "A0", "A9");
  const auto* reached = first<FareCapReached>(last.events);
  BOOST_REQUIRE(reached != nullptr);
  BOOST_TEST((reached->discount == yen(390)));
  BOOST_TEST(count<Posted>(last.events) == 0U);
  world.now = world.now + days(1);
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A9")) == 390);
}

BOOST_AUTO_TEST_CASE(an_interchange_counts_once_toward_a_cap) {
  PlaceWorld world = world_with([](Tariff& t) {
    with_interchange(t);
    t.caps = {{CapPeriod::day, 270, 135}};
  });
  const RiderId rider = world.add_rider(5'000);
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A1")) == 190);
  BOOST_TEST(fare_of(ride(world, rider, "A1", "A6")) == 80);  // 290 in all, capped at 270
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A9")) == 0);
}

// The corrected journey counts on the day of its entry, and moves what came after it.
BOOST_AUTO_TEST_CASE(a_correction_is_charged_as_if_it_had_been_known) {
  PlaceWorld world = world_with(with_day_cap);
  world.now = world.now + hours(5);  // a little after five in the morning
  const RiderId rider = world.add_rider(5'000);
  const JourneyId lost = journey_of(world.enter(rider, "A0"));
  world.now = world.now + hours(4);
  world.ask(ExpireJourney{lost});
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A9")) == 390);
  BOOST_TEST(fare_of(ride(world, rider, "A0", "A6")) == 250);  // 290: the maximum fare beside it
  BOOST_TEST(world.wallet(rider) == 5'000 - 390 - 640);
  const Decision corrected = world.ask(CorrectJourney{lost, "A5", world.desk});
  BOOST_TEST((std::get<Corrected>(corrected.reply) == Corrected{lost, yen(390), yen(290)}));
  // 290 + 350 + 0: both others are adjusted, in one posting.
  BOOST_TEST(count<FareAdjusted>(corrected.events) == 3U);
  BOOST_TEST(count<Posted>(corrected.events) == 1U);
  BOOST_TEST(world.wallet(rider) == 5'000 - 640);
  BOOST_TEST(world.revenue() == 640);
  const Decision again = world.ask(CorrectJourney{lost, "A5", world.desk});
  BOOST_TEST(count<Posted>(again.events) == 0U);  // from 290, to 290
  world.ask(CorrectJourney{lost, "A1", world.desk});
  BOOST_TEST(world.wallet(rider) == 5'000 - 640);  // 190 + 390 + 60
}

BOOST_AUTO_TEST_CASE(a_sponsor_pays_what_the_rider_does_not) {
  PlaceWorld world =
      world_with([](Tariff& t) { t.categories = {{Category::senior, false, 50, {1}}}; });
  const RiderId rider = world.add_rider(200, Category::senior);
  const Decision out = ride(world, rider, "A0", "A3");
  BOOST_TEST(fare_of(out) == 50);
  BOOST_TEST((*first<FareSponsored>(out.events) ==
              FareSponsored{first<JourneyClosed>(out.events)->journey, {1}, yen(0), yen(190)}));
  BOOST_TEST(world.revenue() == 240);
  world.ask(LoadFunds{rider, yen(400), {}});
  const JourneyId lost = journey_of(world.enter(rider, "A0"));
  world.now = world.now + hours(4);
  world.ask(ExpireJourney{lost});  // the maximum, from the rider
  BOOST_TEST(world.wallet(rider) == 600 - 50 - 390);
  world.ask(CorrectJourney{lost, "A3", world.desk});
  BOOST_TEST(world.wallet(rider) == 600 - 100);
  BOOST_TEST(balance(world.state.book, receivable_from(SponsorId{1}, Currency::jpy)) == 380);
  BOOST_TEST(world.revenue() == 480);
}

BOOST_AUTO_TEST_CASE(who_has_little_may_ride_where_little_is_due) {
  PlaceWorld world = world_with([](Tariff& t) {
    t.categories = {{Category::senior, false, 50, {1}}, {Category::infant, true, 0, {}}};
  });
  const RiderId senior = world.add_rider(60, Category::senior);
  BOOST_TEST(fare_of(ride(world, senior, "A0", "A3")) == 50);
  BOOST_TEST((refusal_of(world.enter(senior, "A0")) == Refusal::funds_must_cover_entry));
  const RiderId infant = world.add_rider(0, Category::infant, senior);
  BOOST_TEST(fare_of(ride(world, infant, "A0", "A9")) == 0);
  const RiderId student = world.add_rider(1'000, Category::student);  // not listed: as an adult
  BOOST_TEST(fare_of(ride(world, student, "A0", "A3")) == 240);
}

BOOST_AUTO_TEST_CASE(a_tariff_without_exits_is_paid_at_the_gate) {
  PlaceWorld world = world_with([](Tariff& t) {
    t.pricing = Pricing::flat;
    t.entry_only = true;
    t.flat_adult_minor = 210;
    t.flat_child_minor = 110;
    t.sections.clear();
  });
  const RiderId rider = world.add_rider(500);
  const Decision in = world.enter(rider, "A0");
  BOOST_TEST((std::get<Entered>(in.reply).available == yen(290)));
  BOOST_TEST(count<JourneyClosed>(in.events) == 1U);
  BOOST_TEST(!is_travelling(world.state.journeys, rider));
  BOOST_TEST(world.revenue() == 210);
  // The same face again at once: a friend behind, or a way to let two in on one fare.
  world.now = world.now + minutes(5);
  const Decision again = world.enter(rider, "A0");
  BOOST_TEST((refusal_of(again) == Refusal::entry_must_not_repeat));
  BOOST_TEST(count<PassBackDetected>(again.events) == 1U);
  world.now = world.now + minutes(5);
  BOOST_TEST(count<FareCharged>(world.enter(rider, "A3").events) == 1U);
  world.now = world.now + minutes(10);
  BOOST_TEST((refusal_of(world.enter(rider, "A3")) == Refusal::funds_must_cover_entry));
  BOOST_TEST(!next_due(world.state).has_value());
}

// The operator takes its exits away while somebody is on the way.
BOOST_AUTO_TEST_CASE(a_journey_that_was_open_ends_before_one_without_exits) {
  PlaceWorld world = place_world();
  const RiderId rider = world.add_rider(1'000);
  const JourneyId lost = journey_of(world.enter(rider, "A0"));
  Tariff flat = omt_1(world.om);
  flat.code = "FLAT";
  flat.effective_from = world.now + minutes(30);
  flat.pricing = Pricing::flat;
  flat.entry_only = true;
  flat.flat_adult_minor = 210;
  flat.flat_child_minor = 110;
  flat.sections.clear();
  world.add(PublishTariff{flat});
  world.now = world.now + hours(1);
  const Decision in = world.enter(rider, "A5");
  BOOST_REQUIRE(first<JourneyIncomplete>(in.events) != nullptr);
  BOOST_TEST((first<JourneyIncomplete>(in.events)->journey == lost));
  BOOST_TEST((std::get<Entered>(in.reply).available == yen(400)));
  BOOST_TEST(world.wallet(rider) == 400);  // the maximum of 390, then 210
  BOOST_TEST(world.revenue() == 600);
  BOOST_TEST(!is_travelling(world.state.journeys, rider));
  BOOST_TEST(!next_due(world.state).has_value());
  // Who has too little for both is not let in, and nothing has happened.
  PlaceWorld poor = world;
  poor.now = poor.now + minutes(20);
  poor.ask(LoadFunds{rider, yen(1), {}});
  BOOST_TEST(count<JourneyClosed>(poor.enter(rider, "A5").events) == 1U);
  poor.now = poor.now + minutes(20);
  const Decision refused = poor.enter(rider, "A5");
  BOOST_TEST((refusal_of(refused) == Refusal::funds_must_cover_entry));
  BOOST_TEST(count<Posted>(refused.events) == 0U);
}

BOOST_AUTO_TEST_CASE(matrix_zones_and_time) {
  PlaceWorld world = place_world();
  Tariff tariff = omt_1(world.om);
  tariff.stations = {"A", "B", "C"};
  tariff.tracks.clear();
  tariff.sections.clear();
  tariff.pricing = Pricing::matrix;
  tariff.pair_fares = {{0, 1, 200, 100}, {0, 2, 300, 150}, {1, 0, 210, 110},
                       {1, 2, 220, 120}, {2, 0, 300, 150}, {2, 1, 220, 120}};
  const auto price = [&](StationId from, StationId to, Category category, Duration elapsed) {
    Fares fares;
    apply(fares, TariffPublished{{1}, tariff});
    return fare(priced(fares, {1}), category, from, to, elapsed).amount.minor;
  };
  BOOST_TEST(price({0}, {1}, Category::adult, {}) == 200);
  BOOST_TEST(price({1}, {0}, Category::child, {}) == 110);
  tariff.pricing = Pricing::zones;
  tariff.zones = {5, 5, 9};
  tariff.pair_fares = {{5, 5, 180, 90}, {5, 9, 250, 130}, {9, 5, 260, 130}};
  BOOST_TEST(price({0}, {1}, Category::adult, {}) == 180);
  BOOST_TEST(price({2}, {1}, Category::adult, {}) == 260);
  tariff.pricing = Pricing::time;
  tariff.time_fares = {{minutes(30), 150, 80}, {minutes(60), 200, 100}};
  BOOST_TEST(price({0}, {1}, Category::adult, minutes(30)) == 150);
  BOOST_TEST(price({0}, {1}, Category::adult, minutes(31)) == 200);
  BOOST_TEST(price({0}, {1}, Category::adult, minutes(61)) == 390);
  BOOST_TEST(price({0}, {0}, Category::child, minutes(31)) == 100);
}

BOOST_AUTO_TEST_CASE(a_pair_without_a_price_is_no_tariff) {
  PlaceWorld world = place_world();
  Tariff tariff = omt_1(world.om);
  tariff.code = "M";
  tariff.effective_from = world.now;
  tariff.stations = {"A", "B"};
  tariff.tracks.clear();
  tariff.sections.clear();
  tariff.pricing = Pricing::matrix;
  tariff.pair_fares = {{0, 1, 200, 100}};
  BOOST_TEST(refuses(world.ask(PublishTariff{tariff}), Refusal::tariff_must_be_valid));
  tariff.pair_fares.push_back({1, 0, 200, 100});
  tariff.categories = {{Category::senior, false, 50, {7}}};
  BOOST_TEST(refuses(world.ask(PublishTariff{tariff}), Refusal::sponsor_must_be_registered));
}

BOOST_AUTO_TEST_SUITE_END()
