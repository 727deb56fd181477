// The fixtures of the domain's scenarios for the naive calculator: tariff OMT-1, a bus, a clock in
// Tokyo; and the pages and tables that lie beside the repository, where they do.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/naive/fares.h"

namespace obverse::naive::tests {

// "2025-06-02 09:00:00" in Tokyo.
inline std::int64_t at(int year, int month, int day, int hour, int minute, int second = 0) {
  const std::chrono::sys_days date{std::chrono::year_month_day{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day))}};
  const auto days = date.time_since_epoch().count();
  return ((days * 24LL + hour - 9) * 60 + minute) * 60'000 + second * 1'000;
}
// On Monday, 2 June 2025.
inline std::int64_t clock(int hour, int minute, int second = 0) {
  return at(2025, 6, 2, hour, minute, second);
}

inline Version omt_1() {
  Version version;
  version.effective_from = at(2025, 4, 1, 3, 0);
  version.network = Network({{"A0", "A1", 1200, 0},
                             {"A1", "A2", 1800, 0},
                             {"A2", "A3", 2200, 0},
                             {"A3", "A4", 1800, 0},
                             {"A4", "A5", 2800, 0},
                             {"A5", "A6", 3200, 0},
                             {"A6", "A7", 3000, 0},
                             {"A7", "A8", 3000, 0},
                             {"A8", "A9", 2500, 0},
                             {"A6", "Z", 3200, 90},
                             {"A1", "A1'", 0, 0}});
  version.sections = {
      {3000, 190, 100}, {7000, 240, 120}, {13000, 290, 150}, {19000, 340, 170}, {{}, 390, 200}};
  version.maximum = {390, 200};
  version.interchanges = {{"A1", "A1'", 1800}};
  return version;
}

inline NaiveTariff tariff_of(const Version& version) {
  NaiveTariff tariff;
  tariff.versions["OM"] = {version};
  return tariff;
}

inline Journey ride(const std::string& entry, std::int64_t entered, const std::string& exit,
                    std::int64_t left) {
  Journey journey;
  journey.entry = entry;
  journey.entered = entered;
  journey.exit = exit;
  journey.left = left;
  return journey;
}

// The data that lies beside the repository.
inline std::filesystem::path shared_file(const std::string& name) {
  const char* shared = std::getenv("OBVERSE_SHARED");
  return std::filesystem::path(shared == nullptr ? "../shared" : shared) / name;
}

inline boost::test_tools::assertion_result is_there(const std::string& name) {
  const bool there = std::filesystem::exists(shared_file(name));
  if (!there)
    std::cout << "skipped: naive fares against " << name << " (OBVERSE_SHARED names its folder)\n";
  return there;
}

}  // namespace obverse::naive::tests
