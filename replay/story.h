// Whose story a record belongs to. Holds, journeys and purchases name their person once, when they
// begin; this remembers it for the events that follow, which name only the journey, the purchase or
// the hold.
#pragma once

#include <map>
#include <set>

#include "ledger/model/record.h"

namespace obverse {

class Story {
 public:
  // Records in order, from the first. Gives the people this one is about.
  std::set<RiderId> people_of(const Record&);

 private:
  void remember(const Event&);
  void collect(const Event&, std::set<RiderId>& people) const;

  std::map<JourneyId, RiderId> journeys_;
  std::map<PurchaseId, RiderId> purchases_;
  std::map<HoldId, RiderId> holds_;
};

}  // namespace obverse
