// What base dates ask for, and what is on deposit.
#include "ledger/rules/money/safeguarding.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

SafeguardingTerms terms() {
  SafeguardingTerms out;
  out.base_days = {{3, 31}, {9, 30}};
  return out;
}
const Account deposit{Chart::safeguard, 0, Currency::jpy};

// S34's books: 24,600,000 paid and 1,400,000 free value, 10,000,000 on deposit.
SettlementWorld prepaid_world() {
  SettlementWorld world = settlement_world();
  world.ask(
      OpenBooks{world.desk,
                {{bank_account({}, Currency::jpy), Side::debit, 26'000'000},
                 {deposit, Side::debit, 10'000'000},
                 {wallet_of(world.many, Currency::jpy), Side::credit, 24'600'000},
                 {{Chart::wallet_bonus, world.many.value, Currency::jpy}, Side::credit, 1'400'000},
                 {{Chart::equity, 0, Currency::jpy}, Side::credit, 10'000'000}}});
  world.ask(PublishSafeguardingTerms{terms()});
  return world;
}
SafeguardingRequirementComputed computed(const SettlementWorld& world) {
  SafeguardingRequirementComputed found;
  for (const Event& event : world.history)
    if (const auto* fact = std::get_if<SafeguardingRequirementComputed>(&event)) found = *fact;
  return found;
}
Decision adjust(SettlementWorld& world, std::int64_t minor, TerminalId by) {
  return world.ask(AdjustSafeguardingDeposit{by, 0, {}, yen(minor)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(safeguarding)

// Invariant 40.
BOOST_AUTO_TEST_CASE(half_is_asked_for_above_the_threshold_rounded_up) {
  BOOST_TEST(requirement(terms(), 24'600'000) == 12'300'000);
  BOOST_TEST(requirement(terms(), 10'000'000) == 0);
  BOOST_TEST(requirement(terms(), 10'000'001) == 5'000'001);
  BOOST_TEST(requirement(terms(), 0) == 0);
}

BOOST_AUTO_TEST_CASE(base_dates_end_at_local_midnight) {
  const auto next = [](const Date& date, std::int64_t hour) {
    const BaseDate base = base_date_after(terms(), at_time(date, hour), tokyo);
    BOOST_TEST((base.ends == start_of(base.day + 1, tokyo)));
    return date_of(base.day);
  };
  BOOST_TEST((next({2025, 6, 2}, 9) == Date{2025, 9, 30}));
  BOOST_TEST((next({2025, 9, 30}, 23) == Date{2025, 9, 30}));
  BOOST_TEST((next({2025, 10, 1}, 0) == Date{2026, 3, 31}));
  BOOST_TEST((next({2025, 12, 31}, 23) == Date{2026, 3, 31}));
}

BOOST_AUTO_TEST_CASE(a_base_date_asks_for_what_is_unused_then) {
  SettlementWorld world = prepaid_world();
  const Instant end = start_of(day_of({2025, 10, 1}), tokyo);
  world.wait_until({end.ms - 1});
  BOOST_TEST(count<SafeguardingRequirementComputed>(world.history) == 0U);
  BOOST_TEST(refuses(world.ask(AssessSafeguarding{}), Refusal::timer_must_be_due));
  world.wait_until(end);
  BOOST_TEST((date_of(computed(world).base.day) == Date{2025, 9, 30}));
  BOOST_TEST((computed(world).unused == yen(24'600'000)));
  BOOST_TEST((computed(world).required == yen(12'300'000)));
  BOOST_TEST((computed(world).deposited == yen(10'000'000)));
  // Spent since, and the next base date.
  world.sell(world.m1, 14'600'000);
  world.wait_until(start_of(day_of({2026, 4, 1}), tokyo));
  BOOST_TEST((computed(world).unused == yen(10'000'000)));
  BOOST_TEST((computed(world).required == yen(0)));
  BOOST_TEST(count<SafeguardingRequirementComputed>(world.history) == 2U);
}

BOOST_AUTO_TEST_CASE(the_deposit_is_adjusted_and_never_below_what_is_asked) {
  SettlementWorld world = prepaid_world();
  world.wait_until(at_time({2025, 10, 1}, 9));
  BOOST_TEST(refuses(adjust(world, -1, world.desk), Refusal::safeguarding_must_cover));
  BOOST_TEST(!refusal_of(adjust(world, 2'300'000, world.desk)));
  BOOST_TEST(world.at(deposit) == 12'300'000);
  BOOST_TEST(world.at(bank_account({}, Currency::jpy)) == 23'700'000);
  BOOST_TEST(refuses(adjust(world, -1, world.desk), Refusal::safeguarding_must_cover));
  world.sell(world.m1, 14'600'000);
  world.wait_until(at_time({2026, 4, 1}, 9));
  BOOST_TEST(!refusal_of(adjust(world, -12'300'000, world.processor)));
  BOOST_TEST(world.at(deposit) == 0);
  BOOST_TEST(refuses(adjust(world, -1, world.desk), Refusal::safeguarding_must_cover));
  BOOST_TEST(refuses(adjust(world, 0, world.desk), Refusal::amount_must_fit));
  for (const TerminalId other : {world.till, world.enrolment})
    BOOST_TEST(refuses(adjust(world, 1, other), Refusal::terminal_must_have_role));
}

BOOST_AUTO_TEST_CASE(only_paid_value_counts_as_it_moves) {
  SettlementWorld world = prepaid_world();
  const auto unused = [&] { return world.settlement().safeguarding.unused.at(Currency::jpy); };
  BOOST_TEST(unused() == 24'600'000);
  world.ask(LoadFunds{world.many, yen(400), {}});
  const Decision sale = world.sell(world.m1, 1'000);
  world.refund(sale, world.m1, 300);
  BOOST_TEST(unused() == world.at(wallet_of(world.many, Currency::jpy)));
  BOOST_TEST(unused() == 24'599'700);
}

BOOST_AUTO_TEST_CASE(terms_must_hold_together) {
  SettlementWorld world = settlement_world();
  BOOST_TEST(
      refuses(world.ask(PublishSafeguardingTerms{}), Refusal::settlement_terms_must_be_valid));
  SettlementWorld empty;
  BOOST_TEST(
      refuses(empty.ask(PublishSafeguardingTerms{terms()}), Refusal::policy_must_be_published));
  BOOST_TEST(refuses(empty.ask(AssessSafeguarding{}), Refusal::timer_must_be_due));
  BOOST_TEST(world.add(PublishSafeguardingTerms{terms()}) == 1U);
  BOOST_TEST(world.add(PublishSafeguardingTerms{terms()}) == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
