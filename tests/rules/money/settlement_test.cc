// The sum of settlement: one timer after the other, and the invariants 32 to 36 over generated
// months.
#include "ledger/rules/money/settlement.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

// A month and a half in which anything is sold, refunded, paid out and said by the bank.
class Months {
 public:
  Months() {
    world.pay_out_to(world.m1, account_at(9901, "マツモトショウテン"));
    world.pay_out_to(world.m2, account_at(9902, "カ)タコヤキドウ"));
  }

  // what, how much, how long until the next
  using Act = std::array<std::uint16_t, 3>;
  void live(const std::vector<Act>& acts) {
    for (const auto& [what, amount, pause] : acts) {
      act(what, amount);
      world.wait_until(world.now + minutes(pause % 1'000));
    }
    world.wait_until(at_time({2025, 12, 16}, 12));
  }

  SettlementWorld world = trading_world();
  std::int64_t bank_says = 0;  // its balance, less what it was at the beginning

 private:
  void act(std::uint16_t what, std::uint16_t amount) {
    const MerchantId merchant{amount % 3U + 1U};
    switch (what % 8) {
      case 0:
      case 1:
        sales_.push_back({world.sell(merchant, amount + 1), merchant});
        break;
      case 2:
        world.sell_by_card(merchant, amount + 1);
        card_sales += amount + 1;
        break;
      case 3:
        if (!sales_.empty()) {
          const auto& [sale, of] = sales_[amount % sales_.size()];
          world.refund(sale, of, amount % 500 + 1);
        }
        break;
      case 4:
        send();
        break;
      case 5:
        bank_pays(amount);
        break;
      case 6:
        bank_returns(amount);
        break;
      default:
        world.ask(CloseSettlementWindow{world.processor, *world.settlement().windows.open});
    }
  }
  void send() {
    for (std::int64_t day = day_number(world.now, tokyo, {});; ++day) {
      if (!is_business_day(day, {})) continue;
      world.send("F" + std::to_string(world.state.position.value), day);
      return;
    }
  }
  void say(const StatementEntry& entry) {
    ImportStatement statement = world.statement(1, bank_says, {entry});
    statement.digest.bytes[1] = static_cast<std::uint8_t>(++statements_);
    statement.digest.bytes[2] = static_cast<std::uint8_t>(statements_ >> 8);
    if (!refusal_of(world.ask(statement))) bank_says += entry.minor;
  }
  void bank_pays(std::uint16_t which) {
    const auto& in_file = world.settlement().payouts.in_file;
    if (in_file.empty()) return say({-330, 20'000, {}, {}});
    auto at = in_file.begin();
    std::advance(at, which % in_file.size());
    say({-at->minor, 20'000, find(world.settlement().payouts, at->payout)->reference, {}});
  }
  void bank_returns(std::uint16_t which) {
    const auto& gone = world.settlement().payouts.confirmed;
    if (gone.empty()) return say({which + 1, 20'000, {}, {}});
    auto at = gone.begin();
    std::advance(at, which % gone.size());
    say({at->minor, 20'000, find(world.settlement().payouts, at->payout)->reference, {}});
  }

  std::vector<std::pair<Decision, MerchantId>> sales_;
  std::size_t statements_ = 0;

 public:
  std::int64_t card_sales = 0;  // not in the book: their posting is made by hand
};

// What the events alone say of every payee.
struct Seen {
  std::map<Payee, std::int64_t> batches;  // what their batches took off the payable, less carried
  std::map<Payee, std::int64_t> takings;  // what their lines say came in
  std::map<Payee, std::int64_t> transit;  // instructed, less ended
  std::map<PayoutId, int> ends;
};

Seen seen_in(const SettlementWorld& world) {
  Seen seen;
  std::map<PayoutId, PayoutInstructed> payouts;
  const auto end = [&](PayoutId id) {
    const PayoutInstructed& payout = payouts.at(id);
    seen.transit[{payout.payee, payout.amount.currency}] -= payout.amount.minor;
    ++seen.ends[id];
  };
  for (const Event& event : world.history) {
    if (const auto* b = std::get_if<SettlementBatchFormed>(&event)) {
      std::int64_t in = b->adjusted + b->released + b->carried_in;
      std::int64_t out = b->recovered + b->payout_fee + b->payout_tax + b->paid + b->carried_out;
      for (const BatchLine& line : b->lines) {
        in += line.sales - line.refunds;
        out += line.fee + line.reserve;
        seen.takings[{b->payee, b->currency}] += line.sales - line.refunds;
      }
      RC_ASSERT(in == out);  // 33
      if (b->carried_out > 0) RC_ASSERT(b->paid == 0);
    }
    if (const auto* payout = std::get_if<PayoutInstructed>(&event)) {
      payouts[payout->payout] = *payout;
      seen.transit[{payout->payee, payout->amount.currency}] += payout->amount.minor;
      RC_ASSERT(is_business_day(payout->due_day, {}));  // 38
    }
    if (const auto* confirmed = std::get_if<PayoutConfirmed>(&event)) end(confirmed->payout);
    if (const auto* rejected = std::get_if<PayoutRejected>(&event)) end(rejected->payout);
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settlement)

BOOST_AUTO_TEST_CASE(timers_come_in_the_order_of_their_time) {
  SettlementWorld world = settlement_world();
  BOOST_TEST(!next_due(world.settlement()).has_value());
  world.ask(PublishSettlementCalendar{halves_of_months()});
  BOOST_TEST(std::holds_alternative<OpenSettlementWindow>(next_due(world.settlement())->command));
  world.wait_until(world.now);
  SafeguardingTerms terms;
  terms.base_days = {{6, 10}};
  world.ask(PublishSafeguardingTerms{terms});
  BOOST_TEST(std::holds_alternative<AssessSafeguarding>(next_due(world.settlement())->command));
  world.wait_until(at_time({2025, 6, 12}, 0));
  BOOST_TEST((next_due(world.settlement())->at == start_of(june_15 + 1, tokyo)));
  world.ask(LoadFunds{world.many, yen(5'000), {}});
  world.sell(world.m1, 100);
  world.wait_until(start_of(june_15 + 1, tokyo));
  BOOST_TEST(std::holds_alternative<CloseSettlementWindow>(next_due(world.settlement())->command));
  world.now = next_due(world.settlement())->at;
  world.ask(next_due(world.settlement())->command);
  BOOST_TEST(std::holds_alternative<FormSettlementBatch>(next_due(world.settlement())->command));
}

// Nothing of settlement runs where nothing was published.
BOOST_AUTO_TEST_CASE(without_a_calendar_there_are_no_timers) {
  SettlementWorld world = settlement_world();
  world.ask(LoadFunds{world.many, yen(5'000), {}});
  world.sell(world.m1, 100);
  BOOST_TEST(!next_due(world.settlement()).has_value());
}

BOOST_AUTO_TEST_CASE(invariants_32_33_35_36_and_38_over_generated_months) {
  BOOST_TEST(rc::check("settlement adds up", [](const std::vector<Months::Act>& acts) {
    Months months;
    months.live(acts);
    const SettlementWorld& world = months.world;
    const Seen seen = seen_in(world);
    for (const auto& [id, times] : seen.ends) RC_ASSERT(times == 1);  // 35
    for (const auto& [payee, minor] : seen.transit)
      RC_ASSERT(world.at(in_transit_to(payee.party, payee.currency)) == minor);  // 35
    // 36: what the bank says is what the book of it says.
    RC_ASSERT(world.at(bank_account({}, Currency::jpy)) == 10'000'000 + months.bank_says);
    RC_ASSERT(world.settlement().reconciliation.posting.empty());
    // 32: each item in one window; when all are closed, all that was sold is in a batch.
    std::int64_t sold = 0;
    for (const auto& [id, purchase] : world.state.payments.purchases)
      sold += purchase.captured - purchase.refunded;
    std::int64_t batched = 0;
    for (const auto& [payee, minor] : seen.takings) batched += minor;
    for (const auto& [payee, takings] : world.open().lines.takings)
      for (const auto& [tender, trade] : takings.trades) batched += trade.sales - trade.refunds;
    RC_ASSERT(batched == sold + months.card_sales);
    // What is left on a payable is what is carried, and what the open window has.
    for (const MerchantId merchant : {world.m1, world.m2, world.m3}) {
      const Payee payee{party_of(merchant), Currency::jpy};
      const auto& carried = world.settlement().batches.carried;
      const auto left = carried.find(payee);
      std::int64_t expected = left == carried.end() ? 0 : left->second;
      const auto& open = world.open().lines.takings;
      if (const auto takings = open.find(payee); takings != open.end()) {
        expected += takings->second.adjusted + takings->second.released;
        for (const auto& [tender, trade] : takings->second.trades)
          expected += trade.sales - trade.refunds;
      }
      std::int64_t by_card = 0;  // these stand in no book
      for (const Event& event : world.history)
        if (const auto* batch = std::get_if<SettlementBatchFormed>(&event))
          if (batch->payee == payee.party)
            for (const BatchLine& line : batch->lines)
              if (line.tender.kind == TenderKind::scheme) by_card += line.sales;
      if (const auto takings = open.find(payee); takings != open.end())
        for (const auto& [tender, trade] : takings->second.trades)
          if (tender.kind == TenderKind::scheme) by_card += trade.sales;
      RC_ASSERT(world.owed_to(merchant) + by_card == expected);
    }
  }));
}

// Not a law, but without it the laws could hold because nothing happens.
BOOST_AUTO_TEST_CASE(generated_months_are_full_of_life) {
  Events all;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    rc::Random random(seed);
    const auto acts = rc::gen::container<std::vector<Months::Act>>(
        80, rc::gen::container<Months::Act>(rc::gen::arbitrary<std::uint16_t>()));
    Months months;
    months.live(acts(random, 100).value());
    for (const Event& event : months.world.history) all.push_back(event);
  }
  BOOST_TEST(count<SettlementBatchFormed>(all) > 0U);
  BOOST_TEST(count<SettlementCarriedForward>(all) > 0U);
  BOOST_TEST(count<ReserveWithheld>(all) > 0U);
  BOOST_TEST(count<ReserveReleased>(all) > 0U);
  BOOST_TEST(count<PayoutInstructed>(all) > 0U);
  BOOST_TEST(count<PayoutFileProduced>(all) > 0U);
  BOOST_TEST(count<PayoutConfirmed>(all) > 0U);
  BOOST_TEST(count<PayoutReturned>(all) > 0U);
  BOOST_TEST(count<StatementEntryUnmatched>(all) > 0U);
  BOOST_TEST(count<SettlementWindowSettled>(all) > 0U);
}

// The fold of the events is the state, however it came about.
BOOST_AUTO_TEST_CASE(a_replay_is_the_same_settlement) {
  BOOST_TEST(rc::check("3 settlement", [](const std::vector<Months::Act>& acts) {
    Months months;
    std::vector<Months::Act> without_cards;
    for (const auto& act : acts)
      if (act[0] % 8 != 2) without_cards.push_back(act);
    months.live(without_cards);
    Settlement again;
    for (const Event& event : months.world.history) fold(again, event);
    RC_ASSERT(again == months.world.state.settlement);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
