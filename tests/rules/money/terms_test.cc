// Published calendars and fees, and bank accounts.
#include "ledger/rules/money/terms.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(terms)

BOOST_AUTO_TEST_CASE(calendars_follow_one_another) {
  SettlementWorld world = settlement_world();
  SettlementCalendar later = halves_of_months();
  BOOST_TEST(
      refuses(world.ask(PublishSettlementCalendar{}), Refusal::settlement_terms_must_be_valid));
  BOOST_TEST(world.add(PublishSettlementCalendar{later}) == 1U);
  BOOST_TEST(refuses(world.ask(PublishSettlementCalendar{later}),
                     Refusal::settlement_terms_must_follow_the_last));
  later.effective_from = later.effective_from + days(30);
  BOOST_TEST(world.add(PublishSettlementCalendar{later}) == 2U);
  const Terms& known = world.settlement().terms;
  BOOST_TEST(calendar_at(known, {later.effective_from.ms - 1}).value == 1U);
  BOOST_TEST(calendar_at(known, later.effective_from).value == 2U);
  BOOST_TEST(calendar_at(known, {0}).value == 0U);
}

BOOST_AUTO_TEST_CASE(days_need_a_policy) {
  SettlementWorld world;
  BOOST_TEST(refuses(world.ask(PublishSettlementCalendar{halves_of_months()}),
                     Refusal::policy_must_be_published));
}

BOOST_AUTO_TEST_CASE(a_merchants_own_fees_come_before_those_of_all) {
  SettlementWorld world = settlement_world();
  FeeSchedule own = usual_fees(party_of(world.m1));
  own.effective_from = world.now;
  BOOST_TEST(world.add(PublishFeeSchedule{usual_fees()}) == 1U);
  BOOST_TEST(world.add(PublishFeeSchedule{own}) == 2U);
  const Terms& known = world.settlement().terms;
  const auto at = [&](const Party& payee, Instant when) {
    return schedule_at(known, payee, Currency::jpy, when).value;
  };
  BOOST_TEST(at(party_of(world.m1), world.now) == 2U);
  BOOST_TEST(at(party_of(world.m1), {world.now.ms - 1}) == 1U);
  BOOST_TEST(at(party_of(world.m2), world.now) == 1U);
  BOOST_TEST(at(party_of(world.om), world.now) == 0U);  // operators have what they agreed to
  BOOST_TEST(schedule_at(known, party_of(world.m1), Currency::gbp, world.now).value == 0U);
  BOOST_TEST(
      refuses(world.ask(PublishFeeSchedule{own}), Refusal::settlement_terms_must_follow_the_last));
  own.payee = party_of(MerchantId{99});
  BOOST_TEST(refuses(world.ask(PublishFeeSchedule{own}), Refusal::merchant_must_be_registered));
  own.payee = {Party::Kind::everyone, 5};
  BOOST_TEST(refuses(world.ask(PublishFeeSchedule{own}), Refusal::merchant_must_be_registered));
  BOOST_TEST(refuses(world.ask(PublishFeeSchedule{}), Refusal::settlement_terms_must_be_valid));
}

BOOST_AUTO_TEST_CASE(a_scheme_may_have_a_row_of_its_own) {
  FeeSchedule schedule = usual_fees();
  schedule.tenders.push_back({{TenderKind::scheme, 4}, 290, 100});
  BOOST_TEST(is_valid(schedule));
  BOOST_TEST(fee_of(schedule, {TenderKind::scheme, 4}).discount == 290U);
  BOOST_TEST(fee_of(schedule, {TenderKind::scheme, 5}).discount == 270U);
  BOOST_TEST(fee_of(schedule, {TenderKind::scheme, 5}).reserve == 500U);
  BOOST_TEST(fee_of(schedule, {TenderKind::wallet, 0}).discount == 324U);
  BOOST_TEST(fee_of(schedule, {TenderKind::other, 0}).discount == 0U);
}

BOOST_AUTO_TEST_CASE(a_changed_payout_account_cools_off) {
  SettlementWorld world = settlement_world();
  world.ask(PublishSettlementCalendar{halves_of_months()});
  const Party shop = party_of(world.m1);
  const auto set = [&](std::uint32_t bank) {
    return PayoutAccountId{
        world.add(SetPayoutAccount{world.desk, shop, account_at(bank, "カ)エム")})};
  };
  const auto used = [&](Instant when) {
    return payout_account(world.settlement().terms, shop, when);
  };
  BOOST_TEST(!used(world.now).has_value());
  const PayoutAccountId first = set(1);
  BOOST_TEST((used(world.now) == first));  // nobody can be robbed by the first
  const Instant changed = world.now;
  const PayoutAccountId second = set(2);
  BOOST_TEST((used({(changed + days(7)).ms - 1}) == first));
  BOOST_TEST((used(changed + days(7)) == second));
  // Changed back while it still cools off: the second is never used.
  world.now = changed + days(6);
  const PayoutAccountId third = set(3);
  BOOST_TEST((used(changed + days(7)) == first));
  BOOST_TEST((used(changed + days(13)) == third));
  // And once it is in use, it is what the next one follows.
  world.now = changed + days(20);
  const PayoutAccountId fourth = set(4);
  BOOST_TEST((used(world.now) == third));
  BOOST_TEST((used(world.now + days(7)) == fourth));
}

// Both ways: who has payouts made may not say where they go, and the desk does not pay.
BOOST_AUTO_TEST_CASE(only_the_desk_sets_accounts) {
  SettlementWorld world = settlement_world();
  const Party shop = party_of(world.m1);
  for (const TerminalId other : {world.processor, world.till, world.enrolment}) {
    BOOST_TEST(refuses(world.ask(SetPayoutAccount{other, shop, account_at(1, "カ")}),
                       Refusal::terminal_must_have_role));
    BOOST_TEST(refuses(world.ask(SetOwnAccount{other, {}, account_of_ours()}),
                       Refusal::terminal_must_have_role));
  }
  BOOST_TEST(!refusal_of(world.ask(SetPayoutAccount{world.desk, shop, account_at(1, "カ")})));
  BOOST_TEST(!refusal_of(world.ask(SetOwnAccount{world.desk, {}, account_of_ours()})));
  BOOST_TEST(refuses(world.ask(SetPayoutAccount{world.desk, shop, account_at(0, "カ")}),
                     Refusal::bank_account_must_be_valid));
  BOOST_TEST(
      refuses(world.ask(SetOwnAccount{world.desk, {}, {}}), Refusal::bank_account_must_be_valid));
  BOOST_TEST(refuses(world.ask(SetPayoutAccount{world.desk, {}, account_at(1, "カ")}),
                     Refusal::merchant_must_be_registered));
  world.ask(RevokeTerminal{world.desk});
  BOOST_TEST(refuses(world.ask(SetPayoutAccount{world.desk, shop, account_at(1, "カ")}),
                     Refusal::terminal_must_not_be_revoked));
}

BOOST_AUTO_TEST_CASE(roles_of_settlement) {
  SettlementWorld world = settlement_world();
  const Parties& parties = world.state.parties;
  BOOST_TEST(must_be_processor(parties, world.processor).has_value());
  BOOST_TEST(!must_be_processor(parties, world.desk).has_value());
  BOOST_TEST(must_be_processor_or_desk(parties, world.processor).has_value());
  BOOST_TEST(must_be_processor_or_desk(parties, world.desk).has_value());
  for (const TerminalId other : {world.till, world.enrolment, TerminalId{99}})
    BOOST_TEST(!must_be_processor_or_desk(parties, other).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
