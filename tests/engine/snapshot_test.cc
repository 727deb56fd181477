// A state comes back from its bytes, only in the build that wrote them; and one history has one
// digest everywhere.
#include "ledger/engine/snapshot.h"

#include <cstdlib>
#include <fstream>

#include "ledger/vault/sha256.h"
#include "tests/engine/world.h"

namespace obverse {
namespace {

constexpr const char* golden_file = "tests/golden/state-digest.txt";

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(a_state_comes_back_whole) {
  Town town;
  town.found(5);
  town.live(3, 400, 5);
  const State& state = town.ledger().state();
  const Snapshot snapshot = snapshot_of(state, town.ledger().head().chain);
  BOOST_TEST((snapshot.at == town.ledger().head().position));
  const auto back = state_of(snapshot);
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST((*back == state));
  BOOST_TEST((digest_of(*back) == digest_of(state)));
}

BOOST_AUTO_TEST_CASE(what_is_not_this_builds_or_not_whole_is_refused) {
  Town town;
  town.found(2);
  const Snapshot good = snapshot_of(town.ledger().state(), town.ledger().head().chain);
  Snapshot bad = good;
  bad.stamp += " ";
  BOOST_TEST(!state_of(bad).has_value());
  bad = good;
  bad.state.pop_back();
  BOOST_TEST(!state_of(bad).has_value());
  bad = good;
  bad.at.value += 1;
  BOOST_TEST(!state_of(bad).has_value());
  BOOST_TEST(state_of(good).has_value());
}

BOOST_AUTO_TEST_CASE(one_different_number_is_another_digest) {
  State state;
  const Digest before = digest_of(state);
  state.book.accounts[{Chart::bank, 0, Currency::jpy}] = {};
  BOOST_TEST((digest_of(state) != before));
}

// The constant holds for g++ and clang, every optimisation level, every machine: the reason why an
// auditor can compute what the server computed. It changes only when the rules, the state or the
// script above it do.
BOOST_AUTO_TEST_CASE(a_fixed_history_has_the_digest_it_always_had) {
  Town town;
  town.found(20);
  town.live(2026, 3'000, 20);
  const std::string line = std::to_string(town.ledger().head().position.value) + " " +
                           hex(town.ledger().head().chain) + " " +
                           hex(town.ledger().state_digest());
  if (std::getenv("OBVERSE_WRITE_GOLDEN") != nullptr) std::ofstream(golden_file) << line << "\n";
  std::string golden;
  std::getline(std::ifstream(golden_file), golden);
  BOOST_TEST(line == golden, "position, chain and state digest are\n"
                                 << line << "\nand were\n"
                                 << golden);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
