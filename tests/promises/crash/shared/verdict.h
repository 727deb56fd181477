// A trial of many lives, and what must hold over all of them: the same for a process that is killed
// and for a power cut.
#pragma once

#include "tests/promises/crash/shared/life.h"
#include "tests/promises/kit/trial.h"

namespace obverse::mortal {

// So many kills, in lives of at most a hundred; stops at the first life in which something is
// wrong.
Found live_and_die(promises::Trial& trial, const Means& means, std::uint64_t kills);

void judge(promises::Trial& trial, const Found& found, std::uint64_t kills);

}  // namespace obverse::mortal
