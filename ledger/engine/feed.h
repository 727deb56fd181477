// Committed records, in order, to whoever follows. What follows a commit cannot undo or refuse it.
#pragma once

#include <span>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/model/digest.h"
#include "ledger/model/record.h"

namespace obverse {

// A place in the log and the chain hash there: what a client keeps to notice a log that was rolled
// back.
struct Receipt {
  Position position;
  Digest chain;
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

class Follower {
 public:
  virtual ~Follower() = default;
  // On the writer's thread, after the sync and before any of the batch's answers: an erased
  // person's key is gone before anybody is told so. Quick, and does not throw. `head` is the place
  // of the last record.
  virtual void committed(std::span<const Record> records, const Receipt& head) = 0;
};

// Every record after `after`, from the log, on this thread. LogDamage if one cannot be read.
void replay(const EventLog& log, Position after, Follower& follower);

class Feed {
 public:
  void follow(Follower& follower) { followers_.push_back(&follower); }
  void committed(std::span<const Record> records, const Receipt& head);

 private:
  std::vector<Follower*> followers_;  // not owned
};

}  // namespace obverse
