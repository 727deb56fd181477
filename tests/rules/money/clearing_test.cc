// Clearing: shares of through fares, claims of a window, and what is left of them.
#include "ledger/rules/money/clearing.h"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>

#include "tests/rules/money/settlement_world.h"

using namespace obverse;

namespace {

Agreement agreement(const char* code, OperatorId collector, std::vector<Share> shares) {
  return {code, collector, "through", at_time({2025, 6, 1}, 0), std::move(shares)};
}

// S27: who collects 800,000, 400,000 and 100,000 owes the others their shares.
SettlementWorld clearing_world() {
  SettlementWorld world = trading_world();
  const OperatorId om = world.om;
  const OperatorId kr = world.kr;
  const OperatorId cb = world.cb;
  world.ask(PublishAgreement{agreement("A-OM", om, {{om, 400}, {kr, 350}, {cb, 50}})});
  world.ask(PublishAgreement{agreement("A-KR", kr, {{om, 200}, {kr, 180}, {cb, 20}})});
  world.ask(PublishAgreement{agreement("A-CB", cb, {{om, 80}, {kr, 10}, {cb, 10}})});
  return world;
}
Decision divide_fares(SettlementWorld& world, OperatorId collector, std::int64_t minor) {
  return world.ask(ApportionFares{world.processor, collector, "through", yen(minor)});
}
std::int64_t payable(const SettlementWorld& world, OperatorId transit) {
  return world.at(payable_to(transit, Currency::jpy));
}
void divide_all(SettlementWorld& world) {
  divide_fares(world, world.om, 800'000);
  divide_fares(world, world.kr, 400'000);
  divide_fares(world, world.cb, 100'000);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clearing)

BOOST_AUTO_TEST_CASE(a_through_fare_is_shared_by_factor) {
  SettlementWorld world = trading_world();
  world.ask(PublishAgreement{agreement("A-1", world.om, {{world.om, 55}, {world.kr, 45}})});
  const Decision divided = divide_fares(world, world.om, 430);
  const auto* computed = first<ApportionmentComputed>(divided.events);
  BOOST_REQUIRE(computed != nullptr);
  BOOST_TEST((computed->parts == std::vector<ApportionedPart>{{world.om, 237}, {world.kr, 193}}));
  BOOST_TEST(payable(world, world.om) == -193);
  BOOST_TEST(payable(world, world.kr) == 193);
}

BOOST_AUTO_TEST_CASE(claims_of_a_window_are_netted) {
  SettlementWorld world = clearing_world();
  divide_all(world);
  BOOST_TEST(payable(world, world.om) == -120'000);
  BOOST_TEST(payable(world, world.kr) == 140'000);
  BOOST_TEST(payable(world, world.cb) == -20'000);
  BOOST_TEST(world.open().lines.claims.size() == 6U);
  world.wait_until(at_time({2025, 6, 16}, 7));
  const auto* net = first<NetPositionComputed>(world.history);
  BOOST_REQUIRE(net != nullptr);
  BOOST_TEST(
      (net->positions ==
       std::vector<NetPosition>{{world.om, -120'000}, {world.kr, 140'000}, {world.cb, -20'000}}));
  BOOST_TEST((net->bilateral == std::vector<BilateralNet>{{world.om, world.kr, 150'000},
                                                          {world.kr, world.cb, 10'000},
                                                          {world.cb, world.om, 30'000}}));
  // Then each of them is settled like every payee: who is owed is paid, who owes is asked.
  BOOST_TEST(world.at(receivable_from(party_of(world.om), Currency::jpy)) == 120'000);
  BOOST_TEST(world.at(receivable_from(party_of(world.cb), Currency::jpy)) == 20'000);
  BOOST_TEST(payable(world, world.kr) == 140'000);  // has no account yet
  BOOST_TEST(count<NetPositionComputed>(world.history) == 1U);
}

BOOST_AUTO_TEST_CASE(agreements_are_dated_and_known) {
  SettlementWorld world = trading_world();
  Agreement one = agreement("A-1", world.om, {{world.om, 1}, {world.kr, 1}});
  BOOST_TEST(refuses(divide_fares(world, world.om, 10), Refusal::agreement_must_be_published));
  BOOST_TEST(world.add(PublishAgreement{one}) == 1U);
  BOOST_TEST(
      refuses(world.ask(PublishAgreement{one}), Refusal::settlement_terms_must_follow_the_last));
  one.effective_from = world.now + days(1);
  one.shares = {{world.om, 1}, {world.kr, 9}};
  BOOST_TEST(world.add(PublishAgreement{one}) == 2U);
  divide_fares(world, world.om, 10);
  BOOST_TEST(payable(world, world.kr) == 5);
  world.wait_until(world.now + days(1));
  divide_fares(world, world.om, 10);
  BOOST_TEST(payable(world, world.kr) == 14);
  one.shares.push_back({{99}, 1});
  BOOST_TEST(refuses(world.ask(PublishAgreement{one}), Refusal::operator_must_be_registered));
  BOOST_TEST(refuses(world.ask(PublishAgreement{}), Refusal::settlement_terms_must_be_valid));
}

BOOST_AUTO_TEST_CASE(nothing_to_share_moves_nothing) {
  SettlementWorld world = trading_world();
  world.ask(PublishAgreement{agreement("A-1", world.om, {{world.om, 1}, {world.kr, 0}})});
  const Decision divided = divide_fares(world, world.om, 430);
  BOOST_TEST(divided.events.size() == 1U);
  BOOST_TEST(payable(world, world.kr) == 0);
  BOOST_TEST(refuses(divide_fares(world, world.om, 0), Refusal::amount_must_be_positive));
}

// Both ways.
BOOST_AUTO_TEST_CASE(only_a_processor_divides_and_nets) {
  SettlementWorld world = clearing_world();
  const auto wish = [&](TerminalId by) {
    return ApportionFares{by, world.om, "through", yen(100)};
  };
  const WindowId window = *world.settlement().windows.open;
  for (const TerminalId other : {world.desk, world.till}) {
    BOOST_TEST(refuses(world.ask(wish(other)), Refusal::terminal_must_have_role));
    BOOST_TEST(
        refuses(world.ask(ComputeNetPositions{other, window}), Refusal::terminal_must_have_role));
  }
  BOOST_TEST(!refusal_of(world.ask(wish(world.processor))));
  BOOST_TEST(refuses(world.ask(ComputeNetPositions{world.processor, window}),
                     Refusal::window_must_be_closed));
  world.wait_until(at_time({2025, 6, 10}, 9));
  world.ask(CloseSettlementWindow{world.processor, window});
  BOOST_TEST(!refusal_of(world.ask(ComputeNetPositions{world.processor, window})));
  BOOST_TEST(refuses(world.ask(ComputeNetPositions{world.processor, window}),
                     Refusal::payee_must_have_takings));
}

// Invariant 34.
BOOST_AUTO_TEST_CASE(nets_sum_to_zero_and_bilateral_ones_to_them) {
  BOOST_TEST(rc::check("34 nets", [] {
    std::map<OperatorClaim, std::int64_t> claims;
    const auto made = *rc::gen::container<std::vector<std::array<std::uint32_t, 4>>>(
        rc::gen::container<std::array<std::uint32_t, 4>>(rc::gen::arbitrary<std::uint32_t>()));
    for (const auto& [a, b, minor, currency] : made) {
      const OperatorId debtor{a % 6 + 1};
      const OperatorId creditor{b % 6 + 1};
      if (debtor == creditor) continue;
      claims[{currency % 2 == 0 ? Currency::jpy : Currency::gbp, debtor, creditor}] +=
          minor % 1'000'000 + 1;
    }
    for (const NetPositionComputed& computed : net_positions({1}, claims)) {
      std::map<OperatorId, std::int64_t> of_pairs;
      std::int64_t sum = 0;
      for (const BilateralNet& pair : computed.bilateral) {
        RC_ASSERT(pair.minor > 0);
        of_pairs[pair.debtor] -= pair.minor;
        of_pairs[pair.creditor] += pair.minor;
      }
      for (const NetPosition& position : computed.positions) {
        sum += position.minor;
        RC_ASSERT(of_pairs[position.transit] == position.minor);
      }
      RC_ASSERT(sum == 0);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
