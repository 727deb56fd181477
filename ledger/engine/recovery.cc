#include "ledger/engine/recovery.h"

#include "ledger/engine/snapshot.h"

namespace obverse {
namespace {

std::string number(Position position) { return std::to_string(position.value); }

// Whether the log has this place with this chain: a snapshot of a history that was rolled back must
// not come alive.
bool is_of(const EventLog& log, const Snapshot& snapshot) {
  if (snapshot.at.value == 0) return false;
  const auto entries = log.read(snapshot.at, 1);
  return !entries.empty() && entries[0].position == snapshot.at &&
         entries[0].chain == snapshot.chain;
}

Recovered newest(const EventLog& log, Position until) {
  Recovered out;
  out.words = "no snapshot used";
  for (const Snapshot& snapshot : log.snapshots()) {
    if (snapshot.at > until) continue;
    auto state = state_of(snapshot);
    if (!state || !is_of(log, snapshot)) {
      out.words = "snapshot at " + number(snapshot.at) + " passed over; " + out.words;
      continue;
    }
    out.folded = {*std::move(state), snapshot.chain};
    out.words = "snapshot at " + number(snapshot.at);
    break;
  }
  return out;
}

Recovered fold_on(const EventLog& log, const Head& head, std::optional<Position> until,
                  const Visitor& visit) {
  Recovered out = newest(log, until.value_or(Position{UINT64_MAX}));
  const Position from = out.folded.state.position;
  out.folded = fold(log, std::move(out.folded), until, visit);
  const Position last = out.folded.state.position;
  out.words +=
      ", folded " + std::to_string(last.value - from.value) + " records to " + number(last);
  if (last != head.last || out.folded.chain != head.chain)
    throw LogDamage("log", 0, last,
                    "the log ends at " + number(last) + ", its head says " + number(head.last));
  return out;
}

}  // namespace

Recovered recover(const EventLog& log, const Head& head) {
  return fold_on(log, head, std::nullopt, nullptr);
}

Recovered recover_until(const EventLog& log, const Head& place, const Visitor& visit) {
  return fold_on(log, place, place.last, visit);
}

}  // namespace obverse
