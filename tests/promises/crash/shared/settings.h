// The settings of a server that is to be killed.
#pragma once

#include "tests/server/house.h"

namespace obverse::mortal {

// Writes obverse.toml, by which the server keeps its data in `data`.
void write_settings(const house::Estate& estate, std::uint64_t snapshot_every);

}  // namespace obverse::mortal
