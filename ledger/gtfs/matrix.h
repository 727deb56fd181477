// Fares between every two stations, as a feed of origin-destination fares comes down to: what such
// a feed becomes as a tariff of this product. A pair that is not there has no known fare.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/gtfs/fares_v1.h"

namespace obverse::gtfs {

struct Matrix {
  Currency currency = Currency::jpy;
  std::vector<std::string> stations;                      // a zone each, in order
  std::map<std::string, std::vector<std::string>> names;  // of the stops of a station
  std::map<std::string, std::string> station_of_stop;
  std::map<std::pair<std::string, std::string>, std::int64_t> adult_minor;  // from, to
  friend bool operator==(const Matrix&, const Matrix&) = default;
};

// Why a feed's fares are no such table: the words name file and line.
Read<Matrix> matrix_of(const FaresV1&);

}  // namespace obverse::gtfs
