// A section tariff as a value: stations, the track between them, and the published amounts.
// Immutable once published, effective from an instant on; amounts are minor units of its currency,
// distances are metres.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"
#include "ledger/model/money.h"

namespace obverse {

enum class Category : std::uint8_t { adult = 1, child, infant, senior, disabled, student };

// Track that can be ridden both ways. A surcharge is due once when the shortest path uses an edge
// that has one; the greatest on the path counts.
struct Track {
  StationId a;
  StationId b;
  std::int64_t metres = 0;
  std::int64_t surcharge_minor = 0;  // adult
  friend bool operator==(const Track&, const Track&) = default;
};

struct Section {
  std::int64_t metres_max = 0;  // inclusive
  std::int64_t adult_minor = 0;
  std::int64_t child_minor = 0;
  friend bool operator==(const Section&, const Section&) = default;
};

struct Tariff {
  Code code;  // "OMT-1"
  OperatorId transit;
  Instant effective_from;
  Currency currency = Currency::jpy;
  std::vector<Code> stations;  // a StationId is an index into this
  std::vector<Track> tracks;
  std::vector<Section>
      sections;  // by rising metres_max; the last has no bound of its own: metres_max INT64_MAX
  // A child's fare with a surcharge is half of the adult total, rounded up to this unit; without
  // one it is published.
  std::int64_t child_rounding_minor = 10;
  std::int64_t maximum_adult_minor =
      0;  // charged when a journey has no exit; also what an entry holds
  std::int64_t maximum_child_minor = 0;
  std::int64_t entry_minimum_adult_minor = 0;  // available needed to enter
  std::int64_t entry_minimum_child_minor = 0;
  Duration journey_window = hours(4);         // after which a journey is incomplete
  Duration same_station_free = seconds(900);  // inclusive: out where you came in, no fare
  Duration travel_time_min =
      minutes(10);  // an entry elsewhere sooner after the last is impossible travel
  friend bool operator==(const Tariff&, const Tariff&) = default;
};

}  // namespace obverse
