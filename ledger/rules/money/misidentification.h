// "It was not me": somebody else was recognised as this person and bought something. One desk files
// it, another decides, and the person has everything back at once; the loss is the house's.
#pragma once

#include <map>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"

namespace obverse {

struct AfterSale;
struct Cards;

struct Claim {
  PurchaseId purchase;
  RiderId rider;
  RecognisedBy by;
  TerminalId requested_by;
  friend bool operator==(const Claim&, const Claim&) = default;
};
struct Claims {
  std::map<ClaimId, Claim> open;
  std::map<PurchaseId, ClaimId> claimed;
  friend bool operator==(const Claims&, const Claims&) = default;
};

Decision decide(const AfterSale&, const ClaimMisidentification&, const Moment&);    // Registered
Decision decide(const AfterSale&, const ApproveMisidentification&, const Moment&);  // Done
Decision decide(const AfterSale&, const RejectMisidentification&, const Moment&);   // Done

void apply(Cards&, const MisidentificationClaimed&);
void apply(Cards&, const MisidentificationReversed&);
void apply(Cards&, const MisidentificationRejected&);

}  // namespace obverse
