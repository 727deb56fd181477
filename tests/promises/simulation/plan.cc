#include "tests/promises/simulation/plan.h"

#include "tests/promises/simulation/dice.h"

namespace obverse::simulation {

std::string_view name(Hazard hazard) {
  constexpr std::array<std::string_view, hazards> names{
      "drops",  "doubles",      "delays",       "power cuts",  "cuts in recovery",
      "flips",  "stray writes", "failed syncs", "full disk",   "terminal crashes",
      "clones", "revocations",  "erasures",     "clock jumps", "frequent snapshots",
      "rushes"};
  return names.at(static_cast<std::size_t>(hazard));
}

std::string Plan::command() const {
  std::string words = "ops/prove simulation --seed " + std::to_string(seed) + " --days " +
                      std::to_string(days) + " --span " + std::to_string(days) + " --attempts " +
                      std::to_string(attempts);
  if (without != 0) words += " --without " + std::to_string(without);
  if (!oracle) words += " --oracle 0";
  return words;
}

// Every number is rolled whether it is used or not: leaving a hazard out must not change the rest.
Swarm::Swarm(const Plan& plan) {
  Dice dice(plan.seed * 0x2545f4914f6cdd1dU + 11);
  const auto rate = [&](Hazard hazard, std::uint64_t most) {
    const bool drawn = dice.chance(2, 3);
    const std::uint64_t value = dice.roll(most + 1);
    return drawn && plan.may(hazard) ? value : 0;
  };
  const auto drawn = [&](Hazard hazard) {
    const bool yes = dice.chance(2, 3);
    return yes && plan.may(hazard);
  };
  riders = 4 + dice.roll(9);
  drops = rate(Hazard::drops, 300);
  doubles = rate(Hazard::doubles, 500);
  delays = rate(Hazard::delays, 100);
  terminal_crashes = rate(Hazard::terminal_crashes, 30);
  clones = rate(Hazard::clones, 20);
  clock_jumps = rate(Hazard::clock_jumps, 3);
  const std::uint64_t cuts = 5 + dice.roll(6);
  cuts_a_day = plan.may(Hazard::power_cuts) ? cuts : 0;
  cuts_in_recovery = rate(Hazard::cuts_in_recovery, 400);
  flips = drawn(Hazard::flips);
  stray_writes = drawn(Hazard::stray_writes);
  failed_syncs = drawn(Hazard::failed_syncs);
  full_disk = drawn(Hazard::full_disk);
  const std::uint64_t faults = 2 + dice.roll(2);
  faults_a_day = flips || stray_writes || failed_syncs || full_disk ? faults : 0;
  rot_in_rocks = dice.chance(1, 2);
  tail_first = dice.chance(1, 2);
  const std::uint64_t together = 2 + dice.roll(20);
  rush = plan.may(Hazard::rushes) ? together : 1;
  const std::uint64_t often = 30 + dice.roll(250);
  snapshot_every = plan.may(Hazard::snapshots) ? often : 100'000;
  recent_attempts = 1 + dice.roll(200);
  batch_max = 1 + dice.roll(64);
  for (std::uint64_t& weight : weights) {
    const bool kept = dice.chance(5, 6);
    const std::uint64_t value = 1 + dice.roll(8);
    weight = kept ? value : 0;
  }
  network = milliseconds(dice.between(5, 400));
  service = milliseconds(dice.between(5, 400));
}

std::uint64_t days_of(std::uint64_t seed) {
  Dice dice(seed * 0x9e6c63d0876a9a47U + 5);
  const std::uint64_t kind = dice.roll(32);
  const std::uint64_t more = dice.roll(8);
  if (kind == 0) return 4 + more;
  return kind < 4 ? 3 : kind < 10 ? 2 : 1;
}

}  // namespace obverse::simulation
