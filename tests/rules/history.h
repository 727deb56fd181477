// Generated histories: a small town in which people, terminals, desks and the clock do anything in
// any order. Every act is a few small numbers, so RapidCheck can make a failing history short.
#pragma once

#include <rapidcheck.h>

#include <map>
#include <ostream>
#include <vector>

#include "tests/rules/places/world.h"

namespace obverse {

// What the numbers mean is read off the town as it stands when the act's turn comes.
struct Act {
  std::uint8_t what = 0;
  std::uint8_t who = 0;
  std::uint8_t where = 0;
  std::uint8_t which = 0;
  std::uint16_t amount = 0;
};

inline std::ostream& operator<<(std::ostream& out, const Act& act) {
  return out << "{" << int{act.what} << "," << int{act.who} << "," << int{act.where} << ","
             << int{act.which} << "," << act.amount << "}";
}

// One decision with events, as the log keeps it, and the state before and after.
struct Step {
  Command command;
  Moment moment;
  Decision decision;
  State before;
  State after;
};
using Chronicle = std::vector<Step>;

class Town {
 public:
  Town();

  void live(const std::vector<Act>&);
  Chronicle chronicle;
  PlaceWorld world = place_world();
  std::vector<RiderId> riders;  // two adults and a child of the first
  std::vector<TerminalId> tills;

  Decision ask(const Command&, std::optional<Attempt> = {});
  void wait(Duration);  // timers that fall due run at their own time

 private:
  void live(const Act&);
  void at_a_gate(const Act&);
  void at_a_till(const Act&);
  void after_a_sale(const Act&);
  void at_a_desk(const Act&);
  void in_the_office(const Act&);
  Presence shown(const Act&, RiderId, TerminalId);
  Attempt attempt(const Act&, TerminalId) const;
  PurchaseId some_purchase(const Act&) const;

  std::map<Attempt, Reply> answered_;  // what the engine's memory of attempts does
  std::map<RiderId, StepUpId> step_ups_;
};

constexpr std::uint8_t kinds_of_acts = 40;

}  // namespace obverse

namespace rc {
template <>
struct Arbitrary<obverse::Act> {
  static Gen<obverse::Act> arbitrary() {
    using obverse::Act;
    return gen::build<Act>(
        gen::set(&Act::what, gen::inRange<std::uint8_t>(0, obverse::kinds_of_acts)),
        gen::set(&Act::who, gen::inRange<std::uint8_t>(0, 3)),
        gen::set(&Act::where, gen::inRange<std::uint8_t>(0, 12)),
        gen::set(&Act::which, gen::inRange<std::uint8_t>(0, 24)),
        gen::set(&Act::amount, gen::inRange<std::uint16_t>(0, 20'000)));
  }
};
}  // namespace rc
