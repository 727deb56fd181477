#include "ledger/client/commands/tariff_file.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "ledger/client/commands/settings.h"
#include "ledger/model/money.h"

namespace obverse {
namespace {

using nlohmann::json;

[[noreturn]] void wrong(const std::filesystem::path& file, const std::string& what) {
  throw CommandFailed(Ended::usage, file.string() + ": " + what);
}

json parse(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) wrong(file, "cannot be read: check the path");
  try {
    return json::parse(in);
  } catch (const json::parse_error& error) {
    wrong(file, std::string("is not JSON: ") + error.what());
  }
}

// The member `name`, which must be there and of the type asked for.
template <class T>
T member(const std::filesystem::path& file, const json& object, const char* name) {
  try {
    return object.at(name).get<T>();
  } catch (const json::exception&) {
    wrong(file, std::string("\"") + name + "\" is missing or of the wrong type");
  }
}

std::int64_t number(const std::filesystem::path& file, const json& object, const char* name) {
  if (!object.contains(name) || !object[name].is_number_integer())
    wrong(file, std::string("\"") + name + "\" must be a whole number");
  return object[name].get<std::int64_t>();
}

// "2025-01-19T00:00:00+09:00" (RFC 3339, whole seconds, a numeric offset) in milliseconds since
// 1970.
std::int64_t instant(const std::filesystem::path& file, const std::string& words) {
  int year = 0, hour = 0, minute = 0, second = 0, offset_hours = 0, offset_minutes = 0, read = 0;
  unsigned month = 0, day = 0;
  char sign = 0;
  const int fields =
      std::sscanf(words.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%c%2d:%2d%n", &year, &month, &day, &hour,
                  &minute, &second, &sign, &offset_hours, &offset_minutes, &read);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  const bool whole =
      fields == 9 && static_cast<std::size_t>(read) == words.size() && (sign == '+' || sign == '-');
  if (!whole || !date.ok() || hour > 23 || minute > 59 || second > 59)
    wrong(file, "\"" + words + "\" is no instant: write 2025-01-19T00:00:00+09:00");
  const std::int64_t local = std::chrono::sys_days(date).time_since_epoch().count() * 86'400LL +
                             hour * 3600 + minute * 60 + second;
  const std::int64_t offset = offset_hours * 3600 + offset_minutes * 60;
  return (local - (sign == '+' ? offset : -offset)) * 1000;
}

std::uint16_t currency(const std::filesystem::path& file, const json& object) {
  const auto known = currency_of(member<std::string>(file, object, "currency"));
  if (!known) wrong(file, "\"currency\" must be an ISO 4217 code such as JPY");
  return static_cast<std::uint16_t>(*known);
}

void read_network(const std::filesystem::path& file, const json& in, rpc::Tariff::Builder out) {
  const auto stations = member<std::vector<std::string>>(file, in, "stations");
  std::map<std::string, std::uint16_t> index;
  auto codes = out.initStations(static_cast<unsigned>(stations.size()));
  for (unsigned i = 0; i < stations.size(); ++i) {
    if (!index.emplace(stations[i], static_cast<std::uint16_t>(i)).second)
      wrong(file, "station " + stations[i] + " twice");
    codes.set(i, stations[i]);
  }
  const auto& tracks = in.at("tracks");
  auto built = out.initTracks(static_cast<unsigned>(tracks.size()));
  for (unsigned i = 0; i < built.size(); ++i) {
    const auto a = member<std::string>(file, tracks[i], "a");
    const auto b = member<std::string>(file, tracks[i], "b");
    if (!index.contains(a) || !index.contains(b))
      wrong(file, "track " + a + " to " + b + " names an unknown station");
    built[i].setA(index[a]);
    built[i].setB(index[b]);
    built[i].setMetres(number(file, tracks[i], "metres"));
    built[i].setSurcharge(number(file, tracks[i], "surcharge"));
  }
}

void read_amounts(const std::filesystem::path& file, const json& in, rpc::Tariff::Builder out) {
  const auto& sections = in.at("sections");
  auto built = out.initSections(static_cast<unsigned>(sections.size()));
  for (unsigned i = 0; i < built.size(); ++i) {
    const bool open = sections[i].contains("metres_max") && sections[i]["metres_max"].is_null();
    built[i].setMetresMax(open ? std::numeric_limits<std::int64_t>::max()
                               : number(file, sections[i], "metres_max"));
    built[i].setAdult(number(file, sections[i], "adult"));
    built[i].setChild(number(file, sections[i], "child"));
  }
  out.setChildRounding(number(file, in, "child_rounding"));
  out.setMaximumAdult(number(file, in.at("maximum"), "adult"));
  out.setMaximumChild(number(file, in.at("maximum"), "child"));
  out.setEntryMinimumAdult(number(file, in.at("entry_minimum"), "adult"));
  out.setEntryMinimumChild(number(file, in.at("entry_minimum"), "child"));
  out.setJourneyWindowMs(number(file, in, "journey_window_minutes") * 60'000);
  out.setSameStationFreeMs(number(file, in, "same_station_free_seconds") * 1000);
  out.setTravelTimeMinMs(number(file, in, "travel_time_min_minutes") * 60'000);
}

}  // namespace

void read_tariff(const std::filesystem::path& file, rpc::Tariff::Builder out) {
  const json in = parse(file);
  for (const char* name : {"sections", "tracks", "maximum", "entry_minimum"})
    if (!in.contains(name) || !in[name].is_structured())
      wrong(file, std::string("\"") + name + "\" is missing");
  out.setCode(member<std::string>(file, in, "code"));
  out.setTransitOperator(member<std::string>(file, in, "operator"));
  out.setEffectiveFrom(instant(file, member<std::string>(file, in, "effective_from")));
  out.setCurrency(currency(file, in));
  read_network(file, in, out);
  read_amounts(file, in, out);
}

void read_policy(const std::filesystem::path& file, rpc::Policy::Builder out) {
  const json in = parse(file);
  out.setCurrency(currency(file, in));
  out.setAuthorisationLifeMs(number(file, in, "authorisation_life_ms"));
  out.setStepUpLifeMs(number(file, in, "step_up_life_ms"));
  out.setHoldLifeMs(number(file, in, "hold_life_ms"));
  out.setFaceOnlyPurchaseMax(number(file, in, "face_only_purchase_max"));
  out.setFaceOnlyDayMax(number(file, in, "face_only_day_max"));
  out.setPinFailuresMax(member<std::uint8_t>(file, in, "pin_failures_max"));
  out.setPhotosMin(member<std::uint8_t>(file, in, "photos_min"));
  out.setDayOffsetMs(number(file, in, "day_offset_minutes") * 60'000);
  out.setCorrectionWindowMs(number(file, in, "correction_window_days") * 86'400'000);
  out.setMargin(static_cast<std::int32_t>(number(file, in, "margin")));
  const auto& rows = in.contains("thresholds") ? in["thresholds"] : json::array();
  auto built = out.initThresholds(static_cast<unsigned>(rows.size()));
  for (unsigned i = 0; i < built.size(); ++i) {
    built[i].setModel(member<std::string>(file, rows[i], "model"));
    built[i].setOneToMany(member<std::string>(file, rows[i], "search") == "1:N");
    built[i].setScopeMax(member<std::uint32_t>(file, rows[i], "scope_max"));
    built[i].setThreshold(static_cast<std::int32_t>(number(file, rows[i], "threshold")));
  }
}

}  // namespace obverse
