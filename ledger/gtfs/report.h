// What a feed lacks or contradicts: findings with file, line and column, kept in the order in which
// they were made; and what stops a feed from being read at all.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::gtfs {

// Where in a feed: line 1 is the header; 0 where the whole file is meant.
struct Place {
  std::string file;
  std::size_t line = 0;
  std::string column;
  friend bool operator==(const Place&, const Place&) = default;
};

enum class Weight { note, warning, error };
std::string_view name(Weight);

struct Finding {
  Weight weight = Weight::note;
  std::string kind;  // one of few words, for programs: "dangling_reference"
  Place place;
  std::string what;  // for people
  friend bool operator==(const Finding&, const Finding&) = default;
};

// "fare_rules.txt line 7, origin_id: names zone X, which no stop has"
std::string text(const Place&);
std::string text(const Finding&);

// Of each kind, so many findings are kept in full; the others are counted.
inline constexpr std::size_t findings_of_kind_max = 50;

class Report {
 public:
  void add(Weight, std::string kind, Place, std::string what);
  void add(const Report&);

  const std::vector<Finding>& findings() const { return findings_; }
  // How many there were, also those that are not kept.
  std::size_t count(Weight) const;
  std::size_t count(std::string_view kind) const;
  const std::map<std::string, std::size_t, std::less<>>& kinds() const { return kinds_; }

 private:
  std::vector<Finding> findings_;
  std::map<std::string, std::size_t, std::less<>> kinds_;
  std::map<Weight, std::size_t> weights_;
};

// The feed cannot be read: cause and place; what to do about it is in the words.
struct Fault {
  Place place;
  std::string what;
  friend bool operator==(const Fault&, const Fault&) = default;
};
std::string text(const Fault&);

template <class T>
using Read = std::expected<T, Fault>;

}  // namespace obverse::gtfs
