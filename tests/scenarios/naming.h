// Whether an event speaks of a person: by their number anywhere in it, or by an account of theirs.
#pragma once

#include "ledger/model/events.h"

namespace obverse::scenarios {

bool speaks_of(const Event&, RiderId);

}  // namespace obverse::scenarios
