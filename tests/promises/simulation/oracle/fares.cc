// What a ride costs: the shortest way by metres, its section, and once the greatest surcharge on
// that way (DOMAIN 2.1, S02, S03).
#include <limits>

#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

struct Way {
  std::int64_t metres = 0;
  std::int64_t surcharge = 0;
  friend auto operator<=>(const Way&, const Way&) = default;
};

// Dijkstra's way, with a list for a queue. Of two ways of the same length the cheaper counts.
std::map<std::uint16_t, Way> ways_from(const Tariff& tariff, StationId from) {
  std::map<std::uint16_t, Way> found;
  std::map<std::uint16_t, Way> open{{from.value, {}}};
  while (!open.empty()) {
    auto nearest = open.begin();
    for (auto each = open.begin(); each != open.end(); ++each)
      if (each->second < nearest->second) nearest = each;
    const auto [here, way] = *nearest;
    open.erase(nearest);
    found[here] = way;
    for (const Track& track : tariff.tracks) {
      if (track.a.value != here && track.b.value != here) continue;
      const std::uint16_t there = track.a.value == here ? track.b.value : track.a.value;
      if (found.contains(there)) continue;
      const Way longer{way.metres + track.metres, std::max(way.surcharge, track.surcharge_minor)};
      const auto known = open.find(there);
      if (known == open.end() || longer < known->second) open[there] = longer;
    }
  }
  return found;
}

std::int64_t rounded_up(std::int64_t minor, std::int64_t unit) {
  return (minor + unit - 1) / unit * unit;
}

}  // namespace

std::optional<StationId> station_called(const Tariff& tariff, const Code& code) {
  for (std::size_t i = 0; i < tariff.stations.size(); ++i)
    if (tariff.stations[i] == code) return StationId{static_cast<std::uint16_t>(i)};
  return std::nullopt;
}

std::optional<Fare> fare_between(const Books& books, const Tariff& tariff, Category category,
                                 StationId from, StationId to) {
  const auto ways = ways_from(tariff, from);
  const auto way = ways.find(to.value);
  if (way == ways.end()) return std::nullopt;
  const std::int64_t surcharge = books.broken("surcharge_ignored") ? 0 : way->second.surcharge;
  for (const Section& section : tariff.sections) {
    const bool within = books.broken("section_ends_exclusive")
                            ? way->second.metres < section.metres_max
                            : way->second.metres <= section.metres_max;
    if (!within) continue;
    if (category == Category::adult || books.broken("children_pay_as_adults"))
      return Fare{section.adult_minor + surcharge, surcharge};
    if (surcharge == 0) return Fare{section.child_minor, 0};
    const std::int64_t total = section.adult_minor + surcharge;
    const std::int64_t half = rounded_up((total + 1) / 2, tariff.child_rounding_minor);
    return Fare{half, half - section.child_minor};
  }
  return std::nullopt;
}

}  // namespace obverse::oracle
