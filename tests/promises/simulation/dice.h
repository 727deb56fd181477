// Chance and its record: numbers that are the same on every compiler, and the hash by which two
// runs are known to have been the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace obverse::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }
  std::uint64_t roll(std::uint64_t sides) { return next() % sides; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(roll(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(std::uint64_t part, std::uint64_t whole) { return roll(whole) < part; }
  template <class T>
  const T& one_of(const std::vector<T>& things) {
    return things[roll(things.size())];
  }

 private:
  std::uint64_t state_;
};

class Trace {
 public:
  void add(std::uint64_t value) {
    hash_ = (hash_ ^ value) * 0x9fb21c651e98df25U;
    hash_ ^= hash_ >> 32U;
  }
  std::uint64_t hash() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace obverse::simulation
