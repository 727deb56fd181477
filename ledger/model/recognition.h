// The evidence that a match leaves behind, and what a person can show instead of a face. Integers
// only; no identity but the one proposed; nothing from which a face could be made again.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"

namespace obverse {

// Similarity in units of 2^-22 of a cosine: 1.0 is 4,194,304. The same bits on every instruction
// set.
using Score = std::int32_t;
inline constexpr Score score_one = 1 << 22;

enum class Search : std::uint8_t { one_to_many = 1, one_to_one = 2 };

// Proposed by the matcher, rechecked by the rules. `at` and `terminal` bind it: it is good for a
// few seconds, there.
struct Recognition {
  RiderId rider;
  FaceVersion face;
  Code model;
  Search search = Search::one_to_many;
  std::uint64_t gallery = 0;  // position of the log the gallery had reached
  std::uint32_t scope = 0;    // how many people were searched
  Score score = 0;
  Score threshold = 0;             // in force when searched
  std::optional<Score> runner_up;  // best score of any other person, if another was searched
  TerminalId terminal;
  Instant at;
  friend bool operator==(const Recognition&, const Recognition&) = default;
};

// A person who names their account and types a PIN. Checked against the vault before the decision;
// the rules count.
struct PinCheck {
  RiderId rider;
  PinVersion version;
  bool correct = false;
  friend bool operator==(const PinCheck&, const PinCheck&) = default;
};

// What the terminal's camera and its presentation-attack detector said, before any matching.
enum class Capture : std::uint8_t { good = 1, occluded, low_quality, attack_suspected };

}  // namespace obverse
