#include "ledger/gtfs/csv.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace obverse::gtfs {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// How many bytes the character that begins here has; 0 where it is no UTF-8.
std::size_t character_bytes(std::string_view rest) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(rest[at]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || rest.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xC0) != 0x80) return 0;
  // Longer than needed, half of a pair, or beyond the last character.
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

std::optional<std::size_t> line_that_is_no_utf8(std::string_view bytes) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = character_bytes(bytes.substr(at));
    if (length == 0) return line;
    line += bytes[at] == '\n' ? 1 : 0;
    at += length;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view file, std::string_view bytes, Report& report)
      : bytes_(bytes), report_(report) {
    table_.file = file;
  }

  Read<Table> read() {
    if (bytes_.starts_with(byte_order_mark)) bytes_.remove_prefix(byte_order_mark.size());
    if (const auto line = line_that_is_no_utf8(bytes_))
      return std::unexpected(
          Fault{{table_.file, *line, ""}, "is not UTF-8 text: save the file as UTF-8"});
    while (at_ < bytes_.size()) {
      const Read<Row> row = next_row();
      if (!row) return std::unexpected(row.error());
      const bool blank = row->cells.size() == 1 && row->cells[0].empty();
      if (blank) continue;
      if (const auto fault = take(*row)) return std::unexpected(*fault);
    }
    if (table_.columns.empty())
      return std::unexpected(wrong(1, "has no header line: it must name the columns"));
    return std::move(table_);
  }

 private:
  Fault wrong(std::size_t line, std::string what) const {
    return {{table_.file, line, ""}, std::move(what)};
  }

  bool line_ends() const {
    return at_ >= bytes_.size() || bytes_[at_] == '\n' ||
           (bytes_[at_] == '\r' && (at_ + 1 == bytes_.size() || bytes_[at_ + 1] == '\n'));
  }

  void skip_line_end() {
    if (at_ < bytes_.size() && bytes_[at_] == '\r') ++at_;
    if (at_ < bytes_.size() && bytes_[at_] == '\n') ++at_;
    ++line_;
  }

  Read<std::string> quoted() {
    const std::size_t began = line_;
    std::string cell;
    for (++at_; at_ < bytes_.size(); ++at_) {
      if (bytes_[at_] == '\n') ++line_;
      if (bytes_[at_] == '"') {
        if (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] != '"') break;
        ++at_;
      }
      cell += bytes_[at_];
      if (cell.size() > cell_bytes_max) return std::unexpected(wrong(began, too_long()));
    }
    if (at_ >= bytes_.size())
      return std::unexpected(wrong(began, "a quotation mark is opened and never closed"));
    ++at_;
    if (!line_ends() && bytes_[at_] != ',')
      return std::unexpected(
          wrong(line_, "text stands behind a closing quotation mark: double the marks inside"));
    return cell;
  }

  Read<std::string> plain() {
    const std::size_t from = at_;
    while (!line_ends() && bytes_[at_] != ',') {
      if (bytes_[at_] == '"')
        return std::unexpected(
            wrong(line_, "a quotation mark stands inside a value: put the value in marks"));
      ++at_;
    }
    if (at_ - from > cell_bytes_max) return std::unexpected(wrong(line_, too_long()));
    return std::string(bytes_.substr(from, at_ - from));
  }

  static std::string too_long() {
    return "a value is longer than " + std::to_string(cell_bytes_max) + " bytes";
  }

  Read<Row> next_row() {
    Row row{line_, {}};
    while (true) {
      const bool marks = at_ < bytes_.size() && bytes_[at_] == '"';
      Read<std::string> cell = marks ? quoted() : plain();
      if (!cell) return std::unexpected(cell.error());
      row.cells.push_back(std::move(*cell));
      if (row.cells.size() > columns_max)
        return std::unexpected(
            wrong(line_, "has more than " + std::to_string(columns_max) + " columns"));
      if (line_ends()) break;
      ++at_;
    }
    skip_line_end();
    return row;
  }

  std::optional<Fault> take(const Row& row) {
    if (table_.columns.empty()) return take_header(row);
    if (row.cells.size() > table_.columns.size())
      return wrong(row.line, "has " + std::to_string(row.cells.size()) + " values for " +
                                 std::to_string(table_.columns.size()) +
                                 " columns: put values with commas in quotation marks");
    if (table_.rows.size() == rows_max)
      return wrong(row.line, "has more than " + std::to_string(rows_max) + " rows");
    Row whole = row;
    if (row.cells.size() < table_.columns.size()) {
      report_.add(Weight::warning, "short_row", {table_.file, row.line, ""},
                  "has " + std::to_string(row.cells.size()) + " values for " +
                      std::to_string(table_.columns.size()) + " columns; the rest is empty");
      whole.cells.resize(table_.columns.size());
    }
    for (std::size_t i = 0; i < whole.cells.size(); ++i) look_at(whole, i);
    table_.rows.push_back(std::move(whole));
    return std::nullopt;
  }

  std::optional<Fault> take_header(const Row& row) {
    std::set<std::string_view> seen;
    for (const std::string& column : row.cells) {
      if (!seen.insert(column).second)
        return Fault{{table_.file, row.line, column}, "is a column twice: remove one"};
    }
    table_.columns = row.cells;
    return std::nullopt;
  }

  // The value is kept as it stands; many readers take the spaces for a part of it.
  void look_at(const Row& row, std::size_t index) {
    const std::string& cell = row.cells[index];
    if (cell.empty()) return;
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    if (is_space(cell.front()) || is_space(cell.back()))
      report_.add(Weight::warning, "space_around_value",
                  {table_.file, row.line, table_.columns[index]},
                  "\"" + cell + "\" begins or ends with a space, which is kept");
    if (cell.find_first_of("\t\r\n") != std::string::npos)
      report_.add(Weight::warning, "line_end_in_value",
                  {table_.file, row.line, table_.columns[index]}, "has a tab or a line end in it");
  }

  std::string_view bytes_;
  Report& report_;
  Table table_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

const std::string& Table::at(const Row& row, std::string_view name) const {
  static const std::string nothing;
  const auto index = column(name);
  return index ? row.cells[*index] : nothing;
}

Read<Table> read_csv(std::string_view file, std::string_view bytes, Report& report) {
  return Reader(file, bytes, report).read();
}

}  // namespace obverse::gtfs
