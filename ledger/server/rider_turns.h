// One enrolment or PIN change of a person at a time: what the vault keeps under the next version
// must be what the event then names.
#pragma once

#include <memory>
#include <set>

#include "ledger/model/ids.h"
#include "threads/lock.h"

namespace obverse {

class RiderTurns {
 public:
  // Ends with the last copy.
  using Turn = std::shared_ptr<const RiderId>;

  // Null: another has it. Any thread.
  Turn take(RiderId rider) {
    const Lock lock(mutex_);
    if (!taken_.insert(rider).second) return nullptr;
    return {new RiderId(rider), [this](const RiderId* done) {
              const Lock again(mutex_);
              taken_.erase(*done);
              delete done;
            }};
  }

 private:
  Mutex mutex_;
  std::set<RiderId> taken_ GUARDED_BY(mutex_);
};

}  // namespace obverse
