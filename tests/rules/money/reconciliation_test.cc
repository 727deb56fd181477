// Statements: whole or not at all, once, and every yen of them in the books.
#include "ledger/rules/money/reconciliation.h"

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

const std::int64_t tuesday = day_of({2025, 6, 17});
const Account bank = bank_account({}, Currency::jpy);
const Account suspense{Chart::suspense, 0, Currency::jpy};
const Account charge{Chart::bank_charge, 0, Currency::jpy};

// One payout of 9,456 to M1 in a file of Tuesday 17 June, nothing imported yet.
SettlementWorld banking_world() {
  SettlementWorld world = trading_world();
  world.pay_out_to(world.m1, account_at(9901, "マツモトショウテン"));
  world.sell(world.m1, 10'000);
  world.wait_until(at_time({2025, 6, 17}, 9));
  world.send("F1", tuesday);
  return world;
}

StatementEntry paid_out() { return {-9'456, tuesday, {"SB20250615-M1"}, {}}; }
StatementEntry unknown(std::int64_t minor) { return {minor, tuesday, {}, {}}; }

std::int64_t posted_to_bank(const SettlementWorld& world) { return world.at(bank) - 10'000'000; }

}  // namespace

BOOST_AUTO_TEST_SUITE(reconciliation)

BOOST_AUTO_TEST_CASE(a_payout_is_confirmed_and_its_window_settled) {
  SettlementWorld world = banking_world();
  const Decision imported = world.ask(world.statement(1, 1'000'000, {paid_out()}));
  BOOST_TEST(imported.events.size() == 1U);
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(posted_to_bank(world) == -9'456);
  BOOST_TEST(world.at(in_transit_to(party_of(world.m1), Currency::jpy)) == 0);
  BOOST_TEST(count<PayoutConfirmed>(world.history) == 1U);
  BOOST_TEST(count<SettlementWindowSettled>(world.history) == 1U);
  BOOST_TEST(world.settlement().reconciliation.posting.empty());
}

// Invariant 36.
BOOST_AUTO_TEST_CASE(the_same_statement_again_changes_nothing) {
  SettlementWorld world = banking_world();
  const ImportStatement statement = world.statement(1, 1'000'000, {paid_out(), unknown(-330)});
  const Decision once = world.ask(statement);
  for (const Duration later : {Duration{0}, seconds(1), days(1)}) {
    world.wait_until(world.now + later);
    const State before = world.state;
    const Decision again = world.ask(statement);
    BOOST_TEST((again.reply == once.reply));
    BOOST_TEST(again.events.empty());
    BOOST_TEST((world.state == before));
  }
  ImportStatement second_part = world.statement(1, 990'214, {unknown(5)});
  second_part.part = 1;
  BOOST_TEST(!refusal_of(world.ask(second_part)));
}

BOOST_AUTO_TEST_CASE(what_does_not_add_up_is_refused_whole) {
  SettlementWorld world = banking_world();
  const auto refused = [&](auto change, Refusal why) {
    ImportStatement statement = world.statement(1, 1'000'000, {paid_out(), unknown(-330)});
    change(statement);
    return refuses(world.ask(statement), why);
  };
  using Statement = ImportStatement;
  const Refusal no = Refusal::statement_must_add_up;
  BOOST_TEST(refused([](Statement& s) { s.closing.minor += 1; }, no));
  BOOST_TEST(refused([](Statement& s) { s.entries.pop_back(); }, no));
  BOOST_TEST(refused([](Statement& s) { s.entries.push_back(unknown(0)); }, no));
  BOOST_TEST(refused(
      [](Statement& s) {
        s.opening.minor = s.closing.minor = std::numeric_limits<std::int64_t>::min();
      },
      no));
  BOOST_TEST(refused([](Statement& s) { s.entries[0].reference = {"a\nb"}; }, no));
  BOOST_TEST(refused([](Statement& s) { s.closing.currency = Currency::gbp; },
                     Refusal::currency_must_match));
  BOOST_TEST(
      refused([](Statement& s) { s.entries.assign(2'001, unknown(1)); }, Refusal::list_must_fit));
  BOOST_TEST(refused([&](Statement& s) { s.by = world.desk; }, Refusal::terminal_must_have_role));
  BOOST_TEST(posted_to_bank(world) == 0);
  BOOST_TEST(world.settlement().reconciliation.imported.empty());
}

BOOST_AUTO_TEST_CASE(statements_follow_one_another) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {unknown(100)}));
  BOOST_TEST(refuses(world.ask(world.statement(2, 1'000'000, {unknown(5)})),
                     Refusal::statement_must_follow_the_last));
  BOOST_TEST(!refusal_of(world.ask(world.statement(2, 1'000'100, {unknown(5)}))));
  ImportStatement other = world.statement(3, 7, {unknown(1)});
  other.bank = {1};
  BOOST_TEST(!refusal_of(world.ask(other)));  // of another account
  // An empty day is a statement too.
  BOOST_TEST(!refusal_of(world.ask(world.statement(4, 1'000'105, {}))));
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(posted_to_bank(world) == 105);
  BOOST_TEST(world.settlement().reconciliation.posting.empty());
}

BOOST_AUTO_TEST_CASE(what_nobody_can_explain_waits_in_suspense) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {unknown(-330), unknown(1'234)}));
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(world.at(suspense) == 330 - 1'234);
  BOOST_TEST(posted_to_bank(world) == 1'234 - 330);
  const auto& breaks = world.settlement().reconciliation.breaks;
  BOOST_REQUIRE(breaks.size() == 2U);
  const StatementLine line = breaks.begin()->first;
  BOOST_TEST((breaks.begin()->second.amount == yen(-330)));
  const auto resolve = [&](TerminalId by, const Account& against) {
    return world.ask(ResolveBreak{by, line, {}, against});
  };
  for (const TerminalId other : {world.till, world.enrolment})
    BOOST_TEST(refuses(resolve(other, charge), Refusal::terminal_must_have_role));
  for (const Account& wrong :
       {bank, wallet_of(world.many, Currency::jpy), payable_to(MerchantId{99}, Currency::jpy),
        Account{Chart::bank_charge, 0, Currency::gbp}, Account{Chart::equity, 0, Currency::jpy}})
    BOOST_TEST(refuses(resolve(world.desk, wrong), Refusal::account_must_fit));
  BOOST_TEST(!refusal_of(resolve(world.desk, charge)));
  BOOST_TEST(world.at(charge) == 330);
  BOOST_TEST(world.at(suspense) == -1'234);
  BOOST_TEST(refuses(resolve(world.desk, charge), Refusal::break_must_be_open));
}

BOOST_AUTO_TEST_CASE(a_returned_payout_is_owed_again) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {paid_out()}));
  world.wait_until(world.now + days(1));
  world.ask(world.statement(2, 990'544, {{9'456, tuesday + 1, {}, {"ﾏﾂﾓﾄｼﾖｳﾃﾝ"}}}));
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(posted_to_bank(world) == 0);
  BOOST_TEST(world.owed_to(world.m1) == 9'456);
  BOOST_TEST(world.at(in_transit_to(party_of(world.m1), Currency::jpy)) == 0);
  // The same amount again is somebody else's.
  world.ask(world.statement(3, 1'000'000, {{9'456, tuesday + 1, {"SB20250615-M1"}, {}}}));
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(world.at(suspense) == -9'456);
}

BOOST_AUTO_TEST_CASE(out_and_back_within_one_statement) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {paid_out(), {9'456, tuesday, {"SB20250615-M1"}, {}}}));
  world.wait_until(world.now + seconds(1));
  BOOST_TEST(posted_to_bank(world) == 0);
  BOOST_TEST(world.owed_to(world.m1) == 9'456);
  BOOST_TEST(count<SettlementWindowSettled>(world.history) == 1U);
  const auto& payouts = world.settlement().payouts;
  BOOST_TEST((payouts.all.begin()->second.state == PayoutState::returned));
  BOOST_TEST(payouts.in_file.empty());
  BOOST_TEST(payouts.confirmed.empty());
}

BOOST_AUTO_TEST_CASE(a_person_may_recognise_a_payout) {
  SettlementWorld world = banking_world();
  const PayoutId id = world.settlement().payouts.all.begin()->first;
  world.ask(world.statement(1, 1'000'000, {{-9'456, tuesday + 3, {"TYPO"}, {}}, unknown(9'456)}));
  world.wait_until(world.now + seconds(1));
  const auto lines = world.settlement().reconciliation.breaks;
  BOOST_REQUIRE(lines.size() == 2U);
  const StatementLine gone = lines.begin()->first;
  const StatementLine back = lines.rbegin()->first;
  const auto resolve = [&](const StatementLine& line, PayoutId payout) {
    return world.ask(ResolveBreak{world.processor, line, payout, {}});
  };
  BOOST_TEST(refuses(resolve(gone, {99'999}), Refusal::payout_must_be_known));
  BOOST_TEST(refuses(resolve(back, id), Refusal::payout_must_be_under_way));  // not gone yet
  BOOST_TEST(!refusal_of(resolve(gone, id)));
  BOOST_TEST(world.at(in_transit_to(party_of(world.m1), Currency::jpy)) == 0);
  BOOST_TEST(!refusal_of(resolve(back, id)));
  BOOST_TEST(world.owed_to(world.m1) == 9'456);
  BOOST_TEST(world.at(suspense) == 0);
}

BOOST_AUTO_TEST_CASE(one_entry_a_decision_and_none_before_its_time) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {unknown(1), unknown(2), unknown(4)}));
  const StatementId id{world.state.position.value};
  const Instant imported = world.now;
  world.wait_until(imported);
  BOOST_TEST(posted_to_bank(world) == 1);
  BOOST_TEST(refuses(world.ask(PostStatementEntry{id}), Refusal::timer_must_be_due));
  BOOST_TEST(refuses(world.ask(PostStatementEntry{{99'999}}), Refusal::timer_must_be_due));
  world.wait_until(imported + milliseconds(20));
  BOOST_TEST(posted_to_bank(world) == 7);
}

// A statement's words may name people. None is kept.
BOOST_AUTO_TEST_CASE(no_word_of_a_statement_is_remembered) {
  SettlementWorld world = banking_world();
  world.ask(world.statement(1, 1'000'000, {{55, tuesday, {"ﾀﾅｶ ﾊﾅｺ"}, {"ﾀﾅｶ ﾊﾅｺ"}}}));
  world.wait_until(world.now + seconds(1));
  const auto* imported = first<StatementImported>(world.history);
  BOOST_REQUIRE(imported != nullptr);
  BOOST_TEST((imported->entries.front() == ImportedEntry{55, tuesday, {}, MatchKey::none}));
}

BOOST_AUTO_TEST_SUITE_END()
