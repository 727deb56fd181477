// The oracle against the engine as it stands: generated towns in which every reply, every effect of
// every record and all balances must be what the oracle says; and the oracle, broken on purpose,
// must be seen to differ.
#include "tests/promises/simulation/oracle/oracle.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>

#include "ledger/engine/ledger.h"
#include "ledger/log/memory_log.h"
#include "ledger/rules/machine.h"
#include "tests/oracle/life.h"

namespace obverse::oracle {
namespace {

constexpr Instant morning{1'760'000'000'000};

struct Heard {
  Asked asked;
  Reply reply;
  std::optional<Record> record;
};

// The engine and the oracle, side by side.
class Town final : public Follower {
 public:
  explicit Town(const std::string& mutant = "") : oracle(mutant), ledger_(log_, clock_, quiet()) {
    ledger_.follow(*this);
  }

  void live(std::uint64_t seed, std::uint64_t asked_max) {
    Life life(seed);
    for (const Command& command : life.founding()) ask(life, {std::nullopt, command});
    for (std::uint64_t i = 0; i < asked_max && differences.size() < differences_max; ++i) {
      clock_.advance(life.pause());
      ask(life, life.next(clock_.now()));
      compare(i);
    }
  }

  std::vector<std::string> differences;
  std::size_t differences_max = 1;
  Oracle oracle;
  std::vector<Heard> heard;
  std::uint64_t approved = 0;
  std::map<std::string, std::uint64_t> answers;

 private:
  static Ledger::Settings quiet() {
    Ledger::Settings settings;
    settings.snapshot_every = 0;
    return settings;
  }
  void committed(std::span<const Record> records, const Receipt&) override {
    records_.insert(records_.end(), records.begin(), records.end());
  }
  void judge(const Asked& asked, const Reply& reply, const std::optional<Record>& record) {
    const std::string difference = oracle.judge(asked, reply, record);
    heard.push_back({asked, reply, record});
    if (difference.empty()) return;
    differences.push_back("at " + std::to_string(ledger_.head().position.value) + ": " +
                          difference);
  }
  void ask(Life& life, const Said& said) {
    records_.clear();
    const Actor actor =
        said.attempt ? Actor{Actor::Kind::terminal, said.attempt->terminal} : Actor{};
    std::optional<Answer> answer;
    ledger_.submit({actor, said.attempt, clock_.now(), said.command, std::nullopt},
                   [&](const Answer& given) { answer = given; });
    while (!answer) ledger_.step();
    std::optional<Record> own;
    for (const Record& record : records_) {
      const auto timer = timer_of(record);
      const bool is_own = answer->receipt.position == record.position &&
                          record.attempt == said.attempt && record.reply == answer->reply &&
                          (!timer || timer->index() == said.command.index());
      const bool is_timer = timer && !is_own;
      if (is_timer)
        judge({record.actor, {}, record.occurred_at, record.recorded_at, *timer}, record.reply,
              record);
      else
        own = record;
    }
    judge({actor, said.attempt, clock_.now(), answer->at, said.command}, answer->reply, own);
    life.heard(said, answer->reply, own);
    const auto* refused = std::get_if<Refused>(&answer->reply);
    if (refused == nullptr) ++approved;
    const std::string kind =
        refused ? std::string(explain(refused->refusal).name) : std::string("agreed");
    ++answers[std::to_string(said.command.index()) + " " + kind];
  }
  void compare(std::uint64_t asked) {
    std::map<std::string, std::int64_t> theirs;
    for (const auto& [account, turnover] : ledger_.state().book.accounts) {
      const std::int64_t debits = turnover.debits - turnover.credits;
      const std::int64_t balance = normal_side(account.chart) == Side::debit ? debits : -debits;
      if (balance != 0) theirs[text(account)] = balance;
    }
    if (theirs != oracle.balances() && !std::exchange(balances_differ_, true))
      differences.push_back("after " + std::to_string(asked) + ": the balances differ");
  }

  MemoryLog log_;
  ManualClock clock_{morning};
  Ledger ledger_;
  std::vector<Record> records_;
  bool balances_differ_ = false;
};

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
    Town town;
    town.differences_max = number("ORACLE_DIFFERENCES", 1);
    town.live(seed, number("ORACLE_ASKED", 3'000));
    for (const std::string& difference : town.differences)
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
      Town town(mutant);
      town.live(seed, 3'000);
      if (!town.differences.empty())
        seen = "seed " + std::to_string(seed) + ", " + town.differences.front();
    }
    BOOST_TEST(!seen.empty(), mutant << " was not seen");
    if (std::getenv("ORACLE_MUTANTS") != nullptr)
      std::printf("%s: %s\n", mutant.c_str(), seen.c_str());
  }
}

// After a crash the oracle knows what was durable and what came after it again, and nothing else.
BOOST_AUTO_TEST_CASE(what_was_lost_in_a_crash_is_forgotten) {
  Town town;
  town.live(2, 1'000);
  BOOST_REQUIRE(town.differences.empty());
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
