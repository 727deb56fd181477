// What a terminal may sell while nobody can be asked: published, versioned, and checked once more
// when the sales come in.
#pragma once

#include <cstdint>

#include "ledger/model/instant.h"
#include "ledger/model/money.h"

namespace obverse {

struct TerminalLimits {
  Currency currency = Currency::jpy;  // of the amounts below; nothing else is sold offline
  std::int64_t sale_max = 1'000;
  std::int64_t rider_max = 3'000;      // of one person, in one time without network
  std::int64_t terminal_max = 50'000;  // of everybody, in one time without network
  Duration offline_max = minutes(60);
  std::int64_t floor_max = 1'000;      // up to here a shop is paid whatever the wallet holds
  Duration list_age_max = minutes(5);  // of the list, for whoever was revoked since it was made
  Duration clock_skew_max = seconds(30);
  Duration travel_time_min = minutes(2);  // between two places
  friend bool operator==(const TerminalLimits&, const TerminalLimits&) = default;
};

// What became of one sale that was made without network.
enum class OfflineVerdict : std::uint8_t { accepted = 1, rejected, quarantined };

}  // namespace obverse
