// The port to the card rails: acquirers, by whatever protocol. An order is handed over as often as
// it takes; the rail knows it by its number, so that it has one effect. Its answer comes back as a
// TakeRailAnswer to the ledger, at any time and also more than once.
#pragma once

#include <optional>

#include "ledger/model/card.h"

namespace obverse {

// A reversal may overtake what it reverses, and then that never happens.
struct RailOrder {
  RailRequestId request;
  RailKind kind = RailKind::authorise;
  Scheme scheme = Scheme::visa;
  Code token;
  Money amount;
  std::optional<RailRequestId> original;
  Code approval;
  std::optional<Instant> deadline;
  friend bool operator==(const RailOrder&, const RailOrder&) = default;
};

class Rail {
 public:
  virtual ~Rail() = default;
  // Quick: what has to wait waits elsewhere. Whether it has arrived is known by its answer alone.
  virtual void send(const RailOrder& order) = 0;
};

}  // namespace obverse
