// The railway of a naive tariff: what joins what, and how far it is. It was written from the
// domain's pages alone and shares nothing with the rules that it is compared with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace obverse::naive {

struct Edge {
  std::string a;
  std::string b;
  std::int64_t metres = 0;
  std::int64_t surcharge = 0;  // of an adult, once, where the way uses this edge
};

// The shortest way; of equally short ones the one with the smaller surcharge.
struct Distance {
  std::int64_t metres = 0;
  std::int64_t surcharge = 0;
};

class Network {
 public:
  Network() = default;
  explicit Network(const std::vector<Edge>&);

  bool knows(const std::string& station) const;
  bool joined(const std::string& from, const std::string& to) const;
  Distance between(const std::string& from, const std::string& to) const;
  // Stations on any shortest way, both ends among them.
  std::vector<std::string> on_the_way(const std::string& from, const std::string& to) const;

 private:
  std::vector<std::string> stations_;
  std::map<std::pair<std::string, std::string>, Distance> distances_;
};

}  // namespace obverse::naive
