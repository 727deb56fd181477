// What a tariff may not say. Sections, stations and amounts are in fares_test.cc, by publication.
#include "ledger/rules/places/tariff_validity.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "tests/rules/places/world.h"

using namespace obverse;

namespace {

bool is_valid(const std::function<void(Tariff&)>& change) {
  Tariff tariff = omt_1({1});
  change(tariff);
  return is_valid_tariff(tariff);
}

void matrix_of_two(Tariff& t) {
  t.stations = {"A", "B"};
  t.tracks.clear();
  t.pricing = Pricing::matrix;
  t.pair_fares = {{0, 1, 200, 100}, {1, 0, 210, 110}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tariff_validity)

BOOST_AUTO_TEST_CASE(every_way_to_name_prices) {
  BOOST_TEST(is_valid([](Tariff&) {}));
  BOOST_TEST(is_valid(matrix_of_two));
  BOOST_TEST(is_valid([](Tariff& t) {
    t.pricing = Pricing::flat;
    t.flat_adult_minor = 210;
    t.flat_child_minor = 110;
    t.entry_only = true;
  }));
  BOOST_TEST(is_valid([](Tariff& t) {
    t.pricing = Pricing::zones;
    t.zones.assign(t.stations.size(), 3);
    t.pair_fares = {{3, 3, 200, 100}};
  }));
  BOOST_TEST(is_valid([](Tariff& t) {
    t.pricing = Pricing::time;
    t.time_fares = {{minutes(30), 200, 100}, {minutes(90), 300, 150}};
  }));
}

BOOST_AUTO_TEST_CASE(prices_are_in_order_and_within_the_maximum) {
  BOOST_TEST(!is_valid([](Tariff& t) {
    matrix_of_two(t);
    std::swap(t.pair_fares[0], t.pair_fares[1]);
  }));
  BOOST_TEST(!is_valid([](Tariff& t) {
    matrix_of_two(t);
    t.pair_fares[1] = t.pair_fares[0];
  }));
  BOOST_TEST(!is_valid([](Tariff& t) {
    matrix_of_two(t);
    t.pair_fares[0].adult_minor = 391;
  }));
  BOOST_TEST(!is_valid([](Tariff& t) {
    matrix_of_two(t);
    t.pair_fares[0].child_minor = 201;
  }));
  BOOST_TEST(!is_valid([](Tariff& t) {
    t.pricing = Pricing::time;
    t.time_fares = {{minutes(30), 200, 100}, {minutes(30), 300, 150}};
  }));
  BOOST_TEST(!is_valid([](Tariff& t) {
    t.pricing = Pricing::time;
    t.time_fares = {{hours(5), 200, 100}};
  }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.pricing = Pricing::matrix; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.pricing = Pricing{9}; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.entry_only = true; }));  // of sections
  BOOST_TEST(!is_valid([](Tariff& t) {
    t.pricing = Pricing::zones;
    t.zones = {1};
    t.pair_fares = {{1, 1, 200, 100}};
  }));
}

BOOST_AUTO_TEST_CASE(categories) {
  const CategoryTerms senior{Category::senior, false, 50, {1}};
  BOOST_TEST(is_valid([&](Tariff& t) { t.categories = {senior}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.categories = {senior, senior}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) {
    t.categories = {senior};
    t.categories[0].flat_minor = -1;
  }));
  BOOST_TEST(!is_valid([&](Tariff& t) {
    t.categories = {senior};
    t.categories[0].category = Category::child;  // a column of its own
  }));
}

BOOST_AUTO_TEST_CASE(interchanges) {
  BOOST_TEST(is_valid([](Tariff& t) { t.interchanges = {{{1}, {2}, seconds(1800)}}; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.interchanges = {{{1}, {99}, seconds(1800)}}; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.interchanges = {{{1}, {2}, {}}}; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.interchanges = {{{1}, {2}, days(2)}}; }));
}

BOOST_AUTO_TEST_CASE(caps) {
  const Cap day{CapPeriod::day, 640, 320};
  const Cap week{CapPeriod::week, 4'470, 2'235};
  BOOST_TEST(is_valid([&](Tariff& t) { t.caps = {day, week}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.caps = {week, day}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.caps = {day, day}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.caps = {{CapPeriod::day, 640, 641}}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.caps = {{CapPeriod::day, 0, 0}}; }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.fare_day_start = days(1); }));
}

BOOST_AUTO_TEST_CASE(passes) {
  const PassFare month{2, 1, 9'480, 4'740};
  BOOST_TEST(is_valid([&](Tariff& t) { t.passes = {month}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.passes = {month, month}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.passes = {{6, 1, 9'480, 4'740}}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.passes = {{2, 0, 9'480, 4'740}}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.passes = {{2, 13, 9'480, 4'740}}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) { t.passes = {{2, 1, 9'480, 9'481}}; }));
  BOOST_TEST(!is_valid([&](Tariff& t) {
    matrix_of_two(t);
    t.passes = {month};  // a matrix has no sections
  }));
  BOOST_TEST(!is_valid([](Tariff& t) { t.pass_refund_fee_minor = -1; }));
}

BOOST_AUTO_TEST_SUITE_END()
