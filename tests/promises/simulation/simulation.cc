// The whole engine on one thread from one seed, many times over: what was promised, counted.
#include <malloc.h>

#include <fstream>

#include "tests/promises/kit/trial.h"
#include "tests/promises/simulation/defects.h"
#include "tests/promises/simulation/runner.h"

namespace obverse::simulation {
namespace {

constexpr double shrinking_seconds = 45;
constexpr double defect_seconds = 60;
constexpr std::uint64_t defect_days = 4'000;
constexpr std::uint64_t days_that_reach_everything = 60;
constexpr const char* golden = "tests/golden/simulation-trace.txt";
constexpr std::uint64_t golden_days = 8;
constexpr std::uint64_t golden_attempts = 500;
constexpr int kept_memory = 1 << 30;

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

std::string number(std::uint64_t value) { return std::to_string(value); }

std::vector<Plan> plans_of(const promises::Trial& trial, std::uint64_t days) {
  auto plans = plans_from(trial.seed(), days, trial.dial("span"), trial.dial("attempts"),
                          trial.dial("without"));
  for (Plan& plan : plans) plan.oracle = trial.dial("oracle") != 0;
  return plans;
}

void tell(promises::Trial& trial, const Tally& t) {
  trial.say("  " + number(t.worlds) + " worlds, " + number(t.sendings) + " sendings, " +
            number(t.answers) + " answers (" + number(t.repeated) + " repeated, " +
            number(t.conflicts) + " conflicts), " + number(t.records) + " records in " +
            number(t.batches) + " batches");
  trial.say("  " + number(t.restarts) + " starts (" + number(t.snapshots_used) +
            " from a snapshot, " + number(t.adopted) + " with a batch nobody was told of, " +
            number(t.repaired) + " with a repair), " + number(t.cuts_in_recovery) +
            " power cuts while starting");
  trial.say("  faults: " + number(t.flips) + " flips, " + number(t.stray_writes) +
            " misdirected and " + number(t.lost_writes) + " lost writes, " +
            number(t.failed_syncs) + " failed syncs, " + number(t.full) + " full disks (" +
            number(t.refused_for_room) + " refusals)");
  trial.say("  the oracle judged " + number(t.judged) + " decisions; of " + number(t.left_open) +
            " the documents allow more than one outcome");
}

// A trial that never gets somewhere proves nothing of it.
void reach(promises::Trial& trial, const Tally& t) {
  if (t.days < days_that_reach_everything || trial.dial("without") != 0) return;
  const std::vector<std::pair<std::string, std::uint64_t>> reached{
      {"batches nobody was told of", t.adopted},
      {"power cuts while starting", t.cuts_in_recovery},
      {"repairs", t.repaired},
      {"conflicts", t.conflicts},
      {"repeated answers", t.repeated},
      {"refusals for want of room", t.refused_for_room},
      {"snapshots used", t.snapshots_used},
      {"logs folded from the beginning", t.rebuilt},
      {"decisions that shared a batch", t.together > t.batches ? 1U : 0U},
  };
  for (const auto& [what, count] : reached)
    trial.check("there were " + what, count > 0, "none: the trial is blind to them");
}

void prove(promises::Trial& trial) {
  const auto plans = plans_of(trial, trial.dial("days"));
  const std::uint64_t days = trial.dial("days");
  const Result result = run(plans, {trial.dial("workers"), 1e9, true}, [&](const Tally& t) {
    trial.progress(
        t.days, days,
        number(t.crashes + t.cuts_in_recovery) + " crashes, " + number(t.faults()) + " faults");
  });
  std::string detail;
  if (!result.failures.empty()) {
    const Failure& first = result.failures[0];
    const Failure small = shrink(first, shrinking_seconds);
    detail = first.words + "\n      " + first.plan.command() + "\n      smallest: " + small.words +
             "\n      " + small.plan.command();
  }
  trial.check("every invariant held after every step", result.failures.empty(), detail);
  const Tally& t = result.tally;
  tell(trial, t);
  if (result.failures.empty()) reach(trial, t);
  trial.figure("simulated days", number(t.days), "20,000", t.days >= 20'000);
  trial.figure("attempts", number(t.attempts), "2,000 a day", t.attempts >= t.days * 2'000);
  trial.figure("crashes", number(t.crashes + t.cuts_in_recovery), "150,000",
               t.crashes + t.cuts_in_recovery >= 150'000);
  trial.figure("storage faults", number(t.faults()), "40,000", t.faults() >= 40'000);
  trial.figure("minutes", promises::fixed(result.seconds / 60, 2), "15 on 2 cores",
               result.seconds <= 900);
  trial.figure("trace", hex(t.hash), "the same on every compiler", std::nullopt);
}

void prove_determinism(promises::Trial& trial) {
  const auto plans = plans_of(trial, 3);
  const Result once = run(plans, {1, 1e9, false});
  const Result again = run(plans, {trial.dial("workers"), 1e9, false});
  trial.check("the same seeds are the same lives", once.tally.hash == again.tally.hash,
              hex(once.tally.hash) + " and " + hex(again.tally.hash));
}

// The same lives on every compiler, with and without optimisation and sanitizers: whoever runs this
// compares them with what is kept.
void prove_trace(promises::Trial& trial) {
  auto plans = plans_from(1, golden_days, 1, golden_attempts, 0);
  const Result result = run(plans, {trial.dial("workers"), 1e9, false});
  const std::string got = hex(result.tally.hash);
  std::string kept;
  std::ifstream(golden) >> kept;
  trial.figure("trace of " + number(golden_days) + " short days", got, kept, std::nullopt);
  trial.check("no invariant was broken in it", result.failures.empty(),
              result.failures.empty() ? "" : result.failures[0].words);
  trial.check("it is the trace of every other build", got == kept,
              got + ", and not " + kept +
                  ": something is not decided by the seed alone. Where what " +
                  "happens was changed on purpose, " + golden + " says the new one");
}

void catch_defect(promises::Trial& trial, const std::string& name) {
  trial.expect_caught(name, [&] {
    choose_defect(name);
    const auto plans = plans_of(trial, defect_days);
    const Result result = run(plans, {trial.dial("workers"), defect_seconds, true});
    choose_defect("");
    if (result.failures.empty()) return;
    const Failure& first = result.failures[0];
    trial.check(first.words, false, first.plan.command());
  });
}

}  // namespace
}  // namespace obverse::simulation

int main(int count, char** arguments) {
  using namespace obverse;
  using namespace obverse::simulation;
  // Worlds come and go all the time: their memory is kept for the next one.
  mallopt(M_TRIM_THRESHOLD, kept_memory);
  mallopt(M_MMAP_THRESHOLD, kept_memory);
  promises::Trial trial(
      {"simulation",
       "the whole engine on one thread from one seed: over 20,000 days of 2,000 attempts with "
       "150,000 crashes and 40,000 storage faults every invariant holds",
       {{"days", "simulated days; 0: the kept trace alone, to compare builds", 20'000, 100},
        {"span", "days of one world; 0: drawn from its seed", 0, 0},
        {"attempts", "attempts a day", 2'000, 2'000},
        {"workers", "processes", 2, 2},
        {"oracle", "1: the second implementation judges too; 0: the invariants alone", 1, 1},
        {"without", "hazards left out, as a sum of bits", 0, 0}},
       defect_names(),
       {"ops/prove simulation --short", "ops/prove simulation --seed 7 --days 1 --span 1"}},
      count, arguments);
  for (const std::string& name : trial.mutants()) catch_defect(trial, name);
  if (trial.mutants().empty()) prove_trace(trial);
  if (trial.mutants().empty() && trial.dial("days") > 0) {
    prove_determinism(trial);
    prove(trial);
  }
  return trial.close();
}
