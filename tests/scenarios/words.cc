#include "tests/scenarios/words.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "ledger/model/calendar.h"

namespace obverse::scenarios {

std::int64_t day_in(const Line& line, const std::string& date) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(date.c_str(), "%d-%u-%u", &year, &month, &day) != 3)
    throw std::runtime_error(line.where + ": no such day: " + date);
  return day_of({year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)});
}

std::string after(const std::vector<std::string>& words, std::string_view key) {
  const auto found = std::ranges::find(words, key);
  return found == words.end() || found + 1 == words.end() ? "" : found[1];
}

}  // namespace obverse::scenarios
