// Worlds in processes of their own: several at a time, and a world whose process ends (an
// assertion, a signal) is a world that failed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/promises/simulation/plan.h"
#include "tests/promises/simulation/tally.h"

namespace obverse::simulation {

struct Failure {
  Plan plan;
  std::string words;
};

struct Result {
  Tally tally;
  std::vector<Failure> failures;  // in the order in which they were found
  double seconds = 0;
};

struct Limits {
  std::uint64_t workers = 2;
  double seconds = 1e9;       // no world begins after it, and those that run are ended
  bool stop_at_first = true;  // failure
};

using Progress = std::function<void(const Tally&)>;

Result run(const std::vector<Plan>& plans, const Limits& limits, const Progress& progress = {});

// The smallest plan found in so many seconds that fails too.
Failure shrink(Failure failure, double seconds);

// Consecutive seeds until their worlds have so many days.
std::vector<Plan> plans_from(std::uint64_t seed, std::uint64_t days, std::uint64_t span,
                             std::uint64_t attempts, std::uint64_t without);

}  // namespace obverse::simulation
