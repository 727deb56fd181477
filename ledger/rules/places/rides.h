// What is remembered of a journey that ended, as far as it can still change what another costs.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/rules/places/journeys.h"

namespace obverse {

// The journey as a ride that caps count, or as more of the one it was joined to; every ride of the
// traveller is what it is charged from now on. How much this one is, where there are caps.
// `ended`: of a journey that ends now, which lets older ones be forgotten.
std::optional<std::int64_t> remember_ride(Journeys&, const Parties&, const Fares&, JourneyId,
                                          const Journey&, std::optional<Instant> ended);

// For an interchange with the next journey, or its repetition.
void remember_last(Journeys&, const JourneyClosed&, const Journey&);

}  // namespace obverse
