#include "tests/naive/network.h"

#include <algorithm>
#include <set>

namespace obverse::naive {

// Every station as a stop on the way between every two others, once each: Floyd and Warshall.
Network::Network(const std::vector<Edge>& edges) {
  std::set<std::string> stations;
  for (const Edge& edge : edges) stations.insert({edge.a, edge.b});
  stations_.assign(stations.begin(), stations.end());
  const auto shorten = [&](const std::string& from, const std::string& to, Distance way) {
    const auto [known, is_new] = distances_.try_emplace({from, to}, way);
    Distance& best = known->second;
    if (!is_new &&
        (way.metres < best.metres || (way.metres == best.metres && way.surcharge < best.surcharge)))
      best = way;
  };
  for (const std::string& station : stations_) shorten(station, station, {0, 0});
  for (const Edge& edge : edges) {
    shorten(edge.a, edge.b, {edge.metres, edge.surcharge});
    shorten(edge.b, edge.a, {edge.metres, edge.surcharge});
  }
  for (const std::string& over : stations_)
    for (const std::string& from : stations_)
      for (const std::string& to : stations_) {
        if (!joined(from, over) || !joined(over, to)) continue;
        const Distance first = between(from, over);
        const Distance second = between(over, to);
        shorten(from, to,
                {first.metres + second.metres, std::max(first.surcharge, second.surcharge)});
      }
}

bool Network::knows(const std::string& station) const {
  return std::find(stations_.begin(), stations_.end(), station) != stations_.end();
}

bool Network::joined(const std::string& from, const std::string& to) const {
  return distances_.contains({from, to});
}

Distance Network::between(const std::string& from, const std::string& to) const {
  return distances_.at({from, to});
}

std::vector<std::string> Network::on_the_way(const std::string& from, const std::string& to) const {
  std::vector<std::string> out;
  for (const std::string& station : stations_)
    if (joined(from, station) && joined(station, to) &&
        between(from, station).metres + between(station, to).metres == between(from, to).metres)
      out.push_back(station);
  return out;
}

}  // namespace obverse::naive
