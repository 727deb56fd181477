#include "ledger/gtfs/matrix.h"

#include <algorithm>
#include <optional>
#include <set>

#include "ledger/model/limits.h"

namespace obverse::gtfs {
namespace {

constexpr const char* rules_file = "fare_rules.txt";

// The codes of this product: a short word of few characters.
bool fits_a_code(const std::string& text) {
  constexpr std::string_view characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._'-";
  return !text.empty() && text.size() <= code_length_max &&
         text.find_first_not_of(characters) == std::string::npos;
}

std::optional<Fault> unfit(const FaresV1& book, const FareClass& fare, const ZoneRule& rule) {
  const auto fault = [&](const char* column, std::string what) {
    return Fault{{rules_file, rule.line, column}, std::move(what)};
  };
  if (rule.origin.empty() || rule.destination.empty())
    return fault("origin_id, destination_id",
                 "names no pair of zones: this fare is no station-to-station fare");
  if (!rule.contains.empty())
    return fault("contains_id", "asks which zones are passed: a gate does not see that");
  if (!rule.route.empty() && book.places.routes.size() > 1)
    return fault("route_id", "asks which route is ridden: a gate does not see that");
  if (!fare.price)  // and so a price is there wherever a rule is fit
    return Fault{{"fare_attributes.txt", fare.line, "price"}, "fare " + fare.id + " is unknown"};
  for (const std::string& zone : {rule.origin, rule.destination})
    if (!fits_a_code(zone))
      return fault("origin_id, destination_id",
                   "zone \"" + zone + "\" can be no station code: 1 to " +
                       std::to_string(code_length_max) + " characters of A-Z a-z 0-9 . _ ' -");
  return std::nullopt;
}

void add_stations(const FaresV1& book, const std::set<std::string>& zones, Matrix& out) {
  for (const auto& [id, stop] : book.places.stops) {
    if (!zones.contains(stop.zone)) continue;
    out.station_of_stop[id] = stop.zone;
    std::vector<std::string>& names = out.names[stop.zone];
    if (!stop.name.empty() && std::ranges::count(names, stop.name) == 0) names.push_back(stop.name);
  }
  out.stations.assign(zones.begin(), zones.end());
}

}  // namespace

Read<Matrix> matrix_of(const FaresV1& book) {
  if (book.fares.empty()) return std::unexpected(Fault{{"fare_attributes.txt", 0, ""}, "is empty"});
  Matrix out;
  std::optional<Currency> currency;
  std::set<std::string> zones;
  for (const FareClass& fare : book.fares) {
    const auto rules = book.rules.find(fare.id);
    if (rules == book.rules.end())
      return std::unexpected(
          Fault{{"fare_attributes.txt", fare.line, ""},
                "fare " + fare.id + " has no rule: it counts everywhere, not between stations"});
    for (const ZoneRule& rule : rules->second) {
      if (const auto fault = unfit(book, fare, rule)) return std::unexpected(*fault);
      const Money price = fare.price.value_or(Money{});
      if (currency.value_or(price.currency) != price.currency)
        return std::unexpected(
            Fault{{"fare_attributes.txt", fare.line, "currency_type"}, "is a second currency"});
      currency = price.currency;
      zones.insert({rule.origin, rule.destination});
      const auto [known, is_new] =
          out.adult_minor.try_emplace({rule.origin, rule.destination}, price.minor);
      if (!is_new) known->second = std::min(known->second, price.minor);
    }
  }
  if (zones.size() > stations_max)
    return std::unexpected(
        Fault{{rules_file, 0, ""}, "has more than " + std::to_string(stations_max) + " zones"});
  out.currency = currency.value_or(Currency::jpy);
  add_stations(book, zones, out);
  return out;
}

}  // namespace obverse::gtfs
