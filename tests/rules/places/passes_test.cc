// Commuter passes: the sale, day by day, given back, and only the part outside is paid (S06).
#include "ledger/rules/places/passes.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

// 2025-06-15 is the world's today (15:06:40 UTC); in Tokyo it is the 16th, 00:06, still the fare
// day of the 15th.
constexpr std::int64_t today = 20'254;

struct Town {
  PlaceWorld world = place_world();
  RiderId rider;

  explicit Town(std::int64_t funds = 50'000, Category category = Category::adult) {
    Tariff tariff = omt_1(world.om);
    tariff.code = "OMT-P";
    tariff.effective_from = world.now;
    tariff.passes = {{2, 1, 9'480, 4'740}, {2, 3, 27'020, 13'510}};
    tariff.pass_refund_fee_minor = 220;
    world.add(PublishTariff{tariff});
    std::optional<RiderId> guardian;
    if (category == Category::child) guardian = world.add_rider(0);
    rider = world.add_rider(funds, category, guardian);
  }
  Decision buy(std::int64_t first_day, std::uint8_t months = 1, const Code& from = "A2",
               const Code& to = "A5") {
    return world.ask(SellPass{rider, world.om, from, to, first_day, months});
  }
  std::int64_t deferred(EntitlementId pass) const {
    return balance(world.state.book, deferred_pass(pass, Currency::jpy));
  }
  // Plays every timer up to `until`.
  void wait(Instant until) {
    while (true) {
      const auto due = next_due(world.state);
      if (!due || due->at > until) break;
      world.now = due->at;
      world.ask(due->command);
    }
    world.now = until;
  }
  std::int64_t fare(const Code& from, const Code& to) {
    world.enter(rider, from);
    world.now = world.now + minutes(20);
    const Decision out = world.leave(rider, to);
    world.now = world.now + minutes(20);
    return std::get<Left>(out.reply).fare.minor;
  }
};

EntitlementId pass_of(const Decision& sale) { return std::get<PassSold>(sale.reply).pass; }

}  // namespace

BOOST_AUTO_TEST_SUITE(passes)

BOOST_AUTO_TEST_CASE(the_price_is_deferred) {
  Town town;
  const Decision sale = town.buy(today + 1);
  const auto* bought = first<PassPurchased>(sale.events);
  BOOST_REQUIRE(bought != nullptr);
  BOOST_TEST((bought->price == yen(9'480)));
  BOOST_TEST(bought->last_day - bought->first_day == 29);  // 16 June to 15 July
  BOOST_TEST(town.world.wallet(town.rider) == 40'520);
  BOOST_TEST(town.deferred(bought->pass) == 9'480);
  BOOST_TEST(town.world.revenue() == 0);
}

BOOST_AUTO_TEST_CASE(a_child_pays_the_child_s_price) {
  Town town(50'000, Category::child);
  BOOST_TEST((std::get<PassSold>(town.buy(today + 1).reply).price == yen(4'740)));
}

BOOST_AUTO_TEST_CASE(who_may_not_buy) {
  Town town(9'479);
  const auto refused = [&](const Decision& d, Refusal why) { return refuses(d, why); };
  BOOST_TEST(refused(town.buy(today), Refusal::funds_must_cover_amount));
  BOOST_TEST(refused(town.buy(today - 1), Refusal::pass_must_begin_in_time));
  BOOST_TEST(refused(town.buy(today + 15), Refusal::pass_must_begin_in_time));
  BOOST_TEST(refused(town.buy(today, 2), Refusal::pass_must_be_sold));
  BOOST_TEST(refused(town.buy(today, 1, "A0", "A1"), Refusal::pass_must_be_sold));
  BOOST_TEST(refused(town.buy(today, 1, "A2", "A2"), Refusal::pass_must_be_sold));
  BOOST_TEST(refused(town.buy(today, 1, "A2", "X9"), Refusal::station_must_be_in_tariff));
  BOOST_TEST(refused(town.world.ask(SellPass{{99}, town.world.om, "A2", "A5", today, 1}),
                     Refusal::rider_must_be_registered));
  Town rich;
  rich.buy(today + 1);
  BOOST_TEST(refused(rich.buy(today + 5), Refusal::pass_must_not_overlap));
  BOOST_TEST(refused(rich.buy(today + 5, 1, "A5", "A2"), Refusal::pass_must_not_overlap));
}

BOOST_AUTO_TEST_CASE(only_the_part_outside_is_paid_and_never_more_than_without) {
  Town town;
  town.buy(today);
  BOOST_TEST(town.fare("A2", "A4") == 0);
  BOOST_TEST(town.fare("A3", "A5") == 0);
  BOOST_TEST(town.fare("A2", "A7") == 240);  // from A5; without it 290
  BOOST_TEST(town.fare("A0", "A7") == 340);  // 190 and 240 outside would be dearer
  BOOST_TEST(town.fare("A0", "A3") == 190);  // to A2; without it 240
  BOOST_TEST(town.fare("A0", "A1") == 190);
}

BOOST_AUTO_TEST_CASE(with_a_pass_nobody_needs_money_to_come_in) {
  Town town(9'480);
  town.buy(today);
  BOOST_TEST(town.world.wallet(town.rider) == 0);
  BOOST_TEST(town.fare("A2", "A5") == 0);
  BOOST_TEST((refusal_of(town.world.enter(town.rider, "A0")) == Refusal::funds_must_cover_entry));
  town.world.enter(town.rider, "A2");
  town.world.now = town.world.now + minutes(20);
  BOOST_TEST((refusal_of(town.world.leave(town.rider, "A7")) == Refusal::funds_must_cover_fare));
}

BOOST_AUTO_TEST_CASE(it_is_good_on_its_days_only) {
  Town town;
  town.buy(today + 1);
  BOOST_TEST(town.fare("A2", "A4") == 240);  // 4,000 m
  town.world.now = town.world.now + hours(4);
  BOOST_TEST(town.fare("A2", "A4") == 0);
  town.wait(town.world.now + days(30));
  BOOST_TEST(town.fare("A2", "A4") == 240);
}

BOOST_AUTO_TEST_CASE(each_day_is_earned_and_the_sum_is_the_price) {
  Town town;
  const EntitlementId pass = pass_of(town.buy(today));
  town.wait(town.world.now + hours(4));  // the fare day of the sale is over at three
  BOOST_TEST(town.deferred(pass) == 9'480 - 316);
  BOOST_TEST(town.world.revenue() == 316);
  town.wait(town.world.now + days(40));
  BOOST_TEST(town.deferred(pass) == 0);
  BOOST_TEST(town.world.revenue() == 9'480);
  BOOST_TEST(town.world.state.passes.sold.empty());
  BOOST_TEST(town.world.state.passes.held.empty());
  BOOST_TEST(town.world.state.passes.due.empty());
}

BOOST_AUTO_TEST_CASE(a_day_is_not_earned_before_it_is_over) {
  Town town;
  const EntitlementId pass = pass_of(town.buy(today));
  BOOST_TEST(refuses(town.world.ask(RecognisePass{pass}), Refusal::timer_must_be_due));
  BOOST_TEST(refuses(town.world.ask(RecognisePass{{999}}), Refusal::pass_must_be_known));
}

BOOST_AUTO_TEST_CASE(given_back_the_months_begun_are_paid_as_months) {
  Town town;
  const EntitlementId pass = pass_of(town.buy(today, 3));  // 27,020
  town.wait(town.world.now + days(40));                    // in its second month
  const Decision back = town.world.ask(RefundPass{pass});
  const std::int64_t rest = 27'020 - 2 * 9'480 - 220;
  BOOST_TEST((std::get<PassReturned>(back.reply) == PassReturned{pass, yen(rest), yen(220)}));
  BOOST_TEST(town.world.wallet(town.rider) == 50'000 - 27'020 + rest);
  BOOST_TEST(town.deferred(pass) == 0);
  BOOST_TEST(town.world.revenue() == 27'020 - rest);
  BOOST_TEST(town.world.state.passes.due.empty());
  BOOST_TEST(refuses(town.world.ask(RefundPass{pass}), Refusal::pass_must_be_known));
}

BOOST_AUTO_TEST_CASE(given_back_before_it_begins_only_the_fee_is_kept) {
  Town town;
  const EntitlementId pass = pass_of(town.buy(today + 3));
  town.world.ask(RefundPass{pass});
  BOOST_TEST(town.world.wallet(town.rider) == 50'000 - 220);
  BOOST_TEST(town.world.revenue() == 220);
}

BOOST_AUTO_TEST_CASE(given_back_in_its_only_month_nothing_returns) {
  Town town;
  const EntitlementId pass = pass_of(town.buy(today));
  const Decision back = town.world.ask(RefundPass{pass});
  BOOST_TEST((std::get<PassReturned>(back.reply).amount == yen(0)));
  BOOST_TEST(town.world.revenue() == 9'480);
}

BOOST_AUTO_TEST_CASE(another_version_of_the_tariff_changes_nothing_for_it) {
  Town town;
  town.buy(today);
  Tariff tariff = omt_1(town.world.om);
  tariff.code = "OMT-Q";
  tariff.effective_from = town.world.now + hours(1);
  tariff.stations.insert(tariff.stations.begin(), "B0");  // every station has another number
  for (Track& track : tariff.tracks) {
    ++track.a.value;
    ++track.b.value;
  }
  tariff.tracks.push_back({{0}, {1}, 900, 0});
  town.world.add(PublishTariff{tariff});
  town.world.now = town.world.now + hours(2);
  BOOST_TEST(town.fare("A2", "A4") == 0);
  BOOST_TEST(town.fare("A2", "A7") == 240);
}

BOOST_AUTO_TEST_CASE(parts_of_any_price_add_up) {
  BOOST_TEST(earned_by(9'930, 31, 1) == 320);
  BOOST_TEST(earned_by(9'930, 31, 31) - earned_by(9'930, 31, 30) == 321);
  BOOST_TEST(rc::check("no day earns less than nothing, all together the price", [] {
    const auto price = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    const auto length = *rc::gen::inRange<std::int64_t>(1, 366);
    for (std::int64_t day = 1; day <= length; ++day)
      RC_ASSERT(earned_by(price, length, day) >= earned_by(price, length, day - 1));
    RC_ASSERT(earned_by(price, length, 0) == 0);
    RC_ASSERT(earned_by(price, length, length) == price);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
