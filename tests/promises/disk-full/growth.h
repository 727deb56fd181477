// The log alone on a small disk, until its own growth has used up what it may: RocksDB writes out
// and compacts all the while.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace obverse::promises {

struct Grown {
  std::uint64_t ordinary = 0;     // entries until the watermark
  std::uint64_t reserve = 0;      // more of them, from the reserve
  std::uint64_t free_then = 0;    // bytes free when the first was refused
  std::uint64_t free_at_end = 0;  // and when the reserve was used up
  std::uint64_t free_least = 0;   // at any time until then
  bool went_on = false;           // when there was space again
  bool all_there = false;         // after opening anew
  std::string trouble;            // a write failed, or the process died
};

struct Growing {
  std::uint64_t free_bytes_min = 0;
  std::size_t payload_bytes = 0;  // at least 20
  std::size_t batch = 0;          // entries
};

// In a process of its own. `more_space` is called there.
Grown grow_until_full(const std::filesystem::path& folder, const Growing& how,
                      const std::function<void()>& more_space);

}  // namespace obverse::promises
