// A small world for the tests of places: the whole state of the rules, the metro OM with its tariff
// OMT-1, gates at every station, and people who ride. Every decision is applied as the engine
// would.
#pragma once

#include <limits>

#include "ledger/rules/machine.h"
#include "tests/rules/money/world.h"

namespace obverse {

// Stations A0..A9 on one line and Z on a branch of A6; published amounts of Osaka Metro.
inline Tariff omt_1(OperatorId transit) {
  Tariff tariff;
  tariff.code = "OMT-1";
  tariff.transit = transit;
  tariff.effective_from = {1'743'000'000'000};
  const std::int64_t at[] = {0, 1200, 3000, 5200, 7000, 9800, 13000, 16000, 19000, 21500};
  for (std::uint16_t i = 0; i < 10; ++i) {
    tariff.stations.push_back("A" + std::to_string(i));
    if (i > 0)
      tariff.tracks.push_back({{static_cast<std::uint16_t>(i - 1)}, {i}, at[i] - at[i - 1], 0});
  }
  tariff.stations.push_back("Z");
  tariff.tracks.push_back({{6}, {10}, 3200, 90});
  tariff.sections = {{3000, 190, 100},
                     {7000, 240, 120},
                     {13000, 290, 150},
                     {19000, 340, 170},
                     {std::numeric_limits<std::int64_t>::max(), 390, 200}};
  tariff.maximum_adult_minor = 390;
  tariff.maximum_child_minor = 200;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  return tariff;
}

struct PlaceWorld {
  State state;
  Instant now{1'750'000'000'000};
  std::uint8_t certificates = 0;
  std::uint8_t keys = 0;

  Moment moment(std::optional<Attempt> attempt = {}) const {
    return {{state.position.value + 1}, now, attempt};
  }
  Decision ask(const Command& command, std::optional<Attempt> attempt = {}) {
    Decision decision = decide(state, command, moment(attempt));
    if (decision.events.empty()) return decision;
    Record record;
    record.position = moment().position;
    record.recorded_at = now;
    record.events = decision.events;
    record.reply = decision.reply;
    apply(state, record);
    return decision;
  }
  std::uint32_t add(const Command& command) {
    return static_cast<std::uint32_t>(std::get<Registered>(ask(command).reply).id);
  }
  TerminalId add_terminal(const Code& code, Role role, OperatorId transit, const Code& station,
                          MerchantId merchant) {
    return {
        add(RegisterTerminal{code, role, transit, station, merchant, digest_of(++certificates)})};
  }
  RiderId add_rider(std::int64_t funds, Category category = Category::adult,
                    std::optional<RiderId> guardian = {}) {
    const RiderId rider{add(RegisterRider{category, guardian})};
    ask(SetPin{rider, {1}});
    ask(GrantConsent{rider, Purpose::transit, {}, 1, guardian});
    ask(GrantConsent{rider, Purpose::payment, {}, 1, guardian});
    ask(EnrolFace{rider, {1}, "sface-128", 3, {}});
    ask(OpenWallet{rider, Currency::jpy});
    if (funds > 0) ask(LoadFunds{rider, yen(funds), {}});
    return rider;
  }

  Presence face_of(RiderId rider, TerminalId terminal) const {
    Presence presence;
    presence.face = Recognition{.rider = rider,
                                .face = {1},
                                .model = "sface-128",
                                .search = Search::one_to_many,
                                .gallery = state.position.value,
                                .scope = 10,
                                .score = 3'000'000,
                                .threshold = 2'000'000,
                                .runner_up = 1'000'000,
                                .terminal = terminal,
                                .at = now};
    return presence;
  }
  Presence pin_of(RiderId rider, bool correct = true) const {
    Presence presence;
    presence.pin = PinCheck{rider, {1}, correct};
    return presence;
  }

  OperatorId om;
  TerminalId desk, enrolment, till;
  std::map<Code, TerminalId> gates;  // by station

  Decision enter(RiderId rider, const Code& station) {
    return ask(EnterGate{gates.at(station), face_of(rider, gates.at(station))});
  }
  Decision leave(RiderId rider, const Code& station) {
    return ask(LeaveGate{gates.at(station), face_of(rider, gates.at(station))});
  }
  Decision pay(RiderId rider, std::int64_t minor) {
    return ask(Pay{till, face_of(rider, till), yen(minor), {}}, Attempt{till, key_of(++keys)});
  }
  std::int64_t wallet(RiderId rider) const {
    return balance(state.book, wallet_of(rider, Currency::jpy));
  }
  std::int64_t free(RiderId rider) const {
    return available(state.book, state.holds, rider, Currency::jpy).minor;
  }
  std::int64_t debt(RiderId rider) const {
    return balance(state.book, debt_of(rider, Currency::jpy));
  }
  std::int64_t revenue() const { return balance(state.book, payable_to(om, Currency::jpy)); }
};

inline PlaceWorld place_world() {
  PlaceWorld world;
  world.ask(PublishPolicy{test_policy()});
  world.om = {world.add(RegisterOperator{"OM"})};
  world.ask(PublishTariff{omt_1(world.om)});
  for (const Code& station : omt_1(world.om).stations)
    world.gates[station] = world.add_terminal("G-" + station, Role::gate, world.om, station, {});
  const MerchantId merchant{world.add(RegisterMerchant{"M1", Currency::jpy})};
  world.till = world.add_terminal("T1", Role::till, {}, {}, merchant);
  world.enrolment = world.add_terminal("E1", Role::enrolment_desk, {}, {}, {});
  world.desk = world.add_terminal("desk", Role::operator_desk, {}, {}, {});
  return world;
}

inline JourneyId journey_of(const Decision& decision) {
  return std::get<Entered>(decision.reply).journey;
}

}  // namespace obverse
