// A GTFS feed as tables: those files that fares are read from, with what was odd about reading
// them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ledger/gtfs/csv.h"
#include "ledger/gtfs/report.h"

namespace obverse::gtfs {

struct Feed {
  std::map<std::string, Table, std::less<>> tables;  // by file name
  std::set<std::string> others;                      // files that were not read
  Report report;                                     // of the reading

  bool has(std::string_view file) const { return tables.contains(file); }
  bool has_any(std::string_view file) const;  // read or not
  // The table, without rows where the feed lacks the file.
  const Table& table(std::string_view file) const;
};

// From a folder or a zip archive.
Read<Feed> read_feed(const std::filesystem::path&);
// From texts, by file name.
Read<Feed> feed_of(const std::map<std::string, std::string>& files);

}  // namespace obverse::gtfs
