// Tariffs: checked when published, compiled when applied, and then only read.
#include "ledger/rules/places/fares.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <set>
#include <tuple>

#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t open_ended = std::numeric_limits<std::int64_t>::max();
// Longer than any railway; a sum over every track cannot wrap.
constexpr std::int64_t track_metres_max = 1'000'000'000;

struct Neighbour {
  std::size_t station = 0;
  Way way;
};
using Network = std::vector<std::vector<Neighbour>>;

Network network_of(const Tariff& tariff) {
  Network network(tariff.stations.size());
  for (const Track& track : tariff.tracks) {
    const Way way{track.metres, track.surcharge_minor};
    network[track.a.value].push_back({track.b.value, way});
    network[track.b.value].push_back({track.a.value, way});
  }
  return network;
}

// Dijkstra over (metres, greatest surcharge): of equally long ways the one that costs less.
std::vector<Way> ways_from(const Network& network, std::size_t origin) {
  using Reached = std::tuple<std::int64_t, std::int64_t, std::size_t>;
  std::vector<Way> best(network.size(), {unreachable, unreachable});
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> frontier;
  best[origin] = {0, 0};
  frontier.push({0, 0, origin});
  while (!frontier.empty()) {
    const auto [metres, surcharge, station] = frontier.top();
    frontier.pop();
    if (std::tie(metres, surcharge) !=
        std::tie(best[station].metres, best[station].surcharge_minor))
      continue;
    for (const Neighbour& next : network[station]) {
      const Way way{metres + next.way.metres, std::max(surcharge, next.way.surcharge_minor)};
      Way& known = best[next.station];
      if (std::tie(way.metres, way.surcharge_minor) >=
          std::tie(known.metres, known.surcharge_minor))
        continue;
      known = way;
      frontier.push({way.metres, way.surcharge_minor, next.station});
    }
  }
  return best;
}

Priced compile(TariffVersion version, const Tariff& tariff) {
  Priced out{version, tariff, {}};
  const Network network = network_of(tariff);
  out.ways.reserve(network.size() * (network.size() + 1) / 2);
  for (std::size_t b = 0; b < network.size(); ++b) {
    const std::vector<Way> ways = ways_from(network, b);
    out.ways.insert(out.ways.end(), ways.begin(),
                    ways.begin() + static_cast<std::ptrdiff_t>(b + 1));
  }
  return out;
}

const Way& way_between(const Priced& priced, StationId from, StationId to) {
  const std::size_t a = std::min(from.value, to.value);
  const std::size_t b = std::max(from.value, to.value);
  return priced.ways[b * (b + 1) / 2 + a];
}

// Half, rounded up to the unit.
std::int64_t half_up_to(std::int64_t amount, std::int64_t unit) {
  const std::int64_t twice = 2 * unit;
  return (amount + twice - 1) / twice * unit;
}

Fare priced_by_way(const Tariff& tariff, Category category, const Way& way) {
  const auto section = std::ranges::find_if(
      tariff.sections, [&](const Section& s) { return way.metres <= s.metres_max; });
  const auto number = static_cast<std::uint16_t>(section - tariff.sections.begin() + 1);
  Fare fare{{section->adult_minor, tariff.currency}, 0, way.metres, number};
  if (category == Category::adult) {
    fare.amount.minor += way.surcharge_minor;
    fare.surcharge_minor = way.surcharge_minor;
    return fare;
  }
  fare.amount.minor = section->child_minor;
  if (way.surcharge_minor == 0) return fare;
  // Rounded on the total; the surcharge is what the total is above the fare without one, so it
  // need not be half of the adult's.
  fare.amount.minor =
      std::max(section->child_minor,
               half_up_to(section->adult_minor + way.surcharge_minor, tariff.child_rounding_minor));
  fare.surcharge_minor = fare.amount.minor - section->child_minor;
  return fare;
}

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }

bool has_fit_stations(const Tariff& tariff) {
  if (tariff.stations.empty() || tariff.stations.size() > stations_max) return false;
  if (std::set<Code>(tariff.stations.begin(), tariff.stations.end()).size() !=
      tariff.stations.size())
    return false;
  return std::ranges::all_of(tariff.stations, [](const Code& code) { return is_valid_code(code); });
}

// No metres: two stations that are joined inside the gates.
bool has_fit_tracks(const Tariff& tariff) {
  if (tariff.tracks.size() > tracks_max) return false;
  return std::ranges::all_of(tariff.tracks, [&](const Track& track) {
    return track.a.value < tariff.stations.size() && track.b.value < tariff.stations.size() &&
           track.a != track.b && track.metres >= 0 && track.metres <= track_metres_max &&
           is_amount(track.surcharge_minor);
  });
}

bool has_fit_sections(const Tariff& tariff) {
  if (tariff.sections.empty() || tariff.sections.size() > sections_max) return false;
  std::int64_t metres_before = 0;
  for (const Section& section : tariff.sections) {
    if (section.metres_max <= metres_before) return false;
    if (!is_amount(section.adult_minor) || !is_amount(section.child_minor)) return false;
    if (section.child_minor > section.adult_minor) return false;
    // A surcharge is on top of the maximum, as it is on top of a section.
    if (section.adult_minor > tariff.maximum_adult_minor) return false;
    if (section.child_minor > tariff.maximum_child_minor) return false;
    metres_before = section.metres_max;
  }
  return metres_before == open_ended;
}

bool has_fit_amounts(const Tariff& tariff) {
  return is_amount(tariff.maximum_adult_minor) && is_amount(tariff.maximum_child_minor) &&
         tariff.maximum_adult_minor > 0 && tariff.maximum_child_minor > 0 &&
         tariff.maximum_child_minor <= tariff.maximum_adult_minor &&
         // A journey without anything held could not be told from one that pays nothing.
         tariff.entry_minimum_adult_minor > 0 && tariff.entry_minimum_child_minor > 0 &&
         tariff.entry_minimum_adult_minor <= tariff.maximum_adult_minor &&
         tariff.entry_minimum_child_minor <= tariff.maximum_child_minor &&
         tariff.child_rounding_minor > 0 && tariff.child_rounding_minor <= amount_minor_max;
}

bool has_fit_times(const Tariff& tariff) {
  return tariff.effective_from >= instant_min && tariff.effective_from <= instant_max &&
         tariff.journey_window > Duration{} && tariff.journey_window <= duration_max &&
         tariff.same_station_free >= Duration{} &&
         tariff.same_station_free < tariff.journey_window && tariff.travel_time_min >= Duration{} &&
         tariff.travel_time_min <= tariff.journey_window;
}

bool prices_every_pair(const Priced& priced) {
  return std::ranges::all_of(priced.ways, [&](const Way& way) {
    if (way.metres == unreachable) return false;
    return priced_by_way(priced.tariff, Category::child, way).amount.minor <=
           priced_by_way(priced.tariff, Category::adult, way).amount.minor;
  });
}

}  // namespace

Decision decide(const Fares& fares, const Parties& parties, const PublishTariff& command,
                const Moment& moment) {
  const Tariff& tariff = command.tariff;
  const auto refuse = [](Refusal refusal) { return Decision{{}, Refused{refusal, {}}}; };
  if (find(parties, tariff.transit) == nullptr) return refuse(Refusal::operator_must_be_registered);
  if (!is_valid_code(tariff.code)) return refuse(Refusal::code_must_be_valid);
  if (!has_fit_stations(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!has_fit_tracks(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!has_fit_amounts(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!has_fit_sections(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!has_fit_times(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!prices_every_pair(compile({}, tariff))) return refuse(Refusal::tariff_must_be_valid);
  const auto published = fares.by_operator.find(tariff.transit);
  if (published != fares.by_operator.end()) {
    const Tariff& last = priced(fares, published->second.back()).tariff;
    if (tariff.effective_from <= last.effective_from)
      return refuse(Refusal::tariff_must_follow_the_last);
    // What was in force yesterday stays what it was.
    if (tariff.effective_from < moment.now) return refuse(Refusal::tariff_must_follow_the_last);
  }
  // From here on it succeeds.
  const TariffVersion version{static_cast<std::uint32_t>(fares.versions.size() + 1)};
  return {{TariffPublished{version, tariff}}, Registered{version.value}};
}

void apply(Fares& fares, const TariffPublished& event) {
  fares.versions.emplace(event.version, compile(event.version, event.tariff));
  fares.by_operator[event.tariff.transit].push_back(event.version);
}

Outcome<const Priced*> tariff_at(const Fares& fares, OperatorId transit, Instant instant) {
  const auto published = fares.by_operator.find(transit);
  if (published == fares.by_operator.end())
    return std::unexpected(Refusal::tariff_must_be_in_force);
  const Priced* in_force = nullptr;
  for (const TariffVersion version : published->second) {
    const Priced& candidate = priced(fares, version);
    if (candidate.tariff.effective_from > instant) break;
    in_force = &candidate;
  }
  if (in_force == nullptr) return std::unexpected(Refusal::tariff_must_be_in_force);
  return in_force;
}

const Priced& priced(const Fares& fares, TariffVersion version) {
  const auto found = fares.versions.find(version);
  assert(found != fares.versions.end());
  return found->second;
}

Outcome<StationId> station_of(const Tariff& tariff, const Code& code) {
  const auto found = std::ranges::find(tariff.stations, code);
  if (found == tariff.stations.end()) return std::unexpected(Refusal::station_must_be_in_tariff);
  return StationId{static_cast<std::uint16_t>(found - tariff.stations.begin())};
}

Fare fare(const Priced& priced, Category category, StationId from, StationId to, Duration elapsed) {
  const Tariff& tariff = priced.tariff;
  assert(from.value < tariff.stations.size() && to.value < tariff.stations.size());
  if (from != to) return priced_by_way(tariff, category, way_between(priced, from, to));
  if (elapsed <= tariff.same_station_free) return {{0, tariff.currency}, 0, 0, 0};
  if (elapsed >= tariff.journey_window) return {maximum_fare(tariff, category), 0, 0, 0};
  Fare fare = priced_by_way(tariff, category, {0, 0});
  fare.section = 0;
  return fare;
}

Money maximum_fare(const Tariff& tariff, Category category) {
  return {category == Category::adult ? tariff.maximum_adult_minor : tariff.maximum_child_minor,
          tariff.currency};
}

Money entry_minimum(const Tariff& tariff, Category category) {
  return {category == Category::adult ? tariff.entry_minimum_adult_minor
                                      : tariff.entry_minimum_child_minor,
          tariff.currency};
}

}  // namespace obverse
