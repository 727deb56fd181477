// A tariff or a policy from a JSON file, as ops/tariffs/ ships them, put into a request. Every
// error names the file, the field and what is expected there.
#pragma once

#include <filesystem>

#include "schemas/operator.capnp.h"

namespace obverse {

void read_tariff(const std::filesystem::path&, rpc::Tariff::Builder);
void read_policy(const std::filesystem::path&, rpc::Policy::Builder);

}  // namespace obverse
