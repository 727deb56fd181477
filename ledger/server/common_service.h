// What the capabilities of one connection share: who calls, how a call becomes a command and its
// answer a result, and the words of common.capnp both ways. No capability of its own.
#pragma once

#include <kj/async.h>
#include <kj/debug.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/engine/ledger.h"
#include "ledger/server/admission.h"
#include "ledger/server/directory.h"
#include "ledger/server/metrics.h"
#include "ledger/server/pool.h"
#include "ledger/server/recognise.h"
#include "ledger/server/rollback_guard.h"
#include "ledger/server/transport/crossing.h"
#include "ledger/server/transport/guarded.h"
#include "ledger/server/whereabouts.h"
#include "ledger/vault/template_vault.h"
#include "matcher/matcher.h"
#include "schemas/common.capnp.h"

namespace obverse {

class RiderTurns;

// A receipt with the ledger's own mark on it.
struct MarkedReceipt : Receipt {
  ReceiptMark mark;
};

// What all connections share. Outlives the reactors, the pool's work and the writer's answers.
struct Household {
  Ledger& ledger;
  EventLog& log;
  Vault& vault;
  const Matcher& matcher;
  const Directory& directory;
  const Recogniser& recogniser;
  Pool& pool;       // searches faces, checks PINs
  Pool& desk_pool;  // enrols: may wait for disk and writer
  RiderTurns& turns;
  Clock& clock;
  Metrics& metrics;
  const Incidents& incidents;
  RollbackGuard& rollback;
  Admission& admission;
  Whereabouts& whereabouts;
  Duration request_life;  // a command that waited longer is never executed
  Duration retry_after;
  std::function<std::uint64_t()> connections;
  std::function<std::vector<std::pair<std::string, std::uint64_t>>()> endings;  // of connections
  std::function<std::vector<std::string>()> report;
  Instant started;

  MarkedReceipt head() const;  // how far the log is durable
};

// Thrown while a request is decoded, and told as this refusal by answer() and ask().
struct Unreadable {
  Refusal refusal;
};

// A refusal of our own, before the ledger was asked: nothing is recorded of it.
Answer refused(const Household&, Refusal);
Answer busy(const Household&);

// One per connection, on its reactor; shared by the capabilities that its login gave.
class Caller {
 public:
  Caller(Household& house, Crossing& crossing, Terminal terminal, Whereabouts::Stay stay = {})
      : house_(house),
        crossing_(crossing),
        terminal_(std::move(terminal)),
        stay_(std::move(stay)),
        share_(house.admission.share_of(terminal_.certificate)) {}

  Household& house() const { return house_; }
  Crossing& crossing() const { return crossing_; }
  const Terminal& terminal() const { return terminal_; }

  struct Wish {
    std::optional<AttemptKey> attempt;
    Instant occurred_at;
    Instant deadline;  // counted from when the call came; after it nothing is executed
  };
  Wish wish(rpc::AttemptKey::Reader) const;                            // occurred now
  Wish wish(rpc::AttemptKey::Reader, std::int64_t occurred_at) const;  // throws Unreadable

  kj::Promise<Answer> submit(const Wish&, Command) const;
  // Looks first, on the pool. What was shown and is nobody becomes no command.
  kj::Promise<Answer> present(Lane, const Wish&, Showing, std::function<Command(Presence)>) const;
  // The outcome of an earlier attempt of this terminal; nothing if there is none. (Not an optional:
  // inside of kj's promises g++ 12 takes its emptiness for uninitialised memory.)
  kj::Promise<std::shared_ptr<const Answer>> recall(const Wish&) const;
  // Runs on that pool; the answer comes through the letter. A full pool is busy.
  kj::Promise<Answer> work(Pool&, Lane, std::function<void(const Crossing::Letter<Answer>&)>) const;
  // A question to the state. Rejected as overloaded where there is no room.
  template <class Value>
  kj::Promise<Value> question(std::function<Value(const State&, const Receipt&)>) const;

  // Why nothing of this caller's is done at all, if so. What it says counts as heard from where it
  // is: a key that was copied is found out here, and revoked.
  std::optional<Refusal> barred() const;

  template <class Body>
  kj::Promise<void> guarded(Body&& body) const {
    return obverse::guarded(house_.incidents, std::forward<Body>(body));
  }

 private:
  Household& house_;
  Crossing& crossing_;
  Terminal terminal_;
  Whereabouts::Stay stay_;
  std::shared_ptr<Admission::Share> share_;
};

// Any thread. `done` as Ledger::submit calls it.
void submit(Household&, TerminalId, const Caller::Wish&, Command,
            std::function<void(const Answer&)> done);

template <class Value>
kj::Promise<Value> Caller::question(std::function<Value(const State&, const Receipt&)> asks) const {
  auto awaited = crossing_.await<Value>();
  const bool has_room = house_.ledger.ask(
      [asks = std::move(asks), letter = awaited.letter](const State& state, const Receipt& at) {
        letter.send(asks(state, at));
      });
  if (!has_room) return KJ_EXCEPTION(OVERLOADED, "no room for a question");
  return kj::mv(awaited.promise);
}

// --- words
// -----------------------------------------------------------------------------------------

// A version 7 UUID (RFC 9562), otherwise nothing.
std::optional<AttemptKey> attempt_key(rpc::AttemptKey::Reader);
// These throw Unreadable.
Showing showing(rpc::Presence::Reader, TerminalId);
ShownFace shown_face(rpc::Probe::Reader);
Money money(rpc::Money::Reader);
Currency currency(std::uint16_t number);
bool is_pin(std::string_view digits);

void write(rpc::Money::Builder, Money);
void write(rpc::Refusal::Builder, const Refused&);
void write_fault(rpc::Refusal::Builder, const Answer&);  // of an answer with a fault, or a refusal
void write(rpc::Receipt::Builder, const Receipt& at, Instant, const MarkedReceipt& head);
void write(rpc::Receipt::Builder, const Answer&, const MarkedReceipt& head);
void write(rpc::Outcome::Builder, const Answer&, const MarkedReceipt& head);

// True where the answer is a refusal or a fault; both are told as a refusal.
bool is_refusal(const Answer&);
// The outcome of a write is not known: throws, so that the caller asks status() later.
void require_known(const Answer&);

// Runs `begin(params)`, which gives a promise of an answer, and writes that into the results'
// outcome.
template <class Context, class Begin>
kj::Promise<void> answer(const std::shared_ptr<const Caller>& caller, Context context,
                         Begin begin) {
  return caller->guarded([&] {
    const auto begun = [&]() -> kj::Promise<Answer> {
      try {
        return begin(context.getParams());
      } catch (const Unreadable& fault) {
        return refused(caller->house(), fault.refusal);
      }
    };
    return begun().then([caller, context](const Answer& given) mutable {
      write(context.getResults().initOutcome(), given, caller->house().head());
    });
  });
}

// The same for what is only submitted: `make(params)` gives the command.
template <class Context, class Make>
kj::Promise<void> ask(const std::shared_ptr<const Caller>& caller, Context context, Make make) {
  return answer(caller, context, [&](auto params) {
    return caller->submit(caller->wish(params.getAttempt()), make(params));
  });
}

}  // namespace obverse
