#include "ledger/gtfs/places.h"

namespace obverse::gtfs {
namespace {

void add_stops(const Feed& feed, Places& places) {
  const Table& stops = feed.table("stops.txt");
  for (const Row& row : stops.rows) {
    Stop stop;
    stop.name = stops.at(row, "stop_name");
    stop.parent = stops.at(row, "parent_station");
    stop.station = stops.at(row, "location_type") == "1";
    if (!stop.station) stop.zone = stops.at(row, "zone_id");
    places.stops.emplace(stops.at(row, "stop_id"), std::move(stop));
  }
}

void add_areas(const Feed& feed, Places& places) {
  const Table& members = feed.table("stop_areas.txt");
  for (const Row& row : members.rows) {
    const auto stop = places.stops.find(members.at(row, "stop_id"));
    if (stop != places.stops.end()) stop->second.areas.insert(members.at(row, "area_id"));
  }
  // A station's areas are those of its platforms that have none of their own.
  for (auto& [id, stop] : places.stops) {
    const Stop* parent = places.stop(stop.parent);
    if (stop.areas.empty() && !stop.station && parent != nullptr) stop.areas = parent->areas;
  }
}

void add_routes(const Feed& feed, Places& places) {
  const Table& agencies = feed.table("agency.txt");
  for (const Row& row : agencies.rows) {
    places.agencies.insert(agencies.at(row, "agency_id"));
    if (places.timezone.empty()) places.timezone = agencies.at(row, "agency_timezone");
  }
  const Table& routes = feed.table("routes.txt");
  for (const Row& row : routes.rows)
    places.routes.emplace(routes.at(row, "route_id"),
                          Route{routes.at(row, "agency_id"), routes.at(row, "network_id")});
  const Table& members = feed.table("route_networks.txt");
  for (const Row& row : members.rows) {
    const auto route = places.routes.find(members.at(row, "route_id"));
    if (route != places.routes.end()) route->second.network = members.at(row, "network_id");
  }
}

}  // namespace

const Stop* Places::stop(const std::string& id) const {
  const auto found = stops.find(id);
  return found == stops.end() ? nullptr : &found->second;
}

const Route* Places::route(const std::string& id) const {
  const auto found = routes.find(id);
  return found == routes.end() ? nullptr : &found->second;
}

std::optional<std::string> Places::zone_of(const std::string& id) const {
  const Stop* place = stop(id);
  if (place == nullptr) return std::nullopt;
  if (!place->station) {
    if (place->zone.empty()) return std::nullopt;
    return place->zone;
  }
  std::set<std::string> zones;
  for (const auto& [each, platform] : stops)
    if (platform.parent == id && !platform.zone.empty()) zones.insert(platform.zone);
  if (zones.size() != 1) return std::nullopt;
  return *zones.begin();
}

std::vector<std::string> Places::named(const std::string& name) const {
  std::vector<std::string> found;
  for (const auto& [id, stop] : stops)
    if (stop.name == name) found.push_back(id);
  return found;
}

const std::string& Places::station_of(const std::string& id) const {
  const Stop* place = stop(id);
  return place == nullptr || place->parent.empty() ? id : place->parent;
}

Places places_of(const Feed& feed) {
  Places places;
  add_stops(feed, places);
  add_areas(feed, places);
  add_routes(feed, places);
  return places;
}

}  // namespace obverse::gtfs
