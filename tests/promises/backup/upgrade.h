// What earlier releases wrote, kept as bytes in tests/golden/, opened by this one.
#pragma once

#include "tests/promises/backup/bank.h"
#include "tests/promises/kit/trial.h"

namespace obverse::promises {

// Every tests/golden/data-vN: a data directory, a backup of it, the key-encryption key, and what
// was in them. `changed`: with one byte of the newest file other than it was.
//
// A new release's own is written by
//   OBVERSE_GOLDEN=tests/golden/data-vN ops/prove backup --short --people 3 --round-ms 1 --rounds 1
void upgrades(Trial& trial, Bank& bank, bool changed);

}  // namespace obverse::promises
