// Holds: never above what is available, resolved once, due in order.
#include "ledger/rules/money/holds.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/world.h"

using namespace obverse;

namespace {

const RiderId alice{1};
const RiderId bob{2};
const Instant noon{1'760'000'000'000};

struct Scene {
  Book book;
  Holds holds;

  explicit Scene(std::int64_t funds) {
    const Account bank = bank_account({0}, Currency::jpy);
    const Account wallet = wallet_of(alice, Currency::jpy);
    apply(book, Posted{PostingReason::funds_loaded,
                       {{bank, Side::debit, funds}, {wallet, Side::credit, funds}}});
  }
  Outcome<FundsReserved> place(std::uint64_t id, std::int64_t minor,
                               std::optional<Instant> expires = {}) {
    auto placed = place_hold(book, holds, {id}, alice, yen(minor), expires);
    if (placed) apply(holds, *placed);
    return placed;
  }
  void fold_all(const Events& events) {
    for (const Event& event : events) fold(holds, event);
  }
  std::int64_t free() const { return available(book, holds, alice, Currency::jpy).minor; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(holds)

// S01: 5,000, a hold of 390, a fare of 240.
BOOST_AUTO_TEST_CASE(a_partial_capture_releases_the_rest) {
  Scene scene(5'000);
  BOOST_TEST(scene.place(7, 390).has_value());
  BOOST_TEST(scene.free() == 4'610);
  const auto captured = capture_hold(scene.holds, {7}, yen(240));
  BOOST_TEST((*captured == Events{HoldCaptured{{7}, yen(240)}, HoldReleased{{7}, yen(150)}}));
  scene.fold_all(*captured);
  BOOST_TEST((scene.holds == Holds{}));
  BOOST_TEST((capture_hold(scene.holds, {7}, yen(1)).error() == Refusal::hold_must_be_open));
}

BOOST_AUTO_TEST_CASE(a_whole_capture_releases_nothing) {
  Scene scene(500);
  scene.place(7, 390, noon);
  const auto captured = capture_hold(scene.holds, {7}, yen(390));
  BOOST_TEST((*captured == Events{HoldCaptured{{7}, yen(390)}}));
  scene.fold_all(*captured);
  BOOST_TEST((scene.holds == Holds{}));
}

BOOST_AUTO_TEST_CASE(captures_that_do_not_fit_are_refused) {
  Scene scene(500);
  scene.place(7, 390);
  const auto refused = [&](Money money) { return capture_hold(scene.holds, {7}, money).error(); };
  BOOST_TEST((refused(yen(0)) == Refusal::amount_must_be_positive));
  BOOST_TEST((refused(yen(-1)) == Refusal::amount_must_be_positive));
  BOOST_TEST((refused(yen(391)) == Refusal::capture_must_fit_hold));
  BOOST_TEST((refused({390, Currency::gbp}) == Refusal::currency_must_match));
}

// Invariant 5.
BOOST_AUTO_TEST_CASE(a_hold_is_placed_only_on_what_is_available) {
  Scene scene(500);
  BOOST_TEST((scene.place(1, 0).error() == Refusal::amount_must_be_positive));
  BOOST_TEST((scene.place(1, -5).error() == Refusal::amount_must_be_positive));
  BOOST_TEST((scene.place(1, 501).error() == Refusal::funds_must_cover_amount));
  BOOST_TEST(scene.place(1, 300).has_value());
  BOOST_TEST((scene.place(2, 201).error() == Refusal::funds_must_cover_amount));
  BOOST_TEST(scene.place(2, 200).has_value());
  BOOST_TEST(scene.free() == 0);
  BOOST_TEST((held(scene.holds, alice, Currency::jpy) == yen(500)));
  BOOST_TEST((held(scene.holds, alice, Currency::gbp) == Money{0, Currency::gbp}));
  BOOST_TEST((place_hold(scene.book, scene.holds, {3}, bob, yen(1), {}).error() ==
              Refusal::funds_must_cover_amount));
}

BOOST_AUTO_TEST_CASE(a_release_gives_all_back_once) {
  Scene scene(500);
  scene.place(1, 300, noon);
  const auto released = release_hold(scene.holds, {1});
  BOOST_TEST((*released == HoldReleased{{1}, yen(300)}));
  apply(scene.holds, *released);
  BOOST_TEST(scene.free() == 500);
  BOOST_TEST(!next_due(scene.holds));
  BOOST_TEST((release_hold(scene.holds, {1}).error() == Refusal::hold_must_be_open));
}

BOOST_AUTO_TEST_CASE(holds_expire_when_due_and_not_before) {
  Scene scene(500);
  scene.place(1, 100, noon + seconds(2));
  scene.place(2, 100, noon + seconds(1));
  scene.place(3, 100);
  BOOST_TEST((next_due(scene.holds) == HoldDue{noon + seconds(1), {2}}));
  BOOST_TEST((expire_hold(scene.holds, {9}, noon).error() == Refusal::hold_must_be_open));
  BOOST_TEST((expire_hold(scene.holds, {2}, noon).error() == Refusal::timer_must_be_due));
  BOOST_TEST(
      (expire_hold(scene.holds, {3}, noon + days(99)).error() == Refusal::timer_must_be_due));
  apply(scene.holds, *expire_hold(scene.holds, {2}, noon + seconds(1)));
  BOOST_TEST((next_due(scene.holds) == HoldDue{noon + seconds(2), {1}}));
  apply(scene.holds, *expire_hold(scene.holds, {1}, noon + seconds(9)));
  BOOST_TEST(!next_due(scene.holds));
  BOOST_TEST(scene.free() == 400);
}

BOOST_AUTO_TEST_CASE(whether_anything_else_is_open_is_known) {
  Scene scene(500);
  BOOST_TEST(!has_open_hold(scene.holds, alice));
  scene.place(1, 100);
  BOOST_TEST(has_open_hold(scene.holds, alice));
  BOOST_TEST(!has_open_hold(scene.holds, bob));
  BOOST_TEST(!has_open_hold_besides(scene.holds, alice, {1}));
  BOOST_TEST(has_open_hold_besides(scene.holds, alice, {9}));
  scene.place(2, 100);
  BOOST_TEST(has_open_hold_besides(scene.holds, alice, {1}));
  apply(scene.holds, *release_hold(scene.holds, {2}));
  BOOST_TEST(!has_open_hold_besides(scene.holds, alice, {1}));
  // One in another currency is something open too.
  apply(scene.holds, FundsReserved{{3}, alice, {5, Currency::cny}, {}});
  BOOST_TEST(has_open_hold_besides(scene.holds, alice, {1}));
  BOOST_TEST(find(scene.holds, {3})->amount.minor == 5);
}

BOOST_AUTO_TEST_SUITE_END()
