// A station-to-station table of fares as a JSON file, as `obverse tariff import` writes it
// (ops/tariffs/README.md has its fields). A pair that is not in it has no known fare.
#pragma once

#include <filesystem>

#include "ledger/client/commands/output.h"
#include "ledger/gtfs/fares.h"
#include "ledger/gtfs/matrix.h"

namespace obverse {

Json to_json(const gtfs::Matrix&);

bool is_matrix_file(const std::filesystem::path&);
// Throws CommandFailed, naming file, member and what is expected there.
gtfs::Matrix read_matrix(const std::filesystem::path&);

gtfs::Answer price(const gtfs::Matrix&, const gtfs::Leg&, const std::string& category);

}  // namespace obverse
