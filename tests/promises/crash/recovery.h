// How long a killed server takes from its start to its first answer, with so many events since its
// newest snapshot.
#pragma once

#include <string>

#include "tests/promises/kit/trial.h"

namespace obverse::mortal {

// Measures and tells: `starts` starts of `server`, each from the same crashed files; in every
// second one copy lacks the last batch, as after most kills under load.
void measure_recovery(promises::Trial& trial, const std::string& server, std::uint64_t events,
                      std::uint64_t starts);

}  // namespace obverse::mortal
