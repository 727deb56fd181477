// What card rails were asked: open until they answer, abandoned when nobody waits any more, ended
// for ever. What an answer means to a purchase, a day's fares or a load is in rail_answers.h.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/events.h"

namespace obverse {

struct Cards;

struct RailEnd {
  RailOutcome outcome = RailOutcome::declined;
  Code approval;
  friend bool operator==(const RailEnd&, const RailEnd&) = default;
};
struct RailDue {
  Instant at;
  RailRequestId request;
  friend constexpr auto operator<=>(const RailDue&, const RailDue&) = default;
};
struct Rails {
  RailRequestId last;
  std::map<RailRequestId, RailRequest> open;       // owed to the rails
  std::map<RailRequestId, RailRequest> abandoned;  // what is approved after all is reversed
  std::map<RailRequestId, RailEnd> ended;
  std::set<RailDue> due;
  friend bool operator==(const Rails&, const Rails&) = default;
};

// The next request; `so_far` are the events of this decision that come before it.
RailRequested ask_rail(const Rails&, const Events& so_far, RailRequest);
// A capture, refund or reversal of what was authorised under `original`.
RailRequest following(RailKind, RailRequestId original, const RailRequest& authorised,
                      const Code& approval, Money amount);
// Of an authorisation that the rail approved; empty of any other.
Code approval_of(const Rails&, RailRequestId);

void apply(Cards&, const RailRequested&);
void apply(Cards&, const RailAnswered&);
void apply(Cards&, const RailAbandoned&);

}  // namespace obverse
