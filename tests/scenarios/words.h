// What lines of settlement are made of: days, and words that stand after a key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/scenarios/script.h"

namespace obverse::scenarios {

// "2025-06-15" as a day; throws, naming the line, if it is none.
std::int64_t day_in(const Line& line, const std::string& date);

// The word after `key`; empty if it is not there.
std::string after(const std::vector<std::string>& words, std::string_view key);

}  // namespace obverse::scenarios
