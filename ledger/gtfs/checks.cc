#include "ledger/gtfs/checks.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/gtfs/standard.h"

namespace obverse::gtfs {
namespace {

using Values = std::set<std::string_view>;

Values values_of(const Feed& feed, std::string_view target) {
  const std::size_t colon = target.find(':');
  const Table& table = feed.table(target.substr(0, colon));
  Values values;
  const auto column = table.column(target.substr(colon + 1));
  if (!column) return values;
  for (const Row& row : table.rows)
    if (!row.cells[*column].empty()) values.insert(row.cells[*column]);
  return values;
}

std::string joined(const std::vector<std::string_view>& words, std::string_view between) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

void check_columns(const Table& table, const Described& described, Report& report) {
  for (const std::string_view column : described.required)
    if (!table.column(column))
      report.add(Weight::error, "missing_column", {table.file, 1, std::string(column)},
                 "is required and not there");
  for (const std::string& column : table.columns) {
    if (std::ranges::count(described.required, column) +
            std::ranges::count(described.other, column) >
        0)
      continue;
    const bool understood = is_understood_extension(table.file, column);
    report.add(Weight::note, understood ? "extension" : "unknown_column", {table.file, 1, column},
               understood ? "is no column of the standard; it is understood and used"
                          : "is no column of the standard; it is not used");
  }
}

void check_required_values(const Table& table, const Described& described, Report& report) {
  for (const std::string_view name : described.required) {
    const auto column = table.column(name);
    if (!column) continue;
    for (const Row& row : table.rows)
      if (row.cells[*column].empty())
        report.add(Weight::error, "missing_value", {table.file, row.line, std::string(name)},
                   "is required and empty");
  }
}

void check_keys(const Table& table, const Described& described, Report& report) {
  std::map<std::string, std::size_t> first;
  for (const Row& row : table.rows) {
    std::string key;
    for (const std::string_view column : described.key) key += table.at(row, column) + '\x1F';
    const auto [at, is_new] = first.emplace(std::move(key), row.line);
    if (!is_new && !described.key.empty())
      report.add(
          Weight::error, "duplicate_row", {table.file, row.line, ""},
          "has the same " + joined(described.key, ", ") + " as line " + std::to_string(at->second));
  }
}

void check_references(const Feed& feed, const Table& table, const Described& described,
                      Report& report) {
  for (const Reference& reference : described.references) {
    const auto column = table.column(reference.column);
    if (!column) continue;
    Values known;
    for (const std::string_view target : reference.targets) known.merge(values_of(feed, target));
    for (const Row& row : table.rows) {
      const std::string& value = row.cells[*column];
      if (value.empty() || known.contains(value)) continue;
      report.add(Weight::error, "dangling_reference",
                 {table.file, row.line, std::string(reference.column)},
                 "names \"" + value + "\", which is not in " + joined(reference.targets, " or "));
    }
  }
}

bool is_corporate_number(std::string_view text) {
  return text.size() == 13 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_japanese_agencies(const Feed& feed, Report& report) {
  const Table& agencies = feed.table("agency.txt");
  for (const Row& row : agencies.rows) {
    const std::string& number = agencies.at(row, "agency_id");
    // A number of a branch may follow: 13 digits, "_", digits.
    if (!is_corporate_number(number.substr(0, number.find('_'))))
      report.add(Weight::warning, "jp_agency_id", {agencies.file, row.line, "agency_id"},
                 "\"" + number + "\" is no corporate number of 13 digits");
    if (agencies.at(row, "agency_timezone") != "Asia/Tokyo")
      report.add(Weight::warning, "jp_timezone", {agencies.file, row.line, "agency_timezone"},
                 "GTFS-JP wants Asia/Tokyo");
  }
}

void check_japanese_zones(const Feed& feed, Report& report) {
  const Table& stops = feed.table("stops.txt");
  const Table& rules = feed.table("fare_rules.txt");
  const bool by_zone = std::ranges::any_of(
      rules.rows, [&](const Row& row) { return !rules.at(row, "origin_id").empty(); });
  if (!by_zone) return;
  std::map<std::string, std::size_t> stop_of_zone;
  for (const Row& row : stops.rows) {
    const std::string& type = stops.at(row, "location_type");
    if (!type.empty() && type != "0") continue;
    const std::string& zone = stops.at(row, "zone_id");
    if (zone.empty()) {
      report.add(Weight::warning, "jp_stop_without_zone", {stops.file, row.line, "zone_id"},
                 "is empty though fares are by zone");
      continue;
    }
    const auto [at, is_new] = stop_of_zone.emplace(zone, row.line);
    if (!is_new)
      report.add(Weight::warning, "jp_zone_of_many_stops", {stops.file, row.line, "zone_id"},
                 "zone \"" + zone + "\" is that of line " + std::to_string(at->second) +
                     " too; a table by distance has one zone a stop");
  }
}

}  // namespace

Report check_against_standard(const Feed& feed) {
  Report report;
  for (const std::string_view file : {"agency.txt", "stops.txt", "routes.txt"})
    if (!feed.has(file))
      report.add(Weight::error, "missing_file", {std::string(file), 0, ""}, "is required");
  for (const std::string& other : feed.others) {
    if (other.ends_with(".txt") && !is_other_file_of_the_standard(other))
      report.add(Weight::note, "unknown_file", {other, 0, ""},
                 "is no file of the standard; it was not read");
  }
  for (const Described& described : described_files()) {
    const auto found = feed.tables.find(described.file);
    if (found == feed.tables.end()) continue;
    check_columns(found->second, described, report);
    check_required_values(found->second, described, report);
    check_keys(found->second, described, report);
    check_references(feed, found->second, described, report);
  }
  return report;
}

bool is_japanese(const Feed& feed) {
  for (const std::string_view file :
       {"agency_jp.txt", "office_jp.txt", "pattern_jp.txt", "routes_jp.txt"})
    if (feed.has_any(file)) return true;
  const Table& agencies = feed.table("agency.txt");
  return std::ranges::any_of(agencies.rows, [&](const Row& row) {
    return agencies.at(row, "agency_timezone") == "Asia/Tokyo";
  });
}

Report check_against_japanese_standard(const Feed& feed) {
  Report report;
  for (const std::string_view file :
       {"agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt",
        "fare_attributes.txt", "fare_rules.txt", "feed_info.txt", "translations.txt"})
    if (!feed.has_any(file))
      report.add(Weight::warning, "jp_missing_file", {std::string(file), 0, ""},
                 "is required by GTFS-JP");
  if (!feed.has("calendar.txt") && !feed.has("calendar_dates.txt"))
    report.add(Weight::warning, "jp_missing_file", {"calendar.txt", 0, ""},
               "or calendar_dates.txt is required by GTFS-JP");
  check_japanese_agencies(feed, report);
  check_japanese_zones(feed, report);
  return report;
}

}  // namespace obverse::gtfs
