// A rail has answered, or has not by its deadline: what that means to whoever asked. An answer has
// one effect however often it comes, and one that comes too late moves nothing and is reversed.
#pragma once

#include "ledger/model/commands.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/rails.h"

namespace obverse {

struct AfterSale;

// One answer, and what it answers.
struct Answered {
  RailRequestId request;
  const RailRequest& asked;
  RailOutcome outcome = RailOutcome::unavailable;
  const Code& approval;
};

// Done, also of a repeated answer. Refuses rail_request_must_be_known, and
// rail_answer_must_not_change where it was answered otherwise. A capture, refund or reversal that
// is unavailable stays owed.
Decision decide(const AfterSale&, const TakeRailAnswer&, const Moment&);
// The timer of an authorisation: whoever waited gives up, and what may have been authorised is
// reversed.
Decision decide(const AfterSale&, const ExpireRailRequest&, const Moment&);

}  // namespace obverse
