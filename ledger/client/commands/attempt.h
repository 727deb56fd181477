// Attempt keys as the terminal makes them (UUIDv7, RFC 9562), and as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/model/ids.h"
#include "ledger/model/instant.h"

namespace obverse {

// A new key: 48 bits of time, then random bits from the operating system.
AttemptKey new_attempt(Instant now);
Instant now_by_clock();

std::string text(const AttemptKey&);  // "0190c2f4-...": lower case, with hyphens
std::optional<AttemptKey> attempt_from_text(std::string_view);  // nothing unless it is a UUIDv7

}  // namespace obverse
