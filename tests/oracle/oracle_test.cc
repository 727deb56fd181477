// The oracle against the engine as it stands: generated towns in which every reply, every effect of
// every record and all balances must be what the oracle says; and the oracle, broken on purpose,
// must be seen to differ.
#include "tests/promises/simulation/oracle/oracle.h"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>

#include "tests/oracle/side_by_side.h"

namespace obverse::oracle {
namespace {

void live(SideBySide& town, std::uint64_t seed, std::uint64_t asked_max,
          std::size_t differences_max = 1) {
  Life life{Dice(seed)};
  town.found(life);
  for (std::uint64_t i = 0; i < asked_max && town.differences().size() < differences_max; ++i)
    town.pass(life);
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

BOOST_AUTO_TEST_SUITE(oracle_and_engine)

BOOST_AUTO_TEST_CASE(they_agree_on_everything_that_is_asked_in_generated_towns) {
  const std::uint64_t first = number("ORACLE_SEED", 1), towns = number("ORACLE_TOWNS", 6);
  std::uint64_t judged = 0, open = 0, approved = 0;
  std::map<std::string, std::uint64_t> open_by_kind, answers;
  for (std::uint64_t seed = first; seed < first + towns; ++seed) {
    SideBySide town;
    live(town, seed, number("ORACLE_ASKED", 3'000), number("ORACLE_DIFFERENCES", 1));
    for (const std::string& difference : town.differences())
      BOOST_ERROR("seed " + std::to_string(seed) + ", " + difference);
    judged += town.oracle.judged();
    open += town.oracle.left_open();
    approved += town.approved;
    for (const auto& [kind, count] : town.oracle.left_open_by_kind()) open_by_kind[kind] += count;
    for (const auto& [kind, count] : town.answers) answers[kind] += count;
  }
  std::printf("judged %llu, agreed to %llu, left open %llu (%.2f %%)\n",
              static_cast<unsigned long long>(judged), static_cast<unsigned long long>(approved),
              static_cast<unsigned long long>(open),
              100.0 * static_cast<double>(open) / static_cast<double>(judged));
  for (const auto& [kind, count] : open_by_kind)
    std::printf("  open: %s %llu\n", kind.c_str(), static_cast<unsigned long long>(count));
  if (std::getenv("ORACLE_ANSWERS") != nullptr)
    for (const auto& [kind, count] : answers)
      std::printf("  %s: %llu\n", kind.c_str(), static_cast<unsigned long long>(count));
  BOOST_TEST(open * 50 < judged);
}

// A comparison that cannot fail proves nothing: each rule is got wrong once.
BOOST_AUTO_TEST_CASE(an_oracle_that_is_wrong_is_seen_to_differ) {
  for (const std::string& mutant : Oracle::mutants()) {
    std::string seen;
    for (std::uint64_t seed = 1; seed <= 12 && seen.empty(); ++seed) {
      SideBySide town(mutant);
      live(town, seed, 3'000);
      if (!town.differences().empty())
        seen = "seed " + std::to_string(seed) + ", " + town.differences().front();
    }
    BOOST_TEST(!seen.empty(), mutant << " was not seen");
    if (std::getenv("ORACLE_MUTANTS") != nullptr)
      std::printf("%s: %s\n", mutant.c_str(), seen.c_str());
  }
}

// After a crash the oracle knows what was durable and what came after it again, and nothing else.
BOOST_AUTO_TEST_CASE(what_was_lost_in_a_crash_is_forgotten) {
  SideBySide town;
  live(town, 2, 1'000);
  BOOST_REQUIRE(town.differences().empty());
  Oracle crashed;
  Position last;
  std::map<std::string, std::int64_t> at_cut;
  const std::size_t durable = town.heard.size() / 2, cut = durable + 100;
  const auto hear = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const Heard& one = town.heard[i];
      BOOST_TEST(crashed.judge(one.asked, one.reply, one.record) == "");
      if (one.record) last = one.record->position;
    }
  };
  hear(0, durable);
  crashed.durable_to(last);
  hear(durable, cut);
  at_cut = crashed.balances();
  const auto matchable = crashed.matchable();
  const Position kept = last;
  hear(cut, cut + 200);
  BOOST_TEST((crashed.balances() != at_cut));
  crashed.rewind_to(kept);
  BOOST_TEST((crashed.balances() == at_cut));
  BOOST_TEST((crashed.matchable() == matchable));
  hear(cut, town.heard.size());
  BOOST_TEST((crashed.balances() == town.oracle.balances()));
  BOOST_TEST(crashed.open_holds() == town.oracle.open_holds());
  BOOST_TEST(crashed.open_journeys() == town.oracle.open_journeys());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse::oracle
