// Stops, routes and what they belong to: zones, stations, areas, networks, agencies.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/gtfs/feed.h"

namespace obverse::gtfs {

struct Stop {
  std::string name;
  std::string zone;             // empty for a station: the reference says its zone is ignored
  std::string parent;           // the station it is in
  bool station = false;         // location_type 1
  std::set<std::string> areas;  // its own, or where it has none those of its station
  friend bool operator==(const Stop&, const Stop&) = default;
};

struct Route {
  std::string agency;
  std::string network;
  friend bool operator==(const Route&, const Route&) = default;
};

struct Places {
  std::map<std::string, Stop> stops;
  std::map<std::string, Route> routes;
  std::set<std::string> agencies;
  std::string timezone;  // of the first agency

  const Stop* stop(const std::string& id) const;
  const Route* route(const std::string& id) const;
  // The zone a fare counts: a station's is that of all of its platforms, where they agree.
  std::optional<std::string> zone_of(const std::string& stop) const;
  // Stops of that name, for who gave a name instead of an id.
  std::vector<std::string> named(const std::string& name) const;
  // The station it is in, or itself.
  const std::string& station_of(const std::string& stop) const;
};

Places places_of(const Feed&);

}  // namespace obverse::gtfs
