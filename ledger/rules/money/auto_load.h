// Money that is loaded by itself: when a fare or a purchase has left less in the wallet than its
// owner set, their card is asked for what they set. Nobody waits for it, least of all a gate.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"

namespace obverse {

struct AfterSale;
struct Answered;
struct Cards;

struct AutoLoad {
  PaymentMethodId method;
  Money threshold;
  Money amount;
  friend bool operator==(const AutoLoad&, const AutoLoad&) = default;
};
struct AutoLoads {
  std::map<RiderId, AutoLoad> set;
  std::map<RiderId, RailRequestId> asked;     // until the rail has answered
  std::map<RiderId, std::int64_t> failed_on;  // the local day of the last that failed
  friend bool operator==(const AutoLoads&, const AutoLoads&) = default;
};

Decision decide(const AfterSale&, const SetAutoLoad&, const Moment&);   // Done
Decision decide(const AfterSale&, const StopAutoLoad&, const Moment&);  // Done

// Looks at what was decided: asks the card if that leaves a wallet low.
void load_if_low(const AfterSale&, const Moment&, Events&);
void load_answered(const AfterSale&, const Answered&, const Moment&, Events&);
void load_unanswered(const AfterSale&, RailRequestId, RiderId, const Moment&, Events&);

void apply(Cards&, const AutoLoadSet&);
void apply(Cards&, const AutoLoadStopped&);
void apply(Cards&, const AutoLoadTriggered&);
void apply(Cards&, const AutoLoadFailed&);
void apply(Cards&, const FundsLoaded&);  // of any load

}  // namespace obverse
