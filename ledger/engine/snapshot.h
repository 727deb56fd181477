// A state as bytes, for the cache that shortens a start, and as a digest, for comparing two
// machines. Never the truth: that is the log.
#pragma once

#include <optional>
#include <string>

#include "ledger/log/event_log.h"
#include "ledger/model/digest.h"
#include "ledger/rules/machine.h"

namespace obverse {

// The form of State and the version of the rules that made it. Another stamp: the snapshot is of no
// use to this build.
std::string snapshot_stamp();

Snapshot snapshot_of(const State& state, const Digest& chain);

// Nothing if it is another build's, or its bytes are not a state at that position.
std::optional<State> state_of(const Snapshot& snapshot);

// SHA-256 of the canonical bytes: the same history gives the same digest on every compiler and
// machine.
Digest digest_of(const State& state);

}  // namespace obverse
