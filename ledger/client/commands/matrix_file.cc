#include "ledger/client/commands/matrix_file.h"

#include <algorithm>
#include <fstream>

#include "ledger/client/commands/settings.h"
#include "ledger/model/limits.h"
#include "ledger/rules/people/parties.h"

namespace obverse {
namespace {

constexpr const char* form = "station-to-station";

[[noreturn]] void wrong(const std::filesystem::path& file, const std::string& what) {
  throw CommandFailed(Ended::usage, file.string() + ": " + what);
}

std::optional<Json> parsed(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return std::nullopt;
  try {
    return Json::parse(in);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

void read_stations(const std::filesystem::path& file, const Json& in, gtfs::Matrix& out) {
  const auto stations = in.find("stations");
  if (stations == in.end() || !stations->is_array() || stations->size() > stations_max)
    wrong(file, "\"stations\" must be a list of at most " + std::to_string(stations_max));
  for (const Json& station : *stations) {
    if (!station.is_string() || !is_valid_code(station.get<std::string>()))
      wrong(file, "\"stations\" has " + station.dump() +
                      ": a station is 1 to 32 characters of A-Z a-z 0-9 . _ ' -");
    out.stations.push_back(station.get<std::string>());
  }
}

void read_fares(const std::filesystem::path& file, const Json& in, gtfs::Matrix& out) {
  const auto fares = in.find("fares");
  if (fares == in.end() || !fares->is_array()) wrong(file, "\"fares\" must be a list");
  const auto is_known = [&](const Json& word) {
    return word.is_string() && std::ranges::count(out.stations, word.get<std::string>()) == 1;
  };
  for (const Json& row : *fares) {
    if (!row.is_array() || row.size() != 3 || !is_known(row[0]) || !is_known(row[1]))
      wrong(file, "\"fares\" has " + row.dump() + ": write [from, to, amount], of its stations");
    const bool fits = row[2].is_number_integer() && row[2] >= 0 && row[2] <= amount_minor_max;
    if (!fits) wrong(file, "\"fares\" has " + row.dump() + ": an amount is whole minor units");
    if (!out.adult_minor.emplace(std::pair(row[0], row[1]), row[2].get<std::int64_t>()).second)
      wrong(file, "\"fares\" has " + row.dump() + " a second time");
  }
}

}  // namespace

Json to_json(const gtfs::Matrix& matrix) {
  Json out{{"form", form},
           {"currency", std::string(alphabetic(matrix.currency))},
           {"stations", matrix.stations},
           {"names", Json::object()},
           {"stops", Json::object()},
           {"fares", Json::array()}};
  for (const auto& [station, names] : matrix.names) out["names"][station] = names;
  for (const auto& [stop, station] : matrix.station_of_stop)
    if (stop != station) out["stops"][stop] = station;
  for (const auto& [pair, minor] : matrix.adult_minor)
    out["fares"].push_back({pair.first, pair.second, minor});
  return out;
}

bool is_matrix_file(const std::filesystem::path& file) {
  const auto json = parsed(file);
  return json && json->is_object() && json->value("form", Json()) == form;
}

gtfs::Matrix read_matrix(const std::filesystem::path& file) {
  const auto json = parsed(file);
  if (!json || !json->is_object()) wrong(file, "cannot be read as JSON: check the path");
  const Json letters = json->value("currency", Json());
  const auto currency =
      letters.is_string() ? currency_of(letters.get<std::string>()) : std::nullopt;
  if (!currency) wrong(file, "\"currency\" must be an ISO 4217 code such as JPY");
  gtfs::Matrix out;
  out.currency = *currency;
  read_stations(file, *json, out);
  read_fares(file, *json, out);
  const Json stops = json->value("stops", Json::object());
  if (!stops.is_object()) wrong(file, "\"stops\" must be an object: stop to station");
  for (const auto& [stop, station] : stops.items()) {
    if (!station.is_string() || std::ranges::count(out.stations, station.get<std::string>()) == 0)
      wrong(file, "\"stops\" has " + stop + ", whose station is not there");
    out.station_of_stop[stop] = station;
  }
  for (const std::string& station : out.stations) out.station_of_stop.try_emplace(station, station);
  return out;
}

gtfs::Answer price(const gtfs::Matrix& matrix, const gtfs::Leg& leg, const std::string& category) {
  using gtfs::Unknown;
  using gtfs::Why;
  if (!category.empty() && category != "adult")
    return Unknown{Why::unknown_category, category + " (the table has adult fares)"};
  const auto from = matrix.station_of_stop.find(leg.from);
  const auto to = matrix.station_of_stop.find(leg.to);
  for (const auto& [found, stop] : {std::pair(from, leg.from), std::pair(to, leg.to)})
    if (found == matrix.station_of_stop.end()) return Unknown{Why::unknown_stop, stop};
  const auto fare = matrix.adult_minor.find({from->second, to->second});
  if (fare == matrix.adult_minor.end())
    return Unknown{Why::no_rule, from->second + " to " + to->second};
  return gtfs::Price{{fare->second, matrix.currency}, {}, "", "single"};
}

}  // namespace obverse
