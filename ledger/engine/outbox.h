// What we owe the card rails: every request that is on the disk and that no rail has answered yet.
// It is sent after its commit, sent again while no answer is recorded, and after a restart it is
// read off the state, so that nothing is forgotten; doing a thing once is the rail's part, by the
// request's number.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "ledger/engine/feed.h"
#include "ledger/engine/rail.h"
#include "threads/lock.h"

namespace obverse {

struct State;  // ledger/rules/machine.h

class Outbox final : public Follower {
 public:
  // `state` is the durable one that the ledger began with; from there on it follows the ledger.
  Outbox(Rail& rail, const State& state, Duration resend_after);

  void committed(std::span<const Record> records, const Receipt& head) override;

  // Any one thread, not the writer's: hands over what is new, and what was sent `resend_after` ago.
  // An authorisation past its deadline is not sent: nobody waits for it any more.
  void deliver(Instant now);
  // When there is something to hand over. Nothing: not before the next commit.
  std::optional<Instant> next() const;
  std::size_t owed() const;

 private:
  struct Card {
    Scheme scheme = Scheme::visa;
    Code token;
  };
  struct Owed {
    RailOrder order;
    std::optional<Instant> sent;
  };
  void note(const Event& event) REQUIRES(mutex_);
  void owe(RailRequestId request, const RailRequest& what) REQUIRES(mutex_);
  std::vector<RailOrder> take_due(Instant now);

  Rail& rail_;
  const Duration resend_after_;
  mutable Mutex mutex_;
  std::map<PaymentMethodId, Card> cards_ GUARDED_BY(mutex_);
  std::map<RailRequestId, Owed> owed_ GUARDED_BY(mutex_);
};

}  // namespace obverse
