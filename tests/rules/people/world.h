// A small world for the tests of people: every decision that has events is applied at once, as the
// machine would do it, and the position moves on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <variant>

#include "ledger/model/outcome.h"
#include "ledger/rules/people/acceptance.h"
#include "ledger/rules/people/credentials.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"

namespace obverse {

// Boost.Test prints refusals by their names.
inline std::ostream& operator<<(std::ostream& out, Refusal refusal) {
  return out << explain(refusal).name;
}

// Folds the event into the rule if it is the rule's.
template <class Rule>
bool fold(Rule& rule, const Event& event) {
  return std::visit(
      [&](const auto& fact) {
        if constexpr (requires { apply(rule, fact); }) {
          apply(rule, fact);
          return true;
        } else {
          return false;
        }
      },
      event);
}

template <class Fact>
std::size_t count(const Events& events) {
  return static_cast<std::size_t>(std::ranges::count_if(
      events, [](const Event& event) { return std::holds_alternative<Fact>(event); }));
}

template <class Fact>
const Fact* first(const Events& events) {
  for (const Event& event : events)
    if (const Fact* fact = std::get_if<Fact>(&event)) return fact;
  return nullptr;
}

inline std::optional<Refusal> refusal_of(const Decision& decision) {
  const Refused* refused = std::get_if<Refused>(&decision.reply);
  return refused ? std::optional(refused->refusal) : std::nullopt;
}

// Refused for this, and no trace of it left.
inline bool refuses(const Decision& decision, Refusal refusal) {
  return refusal_of(decision) == refusal && decision.events.empty();
}

struct PeopleWorld {
  Parties parties;
  Enrolments enrolments;
  Position position;
  Instant now{1'760'000'000'000};

  Moment moment() const { return {{position.value + 1}, now, {}}; }

  Decision settle(Decision decision) {
    if (decision.events.empty()) return decision;
    ++position.value;
    for (const Event& event : decision.events) {
      fold(parties, event);
      fold(enrolments, event);
    }
    return decision;
  }

  // Whichever of the two rules takes the command.
  template <class Command>
  Decision ask(const Command& command) {
    if constexpr (requires { decide(parties, command, moment()); }) {
      return settle(decide(parties, command, moment()));
    } else if constexpr (requires { decide(enrolments, command, moment()); }) {
      return settle(decide(enrolments, command, moment()));
    } else {
      return settle(decide(enrolments, parties, command, moment()));
    }
  }
  template <class Command>
  Decision ask(const Command& command, bool has_open_business) {
    return settle(decide(enrolments, command, has_open_business, moment()));
  }

  RiderId add_rider(Category category = Category::adult, std::optional<RiderId> guardian = {}) {
    const Decision decision = ask(RegisterRider{category, guardian});
    return {std::get<Registered>(decision.reply).id};
  }
  void consent(RiderId rider, Purpose purpose, Party party = {}) {
    ask(GrantConsent{rider, purpose, party, 1, find(enrolments, rider)->guardian});
  }
  Decision enrol(RiderId rider) {
    const FaceVersion next{find(enrolments, rider)->last_face.value + 1};
    return ask(EnrolFace{rider, next, "sface-128", 3, Digest{}});
  }
  RiderId add_enrolled(Purpose purpose) {
    const RiderId rider = add_rider();
    consent(rider, purpose);
    enrol(rider);
    return rider;
  }
  void set_pin(RiderId rider) {
    ask(SetPin{rider, {find(enrolments, rider)->pin.version.value + 1}});
  }
  Judged judge_now(const Presence& presence, const Demand& demand) {
    Judged judged = judge(enrolments, **policy_in_force(parties), presence, demand, moment());
    settle({judged.events, Done{}});
    return judged;
  }
};

inline Digest digest_of(std::uint8_t number) {
  Digest digest;
  digest.bytes[0] = number;
  return digest;
}

inline Policy test_policy() {
  Policy policy;
  policy.thresholds = {{"sface-128", Search::one_to_many, 100, 2'000'000},
                       {"sface-128", Search::one_to_many, 10'000, 2'500'000},
                       {"sface-128", Search::one_to_one, 1, 1'500'000}};
  policy.margin = 100'000;
  return policy;
}

// Operator 1, merchants 1 and 2; terminals: gate 1, till 2 (of merchant 1), till 3 (of merchant 2),
// desk 4, auditor 5, till 6 (of merchant 1 too).
inline PeopleWorld people_world() {
  PeopleWorld world;
  world.ask(PublishPolicy{test_policy()});
  world.ask(RegisterOperator{"OM"});
  world.ask(RegisterMerchant{"M1", Currency::jpy});
  world.ask(RegisterMerchant{"M2", Currency::jpy});
  world.ask(RegisterTerminal{"G1", Role::gate, {1}, "A0", {}, digest_of(1)});
  world.ask(RegisterTerminal{"T1", Role::till, {}, {}, {1}, digest_of(2)});
  world.ask(RegisterTerminal{"T2", Role::till, {}, {}, {2}, digest_of(3)});
  world.ask(RegisterTerminal{"D1", Role::enrolment_desk, {}, {}, {}, digest_of(4)});
  world.ask(RegisterTerminal{"X1", Role::auditor, {}, {}, {}, digest_of(5)});
  world.ask(RegisterTerminal{"T3", Role::till, {}, {}, {1}, digest_of(6)});
  return world;
}

}  // namespace obverse
