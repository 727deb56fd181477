// Comma-separated text as RFC 4180 and the GTFS reference have it: quotes, commas and line ends in
// quotes, CRLF or LF, a byte-order mark. Nothing is guessed: a row of another length than the
// header is no row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/gtfs/report.h"

namespace obverse::gtfs {

inline constexpr std::size_t rows_max = 5'000'000;
inline constexpr std::size_t columns_max = 256;
inline constexpr std::size_t cell_bytes_max = 65'536;

struct Row {
  std::size_t line = 0;            // where it begins
  std::vector<std::string> cells;  // as many as there are columns
  friend bool operator==(const Row&, const Row&) = default;
};

struct Table {
  std::string file;
  std::vector<std::string> columns;
  std::vector<Row> rows;

  std::optional<std::size_t> column(std::string_view name) const;
  // The cell, empty where the file lacks the column.
  const std::string& at(const Row&, std::string_view column) const;
};

// What is odd but readable (a space around a value, a line end in one, a row cut short at its end)
// goes to the report.
Read<Table> read_csv(std::string_view file, std::string_view bytes, Report&);

}  // namespace obverse::gtfs
