// Is this history whole, unaltered and balanced? Everything is computed again from the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/model/money.h"
#include "ledger/rules/machine.h"

namespace obverse {

struct Verified {
  Position last;
  Digest chain;  // of the last record
  Digest state;  // digest of the state that the records make
  std::uint64_t events = 0;
  std::map<Currency, Turnover> totals;  // debits and credits of all accounts
  std::vector<std::string> report;      // what opening found and had to repair or pass over
  std::vector<std::string> faults;      // empty: everything holds
};

// Never throws over what the history holds: a fault is a line that names the position.
Verified verify(const EventLog&);

}  // namespace obverse
