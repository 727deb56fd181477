// From what the log holds to the state it stands for: the newest snapshot that can be used, then
// every record after it.
#pragma once

#include <string>

#include "ledger/engine/fold.h"
#include "ledger/log/event_log.h"

namespace obverse {

struct Recovered {
  Folded folded;
  std::string words;  // what was used and what was passed over, for the operator
};

// The state at the log's end, which must be `head`. A snapshot of another build, of another
// history, or damaged, is passed over for an older one, and at last for the beginning. LogDamage if
// the records themselves cannot be folded.
Recovered recover(const EventLog& log, const Head& head);

// The same at a place before the log's end, while the log grows. `visit` sees what is folded.
Recovered recover_until(const EventLog& log, const Head& place, const Visitor& visit = nullptr);

}  // namespace obverse
