// Rides on a card under every kind of tariff: paid at the gate, with a sponsor, under a cap, at an
// interchange, corrected; and a wallet's corrections beside debts that a card will pay.
#include "ledger/rules/places/ride_payment.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

struct Riding {
  CardWorld world = card_world();
  RiderId oli;
  PaymentMethodId card;

  explicit Riding(void (*change)(Tariff&), Category category = Category::adult) {
    const SponsorId city{world.add(RegisterSponsor{"city"})};
    BOOST_REQUIRE(city == SponsorId{1});
    Tariff tariff = omt_1(world.om);
    tariff.code = "OMT-2";
    tariff.effective_from = world.now;
    change(tariff);
    BOOST_REQUIRE(!refusal_of(world.ask(PublishTariff{tariff})));
    oli = world.add_rider(0, category);
    card = world.rides_on_card(oli);
  }
  Decision there(const Code& from, const Code& to) {
    world.enter(oli, from);
    world.now = world.now + minutes(15);
    Decision out = world.leave(oli, to);
    world.now = world.now + minutes(5);
    return out;
  }
  JourneyId lost(const Code& from) {
    const JourneyId id = journey_of(world.enter(oli, from));
    world.wait(hours(4));
    return id;
  }
  std::int64_t on_tabs() const { return debt_on_tabs(world.state.cards.fares, oli, Currency::jpy); }
  std::int64_t sponsored() const { return world.of(receivable_from(SponsorId{1}, Currency::jpy)); }
};

std::int64_t fare_of(const Decision& out) { return std::get<Left>(out.reply).fare.minor; }

void flat_without_exits(Tariff& t) {
  t.pricing = Pricing::flat;
  t.entry_only = true;
  t.flat_adult_minor = 66;
  t.flat_child_minor = 33;
  t.sections.clear();
}
void seniors_pay_50(Tariff& t) { t.categories = {{Category::senior, false, 50, {1}}}; }
void flat_and_sponsored(Tariff& t) {
  flat_without_exits(t);
  seniors_pay_50(t);
}
void capped(Tariff& t) { t.caps = {{CapPeriod::day, 400, 200}}; }
void joined(Tariff& t) { t.interchanges = {{{1}, {1}, seconds(1'800)}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(ride_payment)

BOOST_AUTO_TEST_CASE(in_is_all_there_is_and_goes_on_the_day_s_tab) {
  Riding ride(flat_without_exits);
  for (std::int64_t rides = 1; rides <= 3; ++rides) {
    const Decision in = ride.world.enter(ride.oli, "A0");
    BOOST_TEST((std::get<Entered>(in.reply).available == yen(0)));
    BOOST_TEST(count<FareAggregated>(in.events) == 1U);
    BOOST_TEST(count<JourneyClosed>(in.events) == 1U);
    BOOST_TEST(ride.on_tabs() == 66 * rides);
    ride.world.now = ride.world.now + minutes(30);
  }
  BOOST_TEST(ride.world.state.cards.fares.rides.empty());
  BOOST_TEST(ride.world.revenue() == 198);
  while (ride.world.state.cards.rails.open.empty()) ride.world.wait(hours(1));
  ride.world.approve();
  BOOST_TEST(ride.world.receivable() == 198);
  BOOST_TEST((ride.on_tabs() == 0 && ride.world.debt(ride.oli) == 0));
}

BOOST_AUTO_TEST_CASE(a_sponsor_owes_its_part_at_once) {
  Riding ride(seniors_pay_50, Category::senior);
  const Decision out = ride.there("A0", "A3");
  BOOST_TEST(fare_of(out) == 50);
  BOOST_TEST((ride.on_tabs() == 50 && ride.sponsored() == 190 && ride.world.revenue() == 240));
  Riding at_gate(flat_and_sponsored, Category::senior);
  at_gate.world.enter(at_gate.oli, "A0");
  BOOST_TEST((at_gate.on_tabs() == 50 && at_gate.sponsored() == 16));
  BOOST_TEST(at_gate.world.revenue() == 66);
}

BOOST_AUTO_TEST_CASE(a_cap_leaves_nothing_for_the_card) {
  Riding ride(capped);
  BOOST_TEST(fare_of(ride.there("A0", "A3")) == 240);
  BOOST_TEST(fare_of(ride.there("A3", "A0")) == 160);
  const Decision free = ride.there("A0", "A3");
  BOOST_TEST(fare_of(free) == 0);
  BOOST_TEST((count<FareAggregated>(free.events) == 0U && ride.on_tabs() == 400));
}

BOOST_AUTO_TEST_CASE(an_interchange_charges_the_difference) {
  Riding ride(joined);
  BOOST_TEST(fare_of(ride.there("A0", "A1")) == 190);
  BOOST_TEST(fare_of(ride.there("A1", "A6")) == 100);
  BOOST_TEST((ride.on_tabs() == 290 && ride.world.revenue() == 290));
}

// The maximum fare counts toward no cap; corrected it does, and the ride after it becomes cheaper.
// The card of the corrected journey gets all of it back.
BOOST_AUTO_TEST_CASE(all_of_a_correction_goes_to_what_pays_that_journey) {
  Riding ride(capped);
  ride.world.now = {1'750'032'000'000};  // 09:00 in Tokyo
  const JourneyId lost = ride.lost("A0");
  BOOST_TEST(ride.on_tabs() == 390);
  BOOST_TEST(fare_of(ride.there("A0", "A3")) == 240);
  const Decision corrected = ride.world.ask(CorrectJourney{lost, "A3", ride.world.desk});
  BOOST_TEST((std::get<Corrected>(corrected.reply).to == yen(240)));
  BOOST_TEST(count<AggregationAdjusted>(corrected.events) == 1U);
  BOOST_TEST(ride.on_tabs() == 400);
  BOOST_TEST(ride.world.revenue() == 400);
}

BOOST_AUTO_TEST_CASE(a_correction_gives_the_sponsor_its_part) {
  Riding ride(seniors_pay_50, Category::senior);
  const JourneyId lost = ride.lost("A0");
  const std::int64_t before = ride.sponsored();
  ride.world.ask(CorrectJourney{lost, "A3", ride.world.desk});
  BOOST_TEST((ride.on_tabs() == 50 && ride.sponsored() - before == 190));
  BOOST_TEST(ride.world.revenue() == 240);
}

// A debt that a card is asked for is not paid by what comes back to the wallet.
BOOST_AUTO_TEST_CASE(what_comes_back_to_a_wallet_is_not_the_card_s) {
  Riding ride([](Tariff&) {});
  const RiderId ann = ride.world.add_rider(1'000);
  const JourneyId lost = journey_of(ride.world.enter(ann, "A0"));
  ride.world.wait(hours(4));
  ride.world.rides_on_card(ann, "tok-2");
  ride.world.ride(ann, "A0", "A3");
  BOOST_TEST((ride.world.wallet(ann) == 610 && ride.world.debt(ann) == 240));
  ride.world.ask(CorrectJourney{lost, "A3", ride.world.desk});
  BOOST_TEST((ride.world.wallet(ann) == 760 && ride.world.debt(ann) == 240));
}

BOOST_AUTO_TEST_SUITE_END()
