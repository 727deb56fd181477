// The feeds of real operators, which are not in this repository: where they are, and the tables of
// answers that lie beside them.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "ledger/gtfs/book.h"

namespace obverse::gtfs::tests {

inline std::filesystem::path shared_feed(const std::string& name) {
  const char* shared = std::getenv("OBVERSE_SHARED");
  return std::filesystem::path(shared == nullptr ? "../shared" : shared) / "data" / "gtfs" / name;
}

inline boost::test_tools::assertion_result is_there(const std::string& name) {
  const bool there = std::filesystem::exists(shared_feed(name) / "expected_fares.csv");
  if (!there)
    std::cout << "skipped: fares of " << name << ", no data/gtfs/" << name
              << " (OBVERSE_SHARED names its folder)\n";
  return there;
}

inline Table shared_table(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  Report report;
  Read<Table> table = read_csv(file.filename().string(), bytes, report);
  BOOST_REQUIRE_MESSAGE(table.has_value(), file.string());
  return *table;
}

}  // namespace obverse::gtfs::tests
