#include "ledger/engine/snapshot.h"

#include "ledger/vault/sha256.h"
#include "ledger/wire/canonical.h"

namespace obverse {

std::string snapshot_stamp() {
  static const std::string stamp =
      "rules " + std::to_string(rules_version) + ", state " + hex(sha256(stamp_of<State>()));
  return stamp;
}

Snapshot snapshot_of(const State& state, const Digest& chain) {
  return {state.position, chain, snapshot_stamp(), canonical(state)};
}

std::optional<State> state_of(const Snapshot& snapshot) {
  if (snapshot.stamp != snapshot_stamp()) return std::nullopt;
  auto state = decode_canonical<State>(snapshot.state);
  if (!state || state->position != snapshot.at) return std::nullopt;
  return state;
}

Digest digest_of(const State& state) { return sha256(canonical(state)); }

}  // namespace obverse
