// Tariffs: checked when published, compiled when applied, and then only read.
#include "ledger/rules/places/fares.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <tuple>

#include "ledger/rules/places/tariff_validity.h"

namespace obverse {
namespace {

constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();

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
  if (tariff.pricing != Pricing::sections && tariff.tracks.empty()) return out;
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

// What an adult and a child pay, before anybody's terms.
struct Columns {
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
};

Fare one_column(const Tariff& tariff, const Columns& columns, bool child) {
  return {{child ? columns.child_minor : columns.adult_minor, tariff.currency}, 0, 0, 0, {}, 0};
}

Fare priced_by_way(const Tariff& tariff, bool child, const Way& way) {
  const auto section = std::ranges::find_if(
      tariff.sections, [&](const Section& s) { return way.metres <= s.metres_max; });
  const auto number = static_cast<std::uint16_t>(section - tariff.sections.begin() + 1);
  Fare fare{{section->adult_minor, tariff.currency}, 0, way.metres, number, {}, 0};
  if (!child) {
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

const PairFare* find_pair(const Tariff& tariff, std::uint16_t from, std::uint16_t to) {
  const auto found =
      std::ranges::lower_bound(tariff.pair_fares, std::pair{from, to}, {},
                               [](const PairFare& pair) { return std::pair{pair.from, pair.to}; });
  if (found == tariff.pair_fares.end() || found->from != from || found->to != to) return nullptr;
  return &*found;
}

const PairFare* pair_between(const Tariff& tariff, StationId from, StationId to) {
  if (tariff.pricing == Pricing::matrix) return find_pair(tariff, from.value, to.value);
  return find_pair(tariff, tariff.zones[from.value], tariff.zones[to.value]);
}

Fare priced_by_time(const Tariff& tariff, bool child, Duration elapsed) {
  for (const TimeFare& row : tariff.time_fares)
    if (elapsed <= row.within) return one_column(tariff, {row.adult_minor, row.child_minor}, child);
  return one_column(tariff, {tariff.maximum_adult_minor, tariff.maximum_child_minor}, child);
}

// Between two stations, which for a flat or a time tariff may be the same one.
Fare priced_between(const Priced& priced, bool child, StationId from, StationId to,
                    Duration elapsed) {
  const Tariff& tariff = priced.tariff;
  Fare fare;
  switch (tariff.pricing) {
    case Pricing::sections:
      return priced_by_way(tariff, child, way_between(priced, from, to));
    case Pricing::flat:
      fare = one_column(tariff, {tariff.flat_adult_minor, tariff.flat_child_minor}, child);
      break;
    case Pricing::zones:
    case Pricing::matrix: {
      const PairFare* pair = pair_between(tariff, from, to);
      assert(pair != nullptr);  // prices_every_pair()
      fare = one_column(tariff, {pair->adult_minor, pair->child_minor}, child);
      break;
    }
    case Pricing::time:
      fare = priced_by_time(tariff, child, elapsed);
      break;
  }
  if (!priced.ways.empty()) fare.metres = way_between(priced, from, to).metres;
  return fare;
}

const CategoryTerms* terms_of(const Tariff& tariff, Category category) {
  const auto found = std::ranges::find(tariff.categories, category, &CategoryTerms::category);
  return found == tariff.categories.end() ? nullptr : &*found;
}

bool prices_every_pair(const Priced& priced) {
  const Tariff& tariff = priced.tariff;
  if (std::ranges::any_of(priced.ways, [](const Way& way) { return way.metres == unreachable; }))
    return false;
  if (tariff.pricing == Pricing::sections)
    return std::ranges::all_of(priced.ways, [&](const Way& way) {
      return priced_by_way(tariff, true, way).amount.minor <=
             priced_by_way(tariff, false, way).amount.minor;
    });
  if (tariff.pricing != Pricing::zones && tariff.pricing != Pricing::matrix) return true;
  for (std::uint16_t from = 0; from < tariff.stations.size(); ++from)
    for (std::uint16_t to = 0; to < tariff.stations.size(); ++to)
      if (from != to && pair_between(tariff, {from}, {to}) == nullptr) return false;
  return true;
}

// The same station costs by the time between in and out.
Fare priced_at_one_station(const Priced& priced, bool child, StationId station, Duration elapsed) {
  const Tariff& tariff = priced.tariff;
  if (elapsed <= tariff.same_station_free) return {{0, tariff.currency}, 0, 0, 0, {}, 0};
  if (elapsed >= tariff.journey_window)
    return one_column(tariff, {tariff.maximum_adult_minor, tariff.maximum_child_minor}, child);
  if (tariff.pricing == Pricing::time || tariff.pricing == Pricing::flat)
    return priced_between(priced, child, station, station, elapsed);
  if (tariff.pricing != Pricing::sections)
    return one_column(tariff, {tariff.entry_minimum_adult_minor, tariff.entry_minimum_child_minor},
                      child);
  Fare fare = priced_by_way(tariff, child, {0, 0});
  fare.section = 0;
  return fare;
}

bool has_known_sponsors(const Parties& parties, const Tariff& tariff) {
  return std::ranges::all_of(tariff.categories, [&](const CategoryTerms& terms) {
    return terms.sponsor.value == 0 || find(parties, terms.sponsor) != nullptr;
  });
}

}  // namespace

Decision decide(const Fares& fares, const Parties& parties, const PublishTariff& command,
                const Moment& moment) {
  const Tariff& tariff = command.tariff;
  const auto refuse = [](Refusal refusal) { return Decision{{}, Refused{refusal, {}}}; };
  if (find(parties, tariff.transit) == nullptr) return refuse(Refusal::operator_must_be_registered);
  if (!is_valid_code(tariff.code)) return refuse(Refusal::code_must_be_valid);
  if (!is_valid_tariff(tariff)) return refuse(Refusal::tariff_must_be_valid);
  if (!has_known_sponsors(parties, tariff)) return refuse(Refusal::sponsor_must_be_registered);
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

bool pays_child_fare(const Tariff& tariff, Category category) {
  if (category == Category::child) return true;
  const CategoryTerms* terms = terms_of(tariff, category);
  return terms != nullptr && terms->pays_child_fare;
}

Fare fare(const Priced& priced, Category category, StationId from, StationId to, Duration elapsed) {
  const Tariff& tariff = priced.tariff;
  assert(from.value < tariff.stations.size() && to.value < tariff.stations.size());
  const bool child = pays_child_fare(tariff, category);
  const auto price = [&](bool as_child) {
    return from == to && !tariff.entry_only ? priced_at_one_station(priced, as_child, from, elapsed)
                                            : priced_between(priced, as_child, from, to, elapsed);
  };
  Fare out = price(child);
  const CategoryTerms* terms = terms_of(tariff, category);
  if (terms == nullptr) return out;
  if (terms->flat_minor && *terms->flat_minor < out.amount.minor) {
    out.amount.minor = *terms->flat_minor;
    out.surcharge_minor = std::min(out.surcharge_minor, out.amount.minor);
  }
  if (terms->sponsor.value == 0) return out;
  out.sponsor = terms->sponsor;
  out.sponsored_minor = price(false).amount.minor - out.amount.minor;
  return out;
}

Money maximum_fare(const Tariff& tariff, Category category) {
  return {
      pays_child_fare(tariff, category) ? tariff.maximum_child_minor : tariff.maximum_adult_minor,
      tariff.currency};
}

Money entry_minimum(const Tariff& tariff, Category category) {
  const CategoryTerms* terms = terms_of(tariff, category);
  const std::int64_t minor = pays_child_fare(tariff, category) ? tariff.entry_minimum_child_minor
                                                               : tariff.entry_minimum_adult_minor;
  const bool is_flat = terms != nullptr && terms->flat_minor;
  return {is_flat ? std::min(minor, *terms->flat_minor) : minor, tariff.currency};
}

std::vector<StationId> stations_between(const Priced& priced, StationId from, StationId to) {
  std::vector<StationId> out;
  const std::int64_t whole = way_between(priced, from, to).metres;
  for (std::uint16_t at = 0; at < priced.tariff.stations.size(); ++at)
    if (way_between(priced, from, {at}).metres + way_between(priced, {at}, to).metres == whole)
      out.push_back({at});
  return out;
}

std::int64_t metres_between(const Priced& priced, StationId from, StationId to) {
  return priced.ways.empty() ? 0 : way_between(priced, from, to).metres;
}

}  // namespace obverse
