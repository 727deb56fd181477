// What was done in a world, added up over many.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace obverse::simulation {

struct Tally {
  std::uint64_t worlds = 0, days = 0, attempts = 0, sendings = 0, answers = 0, repeated = 0;
  std::uint64_t conflicts = 0, records = 0, batches = 0, together = 0;
  std::uint64_t crashes = 0, cuts_in_recovery = 0, restarts = 0, adopted = 0, rebuilt = 0;
  std::uint64_t flips = 0, stray_writes = 0, lost_writes = 0, failed_syncs = 0, full = 0;
  std::uint64_t refused_for_room = 0, repaired = 0, damage_met = 0, snapshots_used = 0;
  std::uint64_t judged = 0, left_open = 0;  // by the oracle
  std::uint64_t hash = 0;                   // of the traces, added up

  std::uint64_t faults() const { return flips + stray_writes + lost_writes + failed_syncs + full; }
  void add(const Tally& other) {
    const auto* from = reinterpret_cast<const std::uint64_t*>(&other);
    auto* to = reinterpret_cast<std::uint64_t*>(this);
    const std::size_t numbers = sizeof(Tally) / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < numbers; ++i) to[i] += from[i];
  }
};

}  // namespace obverse::simulation
