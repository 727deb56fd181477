// A journey of several legs by GTFS-Fares V2: a walk over the choices of each leg, with what the
// changes between them cost, that keeps the cheapest way to every situation.
#pragma once

#include "ledger/gtfs/fares_v2.h"

namespace obverse::gtfs {

// With one medium, or with none at all.
Answer price_with(const FaresV2&, const std::vector<Leg>&, const std::string& medium,
                  const std::string& category);

}  // namespace obverse::gtfs
