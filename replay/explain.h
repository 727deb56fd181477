// Why was this person charged, what happened at this position: the records, in order, in words.
#pragma once

#include <optional>
#include <ostream>

#include "ledger/log/event_log.h"
#include "ledger/model/ids.h"

namespace obverse {

struct Question {
  std::optional<RiderId> rider;      // everything about a person
  std::optional<Position> position;  // one record, by the number on its receipt
};

// Writes the story and gives how many records it has.
std::size_t explain(const EventLog&, const Question&, std::ostream&);

}  // namespace obverse
