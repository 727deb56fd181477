// What every log must do, whichever it is. A log is given as a Maker: the same maker opens the same
// log again, so that restarts are tested where a log outlives its object.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "ledger/log/event_log.h"

namespace obverse::conformance {

// How much a log may still write.
enum class Space : std::uint8_t { enough, reserve_only, none };

struct Subject {
  std::function<std::unique_ptr<EventLog>()> open;
  bool survives = true;                   // closing and opening gives the same log
  std::function<void(Space)> leave = {};  // of the log that is open; absent: it is never short
};

// Each runs all checks on fresh logs that `fresh` hands out.
void run(const std::function<Subject()>& fresh);

Digest key_of(std::uint64_t n);
NewEntry entry_of(std::uint64_t n);  // with a key, where n is not a multiple of 7
std::vector<NewEntry> entries_of(std::uint64_t first, std::size_t count);

// The log holds exactly entry_of(1..last), by position and by key, and its chain holds. Gives what
// is wrong.
std::string differs(const EventLog& log, std::uint64_t last);

}  // namespace obverse::conformance
