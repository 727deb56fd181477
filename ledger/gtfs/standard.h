// The GTFS Schedule reference (revision of 2026-04-27) as data, as far as fares are concerned:
// which files and columns there are, which must be there, what identifies a row, and which column
// names what other column.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::gtfs {

struct Reference {
  std::string_view column;
  // "stops.txt:zone_id": any of them may have the value.
  std::vector<std::string_view> targets;
};

struct Described {
  std::string_view file;
  std::vector<std::string_view> required;  // columns whose values may not be empty
  std::vector<std::string_view> other;     // columns that may be there
  std::vector<std::string_view> key;       // which columns together are unique; empty: not checked
  std::vector<Reference> references;
};

// Of the files that fares are read from.
const std::vector<Described>& described_files();
std::set<std::string> described_names();

// Files of the reference that say nothing of fares: they are not read, and not odd.
bool is_other_file_of_the_standard(std::string_view file);

// Columns that are no part of the reference and that this build understands all the same.
bool is_understood_extension(std::string_view file, std::string_view column);

}  // namespace obverse::gtfs
