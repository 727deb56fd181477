// A day's fares on a card: S33 and S10's ways of charging them, declines, first rides, deny lists,
// loads that pay, and what is written off.
#include "ledger/rules/money/card_fares.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/card_world.h"

using namespace obverse;

namespace {

const Account visa = receivable_from(Scheme::visa, Currency::jpy);

// Oli has ridden for 240 + 290 + 190 = 720 on one day.
struct Ridden {
  CardWorld world = card_world();
  RiderId oli = world.add_rider(0);
  PaymentMethodId card = world.rides_on_card(oli);
  explicit Ridden(const CardTerms& terms) {
    CardTerms with_operator = terms;
    world.now = {1'750'032'000'000};  // 09:00 in Tokyo
    if (!with_operator.operators.empty()) with_operator.operators[0].transit = world.om;
    world.ask(PublishCardTerms{with_operator});
    for (const char* to : {"A3", "A5", "A1"}) world.ride(oli, "A0", to);
  }
  static CardTerms terms() { return test_terms({1}); }
  // The end of the fare day, 03:00, and four hours more.
  void end_day() { world.wait({1'750'111'200'000 - world.now.ms}); }
  std::int64_t debt() const { return world.debt(oli); }
  // A sale without network that the wallet does not cover.
  void owes_a_shop(std::int64_t minor) {
    world.ask(PublishTerminalLimits{});
    const Instant lost = world.now;
    world.now = world.now + minutes(30);
    world.ask(OpenOfflineBatch{world.till, 1, 1, lost, lost, {1}, world.now});
    UploadOffline sale{world.till, 1, world.face_of(oli, world.till), yen(minor),
                       lost + minutes(1)};
    sale.presence.face->at = sale.captured_at;
    world.ask(sale, Attempt{world.till, key_of(++world.keys)});
    BOOST_REQUIRE(world.state.enrolments.deny_listed.contains(oli));
  }
  bool is_denied() const { return world.state.enrolments.deny_listed.contains(oli); }
  Decision try_entry() { return world.enter(oli, "A0"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(card_fares)

BOOST_AUTO_TEST_CASE(fares_are_owed_at_once_and_asked_for_when_the_day_is_over) {
  Ridden r(Ridden::terms());
  BOOST_TEST(r.debt() == 720);
  BOOST_TEST(r.world.revenue() == 720);
  BOOST_TEST(r.world.state.cards.fares.tabs.size() == 1U);
  BOOST_TEST((next_due(r.world.state)->at == Instant{1'750'111'200'000}));
  r.end_day();
  const RailRequest& asked = r.world.request(r.world.asked());
  BOOST_TEST((asked.amount == yen(720)));
  BOOST_TEST((asked.method == r.card));
  BOOST_TEST(r.world.state.cards.fares.open.empty());
  const Decision paid = r.world.approve();
  BOOST_TEST(posts(paid, PostingReason::debt_recovered,
                   {{visa, Side::debit, 720}, {debt_of(r.oli, Currency::jpy), Side::credit, 720}}));
  BOOST_TEST(count<AggregationAuthorised>(paid.events) == 1U);
  BOOST_TEST(count<DebtRecovered>(paid.events) == 1U);
  BOOST_TEST(asks(paid, RailKind::capture) != nullptr);
  BOOST_TEST(r.debt() == 0);
  BOOST_TEST(r.world.state.cards.fares.tabs.empty());
  BOOST_TEST(r.world.state.cards.fares.by_rider.empty());
  BOOST_TEST(r.world.state.cards.fares.due.empty());
}

BOOST_AUTO_TEST_CASE(s33_declined_denied_recovered_on_the_third_day) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();  // no first-ride risk
  Ridden r(terms);
  r.end_day();
  const Decision declined = r.world.decline();
  BOOST_TEST(count<AggregationDeclined>(declined.events) == 1U);
  BOOST_TEST((*first<DenyListed>(declined.events) ==
              DenyListed{r.oli, DenyCause::declined_fares, r.card}));
  BOOST_TEST(posting(declined) == nullptr);
  BOOST_TEST((refusal_of(r.try_entry()) == Refusal::rider_must_not_be_deny_listed));
  r.world.wait(days(1));
  const Decision again = r.world.decline();
  BOOST_TEST(count<DenyListed>(again.events) == 0U);
  r.world.wait(days(1));
  const Decision paid = r.world.approve();
  BOOST_TEST(count<DenyListCleared>(paid.events) == 1U);
  BOOST_TEST(r.debt() == 0);
  BOOST_TEST(!refusal_of(r.try_entry()).has_value());
}

BOOST_AUTO_TEST_CASE(a_denied_person_gets_out_and_what_that_costs_is_owed_too) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();
  Ridden r(terms);
  r.world.now = {1'750'100'000'000};  // 03:53, on the next fare day
  r.try_entry();
  r.end_day();
  r.world.decline();
  BOOST_TEST(!refusal_of(r.world.leave(r.oli, "A3")).has_value());
  BOOST_TEST(r.debt() == 960);
  BOOST_TEST((refusal_of(r.try_entry()) == Refusal::rider_must_not_be_deny_listed));
  // The first day is paid; the second is declined meanwhile: still denied.
  r.world.wait(days(1));  // asks for both days
  const auto& open = r.world.state.cards.rails.open;
  BOOST_REQUIRE_EQUAL(open.size(), 2U);
  const RailRequestId one = open.begin()->first, other = std::next(open.begin())->first;
  r.world.decline(other);
  BOOST_TEST(count<DenyListCleared>(r.world.approve(one).events) == 0U);
  BOOST_TEST((refusal_of(r.try_entry()) == Refusal::rider_must_not_be_deny_listed));
}

BOOST_AUTO_TEST_CASE(a_first_ride_is_the_schemes_risk_up_to_its_threshold) {
  for (const std::int64_t threshold : {720, 719}) {
    CardTerms terms = Ridden::terms();
    terms.schemes = {{Scheme::visa, threshold}};
    Ridden r(terms);
    r.end_day();
    const Decision declined = r.world.decline();
    const bool at_risk = threshold >= 720;
    BOOST_TEST(count<FirstRideRiskIncurred>(declined.events) == (at_risk ? 1U : 0U));
    BOOST_TEST((asks(declined, RailKind::capture) != nullptr) == at_risk);
    BOOST_TEST(count<DenyListed>(declined.events) == (at_risk ? 0U : 1U));
    BOOST_TEST(r.debt() == (at_risk ? 0 : 720));
    BOOST_TEST(r.world.receivable() == (at_risk ? 720 : 0));
  }
}

BOOST_AUTO_TEST_CASE(a_second_ride_is_nobodys_risk_also_under_another_number) {
  CardTerms terms = Ridden::terms();
  terms.schemes = {{Scheme::visa, 10'000}};
  Ridden r(terms);
  r.end_day();
  r.world.decline();  // the first, taken by the scheme
  r.world.ask(UnlinkPaymentMethod{r.oli, r.card});
  r.world.rides_on_card(r.oli);  // the same token
  r.world.ride(r.oli, "A0", "A3");
  r.world.wait(days(1));
  BOOST_TEST(count<FirstRideRiskIncurred>(r.world.decline().events) == 0U);
  BOOST_TEST(r.debt() == 240);
}

BOOST_AUTO_TEST_CASE(a_declined_card_lets_nobody_else_in) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();
  Ridden r(terms);
  const RiderId friend_of_oli = r.world.add_rider(0);
  r.world.rides_on_card(friend_of_oli);  // the same card
  r.end_day();
  r.world.decline();
  BOOST_TEST(
      (refusal_of(r.world.enter(friend_of_oli, "A0")) == Refusal::rider_must_not_be_deny_listed));
  r.world.ask(ChooseFareTender{friend_of_oli, {}});
  r.world.ask(LoadFunds{friend_of_oli, yen(500), {}});
  BOOST_TEST(!refusal_of(r.world.enter(friend_of_oli, "A0")).has_value());
}

BOOST_AUTO_TEST_CASE(a_rail_that_cannot_be_reached_is_no_decline) {
  Ridden r(Ridden::terms());
  r.end_day();
  const Decision away = r.world.answer(r.world.asked(), RailOutcome::unavailable);
  BOOST_TEST(count<AggregationPostponed>(away.events) == 1U);
  BOOST_TEST(!r.world.state.cards.fares.denied.contains(r.oli));
  for (int day = 0; day < 6; ++day) r.world.wait(days(1));  // silent: each time it is reversed
  BOOST_TEST(!r.world.state.cards.fares.denied.contains(r.oli));
  const auto reversals = std::ranges::count_if(r.world.state.cards.rails.open, [](const auto& row) {
    return row.second.kind == RailKind::reverse;
  });
  BOOST_TEST(reversals > 0);
}

BOOST_AUTO_TEST_CASE(retries_end_and_the_debt_is_written_off_to_its_bearer) {
  struct Case {
    DebtBearer bearer;
    std::int64_t revenue, bad_debt;
  };
  for (const Case& c :
       {Case{DebtBearer::transit_operator, 0, 0}, Case{DebtBearer::programme, 720, 720}}) {
    CardTerms terms = Ridden::terms();
    terms.schemes.clear();
    terms.operators[0].bearer = c.bearer;
    Ridden r(terms);
    r.end_day();
    int asked = 0;
    for (int day = 0; day < 31; ++day) {
      if (r.world.state.cards.rails.open.contains(r.world.asked()) &&
          r.world.request(r.world.asked()).kind == RailKind::authorise) {
        ++asked;
        r.world.decline();
      }
      r.world.wait(days(1));
    }
    BOOST_TEST(asked == 4);  // once, and three times more
    BOOST_TEST(r.debt() == 0);
    BOOST_TEST(r.world.revenue() == c.revenue);
    BOOST_TEST(r.world.of({Chart::bad_debt, 0, Currency::jpy}) == c.bad_debt);
    BOOST_TEST(r.world.state.cards.fares.tabs.empty());
    // What was written off is forgiven by a person, not by time.
    BOOST_TEST((refusal_of(r.try_entry()) == Refusal::rider_must_not_be_deny_listed));
    BOOST_TEST(
        refuses(r.world.ask(ClearDenyList{r.world.till, r.oli}), Refusal::terminal_must_have_role));
    r.world.ask(ClearDenyList{r.world.desk, r.oli});
    BOOST_TEST(!refusal_of(r.try_entry()).has_value());
    BOOST_TEST(refuses(r.world.ask(ClearDenyList{r.world.desk, r.oli}),
                       Refusal::rider_must_be_deny_listed));
  }
}

BOOST_AUTO_TEST_CASE(a_load_pays_declined_fares_and_no_others) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();
  Ridden r(terms);
  // The card is going to be asked for these: they are not the wallet's.
  r.world.ask(LoadFunds{r.oli, yen(100), {}});
  BOOST_TEST(r.world.wallet(r.oli) == 100);
  r.end_day();
  r.world.ask(LoadFunds{r.oli, yen(100), {}});  // while the rail is asked
  BOOST_TEST(r.world.wallet(r.oli) == 200);
  r.world.decline();
  const Decision part = r.world.ask(LoadFunds{r.oli, yen(300), {}});
  BOOST_TEST((first<FareDebtRecovered>(part.events)->amount == yen(300)));
  BOOST_TEST(count<DenyListCleared>(part.events) == 0U);
  BOOST_TEST(r.debt() == 420);
  r.world.wait(days(1));
  BOOST_TEST((r.world.request(r.world.asked()).amount == yen(420)));
  r.world.decline();
  const Decision rest = r.world.ask(LoadFunds{r.oli, yen(500), {}});
  BOOST_TEST((std::get<Loaded>(rest.reply).balance == yen(280)));
  BOOST_TEST(count<DenyListCleared>(rest.events) == 1U);
  BOOST_TEST(r.debt() == 0);
  BOOST_TEST(r.world.wallet(r.oli) == 280);
  BOOST_TEST(r.world.state.cards.fares.tabs.empty());
}

BOOST_AUTO_TEST_CASE(older_debts_are_recovered_before_fares) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();
  Ridden r(terms);
  apply(r.world.state.book, Posted{PostingReason::fare_charged,
                                   {{debt_of(r.oli, Currency::jpy), Side::debit, 50},
                                    {payable_to(r.world.om, Currency::jpy), Side::credit, 50}}});
  r.end_day();
  r.world.decline();
  const Decision load = r.world.ask(LoadFunds{r.oli, yen(60), {}});
  BOOST_TEST((first<FareDebtRecovered>(load.events)->amount == yen(10)));
  BOOST_TEST(r.world.wallet(r.oli) == 0);
}

BOOST_AUTO_TEST_CASE(s10_what_is_posted_only_when_the_card_has_paid) {
  CardTerms terms = Ridden::terms();
  terms.operators[0].books = FareBooks::when_charged;
  Ridden r(terms);
  BOOST_TEST(r.debt() == 0);
  BOOST_TEST(r.world.revenue() == 0);
  r.end_day();
  const Decision paid = r.world.approve();
  BOOST_TEST(posts(
      paid, PostingReason::aggregation_charged,
      {{visa, Side::debit, 720}, {payable_to(r.world.om, Currency::jpy), Side::credit, 720}}));
  BOOST_TEST(count<AggregationCharged>(paid.events) == 1U);
  BOOST_TEST(count<DebtRecovered>(paid.events) == 0U);
}

BOOST_AUTO_TEST_CASE(what_nobody_was_owed_is_written_off_without_a_posting) {
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();
  terms.operators[0].books = FareBooks::when_charged;
  terms.retries_max = 0;
  Ridden r(terms);
  r.end_day();
  r.world.decline();
  const auto before = r.world.state.book;
  r.world.wait(days(31));
  BOOST_TEST(r.world.state.cards.fares.tabs.empty());
  BOOST_TEST((r.world.state.book == before));
}

// S10: a maximum fare is charged in addition, after those who missed an exit had time to say so.
BOOST_AUTO_TEST_CASE(a_maximum_fare_may_wait_for_a_claim) {
  CardTerms terms = Ridden::terms();
  terms.operators[0].books = FareBooks::when_charged;
  terms.operators[0].maximum_waits = days(4);
  Ridden r(terms);
  r.try_entry();
  r.end_day();  // the journey had no exit; the other fares are asked for
  BOOST_TEST((r.world.request(r.world.asked()).amount == yen(720)));
  r.world.approve();
  r.world.approve();
  r.world.wait(days(3));
  BOOST_TEST(r.world.state.cards.rails.open.empty());
  r.world.wait(hours(7));
  BOOST_TEST((r.world.request(r.world.asked()).amount == yen(390)));
  BOOST_TEST(posts(
      r.world.approve(), PostingReason::maximum_fare_charged,
      {{visa, Side::debit, 390}, {payable_to(r.world.om, Currency::jpy), Side::credit, 390}}));
}

BOOST_AUTO_TEST_CASE(a_tab_moves_only_when_it_is_due) {
  Ridden r(Ridden::terms());
  const AggregationId tab = r.world.state.cards.fares.tabs.begin()->first;
  BOOST_TEST(refuses(r.world.ask(AdvanceAggregation{tab}), Refusal::timer_must_be_due));
  BOOST_TEST(refuses(r.world.ask(AdvanceAggregation{{999}}), Refusal::timer_must_be_due));
  r.end_day();
  BOOST_TEST(refuses(r.world.ask(AdvanceAggregation{tab}), Refusal::timer_must_be_due));
}

// Fares that the card will be asked for keep nobody on the deny-list of debts, and a card that pays
// them takes nobody off it.
BOOST_AUTO_TEST_CASE(a_shop_s_debt_is_paid_whatever_waits_for_the_card) {
  Ridden r(Ridden::terms());
  r.owes_a_shop(400);
  BOOST_TEST(r.debt() == 1'120);
  const Decision paid = r.world.ask(LoadFunds{r.oli, yen(400), {}});
  BOOST_TEST((r.debt() == 720 && !r.is_denied()));
  BOOST_TEST(
      (*first<DenyListCleared>(paid.events) == DenyListCleared{r.oli, DenyCause::offline_debt}));
  Ridden half(Ridden::terms());
  half.owes_a_shop(400);
  half.world.ask(LoadFunds{half.oli, yen(300), {}});
  BOOST_TEST(half.is_denied());
  half.end_day();
  half.world.approve();
  BOOST_TEST((half.debt() == 100 && half.is_denied()));
  half.world.ask(LoadFunds{half.oli, yen(100), {}});
  BOOST_TEST((half.debt() == 0 && !half.is_denied()));
  CardTerms terms = Ridden::terms();
  terms.schemes.clear();  // no first-ride risk
  Ridden both(terms);     // one load pays the shop, and a part of what the card declined
  both.owes_a_shop(400);
  both.end_day();
  both.world.decline();
  const Decision load = both.world.ask(LoadFunds{both.oli, yen(500), {}});
  BOOST_TEST(count<FareDebtRecovered>(load.events) == 1U);
  BOOST_TEST((both.debt() == 620 && !both.is_denied()));
  Ridden as_much(Ridden::terms());  // owed to the shop as on the tab
  as_much.owes_a_shop(720);
  as_much.end_day();
  as_much.world.approve();
  BOOST_TEST((as_much.debt() == 720 && as_much.is_denied()));
}

BOOST_AUTO_TEST_SUITE_END()
