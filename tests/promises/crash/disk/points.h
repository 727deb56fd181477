// The named points at which a server may be told to kill itself: a moment, a kind of file, an
// operation, as in "before-tail-sync".
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace obverse::mortal {

// What a path below the data directory is for: "wal", "table", "manifest", "tail", "snapshot",
// "keys", "records"; "" where nobody asks.
std::string_view kind_of(std::string_view path);

// Where to die, from OBVERSE_DIE_AT=<point>:<which passing, from 1>; nowhere without it.
class Death {
 public:
  Death();
  // SIGKILL to oneself, if this is the point and its turn has come.
  void pass(const char* moment, std::string_view kind, const char* operation);

 private:
  std::string point_;
  std::atomic<std::int64_t> left_{0};
};

}  // namespace obverse::mortal
