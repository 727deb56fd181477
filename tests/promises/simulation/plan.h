// What one world is to be like: all of it follows from the plan, so a plan is enough to see a
// failure again.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/model/instant.h"

namespace obverse::simulation {

// What may go wrong in a world, each a bit of Plan::without.
enum class Hazard : std::uint8_t {
  drops,
  doubles,
  delays,
  power_cuts,
  cuts_in_recovery,
  flips,
  stray_writes,
  failed_syncs,
  full_disk,
  terminal_crashes,
  clones,
  revocations,
  erasures,
  clock_jumps,
  snapshots,
  rushes,
};
inline constexpr std::size_t hazards = 16;
std::string_view name(Hazard);

struct Plan {
  std::uint64_t seed = 0;
  std::uint64_t days = 1;
  std::uint64_t attempts = 2'000;  // a day, at least
  std::uint64_t without = 0;       // hazards that this world is spared

  bool oracle = true;  // whether it judges

  bool may(Hazard hazard) const { return ((without >> static_cast<unsigned>(hazard)) & 1U) == 0; }
  std::string command() const;  // that runs this world again
};

// What the seed makes of the plan. Rates are parts of 1,000; a hazard that is left out has none.
struct Swarm {
  std::uint64_t riders = 8;
  std::uint64_t drops = 0, doubles = 0, delays = 0;
  std::uint64_t terminal_crashes = 0, clones = 0, clock_jumps = 0;
  std::uint64_t cuts_a_day = 0, cuts_in_recovery = 0, faults_a_day = 0;
  bool flips = false, stray_writes = false, failed_syncs = false, full_disk = false;
  bool rot_in_rocks = false;  // otherwise in the tail: only one of two copies rots at a time
  bool tail_first = false;
  std::uint64_t rush = 4;  // attempts that come together
  std::uint64_t snapshot_every = 500;
  std::uint64_t recent_attempts = 100;
  std::uint64_t batch_max = 64;
  std::array<std::uint64_t, 24> weights{};  // of what people ask
  Duration network;                         // how long a message takes, at most
  Duration service;                         // how long a batch waits, at most

  explicit Swarm(const Plan&);
};

// How many days the world of this seed lives, where the plan leaves it open.
std::uint64_t days_of(std::uint64_t seed);

}  // namespace obverse::simulation
