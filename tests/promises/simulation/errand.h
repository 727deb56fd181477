// What somebody wants at a terminal, from the first press of a button to the answer that ends it:
// one attempt key, however many times it is sent.
#pragma once

#include <memory>
#include <optional>

#include "ledger/engine/ledger.h"
#include "tests/promises/simulation/faces.h"

namespace obverse::simulation {

struct TypedPin {
  RiderId rider;
  bool right = true;
};

// What a terminal sends besides its wish: pictures and digits, which the server turns into
// evidence.
struct Showing {
  Capture capture = Capture::good;
  std::optional<Probe> probe;
  std::optional<TypedPin> pin;
};

struct Errand {
  Attempt attempt;
  Command wish;  // its presence is filled in by the server
  std::optional<Showing> showing;
  Instant began;
  unsigned tries = 0;
  bool closed = false;
};

// One sending of an errand that has reached the engine. A clone has the key of another's errand,
// and a wish of its own.
struct Sent {
  std::size_t errand = 0;
  bool clone = false;
  Attempt attempt;
  Instant occurred_at;
  std::optional<Instant> deadline;
  std::shared_ptr<const Command> command;
};

struct Told {
  Sent sent;
  Answer answer;
};

// A reply after which the same key may look again: nobody was identified, or two desks raced.
inline bool may_look_again(const Reply& reply) {
  const auto* refused = std::get_if<Refused>(&reply);
  if (refused == nullptr) return false;
  switch (refused->refusal) {
    case Refusal::capture_must_be_live:
    case Refusal::capture_must_be_clear:
    case Refusal::capture_must_have_quality:
    case Refusal::recognition_must_be_present:
    case Refusal::recognition_must_reach_threshold:
    case Refusal::recognition_must_be_unambiguous:
    case Refusal::nobody_recognised:
    case Refusal::probe_must_be_valid:
    case Refusal::face_version_must_be_next:
      return true;
    default:
      return false;
  }
}

}  // namespace obverse::simulation
