// The money of a journey: from hold, wallet, debt and sponsor, and back again.
#include "ledger/rules/places/charging.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

struct Scene {
  PlaceWorld world = place_world();
  RiderId rider = world.add_rider(500);
  HoldId hold{900};

  Scene() { obverse::apply(world.state, Event{FundsReserved{hold, rider, yen(390), {}}}); }

  Owed owed(std::int64_t by_rider, std::int64_t by_sponsor = 0) const {
    return {PostingReason::fare_charged, rider, world.om, yen(by_rider), {1}, by_sponsor};
  }
  Settled settled(const Owed& what, HoldId from) {
    auto done = settle(world.state.book, world.state.holds, from, what);
    BOOST_REQUIRE(done.has_value());
    for (const Event& event : done->events) obverse::apply(world.state, event);
    return std::move(*done);
  }
  Outcome<Events> adjusted(const Owed& what) {
    auto done = adjust(world.state.book, world.state.holds, what);
    if (done)
      for (const Event& event : *done) obverse::apply(world.state, event);
    return done;
  }
  std::int64_t sponsor() const {
    return balance(world.state.book, receivable_from(SponsorId{1}, Currency::jpy));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(charging)

BOOST_AUTO_TEST_CASE(from_the_hold_and_the_rest_is_let_go) {
  Scene scene;
  const Settled done = scene.settled(scene.owed(240), scene.hold);
  BOOST_TEST(done.from_wallet == 240);
  BOOST_TEST((*first<HoldCaptured>(done.events) == HoldCaptured{scene.hold, yen(240)}));
  BOOST_TEST(scene.world.free(scene.rider) == 260);
  BOOST_TEST(scene.world.revenue() == 240);
}

BOOST_AUTO_TEST_CASE(nothing_owed_only_lets_the_hold_go) {
  Scene scene;
  const Settled done = scene.settled(scene.owed(0), scene.hold);
  BOOST_TEST((done.events == Events{HoldReleased{scene.hold, yen(390)}}));
}

BOOST_AUTO_TEST_CASE(what_the_wallet_lacks_is_a_debt) {
  Scene scene;
  BOOST_TEST(scene.settled(scene.owed(700), scene.hold).from_wallet == 500);
  BOOST_TEST(scene.world.debt(scene.rider) == 200);
  BOOST_TEST(scene.world.revenue() == 700);
}

BOOST_AUTO_TEST_CASE(without_a_hold_from_what_is_free) {
  Scene scene;
  BOOST_TEST(scene.settled(scene.owed(100), {}).from_wallet == 100);
  BOOST_TEST(scene.world.free(scene.rider) == 10);
}

BOOST_AUTO_TEST_CASE(a_sponsor_pays_beside) {
  Scene scene;
  scene.settled(scene.owed(50, 190), scene.hold);
  BOOST_TEST(scene.world.wallet(scene.rider) == 450);
  BOOST_TEST(scene.sponsor() == 190);
  BOOST_TEST(scene.world.revenue() == 240);
}

BOOST_AUTO_TEST_CASE(a_change_goes_both_ways) {
  Scene scene;
  scene.settled(scene.owed(50, 190), scene.hold);
  BOOST_TEST(scene.adjusted(scene.owed(-50, -140))->size() == 1U);
  BOOST_TEST(scene.sponsor() == 50);
  BOOST_TEST(scene.world.revenue() == 50);
  BOOST_TEST(scene.world.wallet(scene.rider) == 500);
  scene.adjusted(scene.owed(30, -50));
  BOOST_TEST(scene.sponsor() == 0);
  BOOST_TEST(scene.world.revenue() == 30);
  BOOST_TEST(scene.adjusted(scene.owed(0))->empty());
}

BOOST_AUTO_TEST_CASE(what_comes_back_pays_a_debt_first) {
  Scene scene;
  scene.settled(scene.owed(700), scene.hold);
  scene.adjusted(scene.owed(-250));
  BOOST_TEST(scene.world.debt(scene.rider) == 0);
  BOOST_TEST(scene.world.wallet(scene.rider) == 50);
}

BOOST_AUTO_TEST_CASE(more_is_taken_only_as_far_as_it_is_free) {
  Scene scene;
  const auto done = scene.adjusted(scene.owed(111));  // 110 are free beside the hold
  BOOST_TEST((done.error() == Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_SUITE_END()
