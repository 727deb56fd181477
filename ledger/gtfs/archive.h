// The files of a feed as bytes, from a folder or a zip archive, within bounds that hold before
// memory is taken.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "ledger/gtfs/report.h"

namespace obverse::gtfs {

inline constexpr std::size_t entries_max = 4'096;
inline constexpr std::uint64_t file_bytes_max = 256ULL << 20;
inline constexpr std::uint64_t feed_bytes_max = 1ULL << 30;

struct Files {
  std::map<std::string, std::string> wanted;  // name -> bytes
  std::set<std::string> others;               // there, and not read
};

// Reads those of `names` that are there. A zip archive is told by its first bytes; files in a
// subfolder of it are others, as the reference wants them at the root.
Read<Files> read_files(const std::filesystem::path&, const std::set<std::string>& names);

}  // namespace obverse::gtfs
