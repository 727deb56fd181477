// A town that lives: what is asked at gates, tills and desks, mostly sensible, sometimes wrong in
// every way there is. The same on every machine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/record.h"

namespace obverse::oracle {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) { roll(2); }
  std::uint64_t roll(std::uint64_t sides) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % sides;
  }
  bool one_in(std::uint64_t sides) { return roll(sides) == 0; }
  template <class Value>
  const Value& any(const std::vector<Value>& values) {
    return values[roll(values.size())];
  }

 private:
  std::uint64_t state_;
};

struct Said {
  std::optional<Attempt> attempt;
  Command command;
};

class Life {
 public:
  explicit Life(std::uint64_t seed) : dice_(seed) {}

  // What must be there before anybody moves.
  std::vector<Command> founding();
  // How long until the next is asked, then what.
  Duration pause();
  Said next(Instant now);
  // What became of it, so that what follows makes sense.
  void heard(const Said& said, const Reply& reply, const std::optional<Record>& record);

 private:
  struct Known {
    FaceVersion face;
    PinVersion pin;
    std::optional<RiderId> guardian;
  };
  RiderId somebody();
  TerminalId gate();
  TerminalId till();
  Presence at(TerminalId terminal, RiderId rider, Instant now);
  Recognition face_of(RiderId rider, TerminalId terminal, Instant now);
  void spoil(Recognition& face);
  Command at_gate(Instant now);
  Command at_till(Instant now);
  Command after_sale();
  Command about_waiting();
  Command with_money(Instant now);
  Command person_at_desk();
  Command rights();
  Command operator_at_desk(Instant now);
  Command new_policy();
  Command new_tariff(Instant now);
  Command strange(Instant now);
  std::optional<Attempt> attempt_for(const Command& command);

  Dice dice_;
  std::map<RiderId, Known> people_;
  std::vector<PurchaseId> purchases_;
  struct Waiting {
    PurchaseId purchase;
    TerminalId till;
    Money amount;
  };
  std::vector<Waiting> waiting_;  // to be captured
  std::vector<JourneyId> journeys_;
  std::vector<std::pair<StepUpId, Pay>> step_ups_;
  std::vector<Said> earlier_;
  std::vector<Attempt> sold_;
  std::uint64_t keys_ = 0;
  std::uint32_t terminals_ = 0;
  std::uint64_t codes_ = 0;
  std::vector<TerminalId> gates_, tills_;
  std::map<RiderId, TerminalId> inside_;  // and where they came in
};

}  // namespace obverse::oracle
