// What was asked, as 32 bytes: two attempts with one key must have asked for the same.
#pragma once

#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/digest.h"

namespace obverse {

// SHA-256 of the canonical bytes of the command without what a retry may bring anew: the capture,
// the recognition, what became of the PIN check, and what the vault made for this try (a sealed
// face or PIN, its version, the number of photos). Terminals, people who are named, amounts and ids
// all count.
Digest content_of(const Command& command);

// Of RequestAction and ApproveAction: SHA-256 of the canonical bytes of what is to be done. Two
// people mean the same if these are the same.
std::optional<Digest> action_of(const Command& command);

}  // namespace obverse
