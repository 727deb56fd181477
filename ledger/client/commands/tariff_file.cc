#include "ledger/client/commands/tariff_file.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "ledger/client/commands/settings.h"
#include "ledger/model/limits.h"
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
  } catch (const json::exception& error) {  // a number beyond any double is no parse_error
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

// Whole, and from `min` to `max`.
std::int64_t number(const std::filesystem::path& file, const json& object, const char* name,
                    std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                    std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (found == object.end() || !found->is_number_integer())
    wrong(file, std::string("\"") + name + "\" must be a whole number");
  const bool wraps = found->is_number_unsigned() &&
                     found->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  const std::int64_t value = wraps ? max : found->get<std::int64_t>();
  if (wraps || value < min || value > max)
    wrong(file, std::string("\"") + name + "\" must be from " + std::to_string(min) + " to " +
                    std::to_string(max));
  return value;
}

// A number of units, each of so many milliseconds, in milliseconds.
std::int64_t milliseconds_of(const std::filesystem::path& file, const json& object,
                             const char* name, std::int64_t unit) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / unit;
  return number(file, object, name, -most, most) * unit;
}

// The member `name`, a list of at most so many; an empty one where it need not be there and is not.
const json& list(const std::filesystem::path& file, const json& object, const char* name,
                 std::size_t items_max, bool must = true) {
  static const json none = json::array();
  if (!must && !object.contains(name)) return none;
  if (!object.contains(name) || !object[name].is_array())
    wrong(file, std::string("\"") + name + "\" must be a list");
  if (object[name].size() > items_max)
    wrong(file, std::string("\"") + name + "\" has more than " + std::to_string(items_max));
  return object[name];
}

bool has_form_of_instant(const std::string& words) {
  static constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd+dd:dd";
  return std::ranges::equal(words, form, [](char given, char wanted) {
    if (wanted == 'd') return given >= '0' && given <= '9';
    return given == wanted || (wanted == '+' && given == '-');
  });
}

// Where has_form_of_instant() found digits.
int digits_at(std::string_view words, std::size_t from, std::size_t count) {
  int number = 0;
  for (const char digit : words.substr(from, count)) number = 10 * number + (digit - '0');
  return number;
}

// "2025-01-19T00:00:00+09:00" (RFC 3339, whole seconds, a numeric offset) in milliseconds since
// 1970.
std::int64_t instant(const std::filesystem::path& file, const std::string& words) {
  const auto refuse = [&] {
    wrong(file, "\"" + words + "\" is no instant: write 2025-01-19T00:00:00+09:00");
  };
  if (!has_form_of_instant(words)) refuse();
  const int hour = digits_at(words, 11, 2);
  const int minute = digits_at(words, 14, 2);
  const int second = digits_at(words, 17, 2);
  const int offset_hours = digits_at(words, 20, 2);
  const int offset_minutes = digits_at(words, 23, 2);
  const std::chrono::year_month_day date{
      std::chrono::year(digits_at(words, 0, 4)),
      std::chrono::month(static_cast<unsigned>(digits_at(words, 5, 2))),
      std::chrono::day(static_cast<unsigned>(digits_at(words, 8, 2)))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || offset_hours > 23 ||
      offset_minutes > 59)
    refuse();
  const std::chrono::milliseconds local = std::chrono::sys_days(date).time_since_epoch() +
                                          std::chrono::hours(hour) + std::chrono::minutes(minute) +
                                          std::chrono::seconds(second);
  const std::chrono::milliseconds offset =
      std::chrono::hours(offset_hours) + std::chrono::minutes(offset_minutes);
  return (words[19] == '+' ? local - offset : local + offset).count();
}

std::uint16_t currency(const std::filesystem::path& file, const json& object) {
  const auto known = currency_of(member<std::string>(file, object, "currency"));
  if (!known) wrong(file, "\"currency\" must be an ISO 4217 code such as JPY");
  return static_cast<std::uint16_t>(*known);
}

void read_network(const std::filesystem::path& file, const json& in, rpc::Tariff::Builder out) {
  list(file, in, "stations", stations_max);
  const auto stations = member<std::vector<std::string>>(file, in, "stations");
  std::map<std::string, std::uint16_t> index;
  auto codes = out.initStations(static_cast<unsigned>(stations.size()));
  for (unsigned i = 0; i < stations.size(); ++i) {
    if (!index.emplace(stations[i], static_cast<std::uint16_t>(i)).second)
      wrong(file, "station " + stations[i] + " twice");
    codes.set(i, stations[i]);
  }
  const auto& tracks = list(file, in, "tracks", tracks_max);
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
  const auto& sections = list(file, in, "sections", sections_max);
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
  out.setJourneyWindowMs(milliseconds_of(file, in, "journey_window_minutes", 60'000));
  out.setSameStationFreeMs(milliseconds_of(file, in, "same_station_free_seconds", 1'000));
  out.setTravelTimeMinMs(milliseconds_of(file, in, "travel_time_min_minutes", 60'000));
}

}  // namespace

void read_tariff(const std::filesystem::path& file, rpc::Tariff::Builder out) {
  const json in = parse(file);
  list(file, in, "sections", sections_max);
  list(file, in, "tracks", tracks_max);
  for (const char* name : {"maximum", "entry_minimum"})
    if (!in.contains(name) || !in[name].is_object())
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
  constexpr std::int64_t byte_max = std::numeric_limits<std::uint8_t>::max();
  constexpr std::int64_t score_max = std::numeric_limits<std::int32_t>::max();
  out.setPinFailuresMax(
      static_cast<std::uint8_t>(number(file, in, "pin_failures_max", 0, byte_max)));
  out.setPhotosMin(static_cast<std::uint8_t>(number(file, in, "photos_min", 0, byte_max)));
  out.setDayOffsetMs(milliseconds_of(file, in, "day_offset_minutes", 60'000));
  out.setCorrectionWindowMs(milliseconds_of(file, in, "correction_window_days", 86'400'000));
  out.setMargin(static_cast<std::int32_t>(number(file, in, "margin", -score_max, score_max)));
  const auto& rows = list(file, in, "thresholds", thresholds_max, false);
  auto built = out.initThresholds(static_cast<unsigned>(rows.size()));
  for (unsigned i = 0; i < built.size(); ++i) {
    built[i].setModel(member<std::string>(file, rows[i], "model"));
    const auto search = member<std::string>(file, rows[i], "search");
    if (search != "1:N" && search != "1:1") wrong(file, "\"search\" must be 1:N or 1:1");
    built[i].setOneToMany(search == "1:N");
    built[i].setScopeMax(static_cast<std::uint32_t>(
        number(file, rows[i], "scope_max", 0, std::numeric_limits<std::uint32_t>::max())));
    built[i].setThreshold(
        static_cast<std::int32_t>(number(file, rows[i], "threshold", -score_max, score_max)));
  }
}

}  // namespace obverse
