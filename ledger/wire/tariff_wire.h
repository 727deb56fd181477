// A tariff as desks send it, to the model: the same for who publishes it and for who only looks at
// what it would cost.
#pragma once

#include <optional>

#include "ledger/model/tariff.h"
#include "schemas/operator.capnp.h"

namespace obverse::wire {

// Nothing if its currency is none that this build knows. Whether it holds together is for the
// rules.
std::optional<Tariff> tariff_of(rpc::Tariff::Reader, OperatorId);

}  // namespace obverse::wire
