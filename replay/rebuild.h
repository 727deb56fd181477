// Every balance as of any position, folded from the first record.
#pragma once

#include <optional>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/model/account.h"
#include "ledger/model/digest.h"

namespace obverse {

struct BalanceLine {
  Account account;
  std::int64_t debits = 0;
  std::int64_t credits = 0;
  std::int64_t held = 0;  // of a wallet: what open holds keep
};

struct Rebuilt {
  Position at;
  Digest chain;
  Digest state;
  std::vector<BalanceLine> lines;  // by chart, owner, currency
};

// Throws LogDamage where the history is not whole.
Rebuilt rebuild(const EventLog&, std::optional<Position> at);

}  // namespace obverse
