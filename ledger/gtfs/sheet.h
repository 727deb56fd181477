// A book of fares as lines that can be compared: what changed from one feed to the next, by what a
// rider would pay or a rule says, whatever order the files have.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/gtfs/book.h"
#include "ledger/gtfs/matrix.h"

namespace obverse::gtfs {

// What is priced -> how.
using Sheet = std::map<std::string, std::string>;

Sheet sheet_of(const Book&);
Sheet sheet_of(const Matrix&);

struct Difference {
  std::string what;
  std::string before;  // empty: it is new
  std::string after;   // empty: it is gone
  friend bool operator==(const Difference&, const Difference&) = default;
};
std::vector<Difference> differences(const Sheet& before, const Sheet& after);

}  // namespace obverse::gtfs
