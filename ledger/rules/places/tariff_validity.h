// Whether a tariff holds together, before anybody asks it for a price.
#pragma once

#include "ledger/model/tariff.h"

namespace obverse {

// Every bound of limits.h, every rule that tariff.h states, but for whether each way has a price:
// that is known once the ways are (fares.h). Sponsors and the operator are not looked up here.
bool is_valid_tariff(const Tariff&);

}  // namespace obverse
