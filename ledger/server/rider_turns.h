// One enrolment or PIN change of a person at a time: what the vault keeps under the next version
// must be what the event then names.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "ledger/model/ids.h"

namespace obverse {

class RiderTurns {
 public:
  // Ends with the last copy.
  using Turn = std::shared_ptr<const RiderId>;

  // Null: another has it. Any thread.
  Turn take(RiderId rider) {
    const std::lock_guard lock(mutex_);
    if (!taken_.insert(rider).second) return nullptr;
    return {new RiderId(rider), [this](const RiderId* done) {
              const std::lock_guard again(mutex_);
              taken_.erase(*done);
              delete done;
            }};
  }

 private:
  std::mutex mutex_;
  std::set<RiderId> taken_;
};

}  // namespace obverse
