// Which named points a server is told to die at, and how late at most: at the how-manieth passing.
#pragma once

#include <cstdint>
#include <span>

namespace obverse::mortal {

struct Aim {
  const char* point;
  std::uint64_t passings;
};

std::span<const Aim> load_points();
std::span<const Aim> recovery_points();

}  // namespace obverse::mortal
