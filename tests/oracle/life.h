// A town that lives: what is asked at gates, tills and desks, mostly sensible, sometimes wrong in
// every way there is. The same on every machine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/record.h"

namespace obverse::oracle {

// What falls is what the given bytes say, as long as there are any; then numbers made of the seed.
// A byte a roll (more where the sides are more), so that a byte changed changes one choice.
class Dice {
 public:
  explicit Dice(std::uint64_t seed, std::span<const std::uint8_t> first = {})
      : first_(first), state_(seed * 2 + 1) {
    make(2);
  }
  std::uint64_t roll(std::uint64_t sides) { return first_.empty() ? make(sides) : draw(sides); }
  bool one_in(std::uint64_t sides) { return roll(sides) == 0; }
  template <class Value>
  const Value& any(const std::vector<Value>& values) {
    return values[roll(values.size())];
  }
  bool has_bytes() const { return !first_.empty(); }

 private:
  std::uint64_t make(std::uint64_t sides) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % sides;
  }
  std::uint64_t draw(std::uint64_t sides) {
    std::uint64_t number = 0;
    for (std::uint64_t reach = sides - 1; reach != 0 && !first_.empty(); reach >>= 8U) {
      number = number << 8U | first_.front();
      first_ = first_.subspan(1);
    }
    return number % sides;
  }

  std::span<const std::uint8_t> first_;
  std::uint64_t state_;
};

struct Said {
  std::optional<Attempt> attempt;
  Command command;
};

class Life {
 public:
  explicit Life(Dice dice) : dice_(dice) {}

  // What must be there before anybody moves.
  std::vector<Command> founding();
  // How long until the next is asked, then what.
  Duration pause();
  Said next(Instant now);
  // What became of it, so that what follows makes sense.
  void heard(const Said& said, const Reply& reply, const std::optional<Record>& record);

  // For whoever lets more happen than a life does.
  Dice& dice() { return dice_; }

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
  void compare(Recognition&);
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
