// A person on a network: who has one open journey there at most.
#pragma once

#include <compare>

#include "ledger/model/ids.h"

namespace obverse {

struct Traveller {
  RiderId rider;
  OperatorId transit;
  friend constexpr auto operator<=>(const Traveller&, const Traveller&) = default;
};

}  // namespace obverse
