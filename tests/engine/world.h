// A small town for the tests of the engine: a log that can be told to fail, a clock that stands,
// two gates, a till, and a script of commands that is the same on every machine.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/engine/snapshot.h"
#include "ledger/log/memory_log.h"
#include "ledger/rules/machine.h"

namespace obverse {

inline constexpr Instant morning{1'760'000'000'000};
inline constexpr Money yen(std::int64_t minor) { return {minor, Currency::jpy}; }

// The log in memory, with a next append that does as it is told.
class FaultyLog final : public EventLog {
 public:
  Head acquire() override { return log.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    batches.push_back(batch.size());
    if (before_append) before_append();
    if (fail == Appended::disk_full && reserve > 0 &&
        std::ranges::all_of(batch, &NewEntry::from_reserve)) {
      --reserve;
      return log.append(head, batch, chains);
    }
    if (fail != Appended::committed) return fail;
    return log.append(head, batch, chains);
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    ++reads;
    auto entries = log.read(from, entries_max);
    if (tamper) tamper(entries);
    return entries;
  }
  std::optional<Position> find(const Digest& key) const override { return log.find(key); }
  void keep_snapshot(const Snapshot& snapshot) override {
    if (refuse_snapshots) throw std::runtime_error("no room for a snapshot");
    log.keep_snapshot(snapshot);
  }
  std::vector<Snapshot> snapshots() const override {
    auto found = log.snapshots();
    if (tamper_snapshots) tamper_snapshots(found);
    return found;
  }
  void verify() const override { log.verify(); }
  std::vector<std::string> report() const override { return {}; }

  MemoryLog log;
  Appended fail = Appended::committed;
  std::size_t reserve = 0;  // so many batches of exits are taken although the disk is full
  bool refuse_snapshots = false;
  std::function<void()> before_append;
  std::function<void(std::vector<StoredEntry>&)> tamper;
  std::function<void(std::vector<Snapshot>&)> tamper_snapshots;
  std::vector<std::size_t> batches;
  mutable std::atomic<std::size_t> reads = 0;  // also by those who read ahead
};

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline Ledger::Settings test_settings() {
  Ledger::Settings settings;
  settings.snapshot_every = 0;
  settings.on_broken = [](std::string_view why) { throw Broken(std::string(why)); };
  return settings;
}

inline AttemptKey key_number(std::uint64_t number) {
  AttemptKey key;
  for (std::size_t i = 0; i < 8; ++i)
    key.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return key;
}

// --- what people and terminals say
inline constexpr TerminalId gate_a{1};
inline constexpr TerminalId gate_b{2};
inline constexpr TerminalId till{3};
inline constexpr TerminalId desk{4};

inline Recognition face_of(RiderId rider, TerminalId terminal, Instant at) {
  Recognition face;
  face.rider = rider;
  face.face = {1};
  face.model = "r50-1";
  face.scope = 100;
  face.score = score_one / 10 * 8;
  face.threshold = score_one / 2;
  face.runner_up = score_one / 10;
  face.terminal = terminal;
  face.at = at;
  return face;
}
inline Presence seen(RiderId rider, TerminalId terminal, Instant at) {
  Presence presence;
  presence.face = face_of(rider, terminal, at);
  return presence;
}
inline Asked asked(Command command, std::optional<Attempt> attempt = std::nullopt,
                   Instant at = morning) {
  const Actor actor = attempt ? Actor{Actor::Kind::terminal, attempt->terminal} : Actor{};
  return {actor, attempt, at, std::move(command), std::nullopt};
}
inline Attempt attempt_at(TerminalId terminal, std::uint64_t number) {
  return {terminal, key_number(number)};
}

inline Tariff town_tariff() {
  Tariff tariff;
  tariff.code = "TOWN-1";
  tariff.transit = {1};
  tariff.stations = {"North", "Middle", "South"};
  tariff.tracks = {{{0}, {1}, 2'000, 0}, {{1}, {2}, 3'000, 0}};
  tariff.sections = {{3'000, 190, 100}, {INT64_MAX, 240, 120}};
  tariff.maximum_adult_minor = 240;
  tariff.maximum_child_minor = 120;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  return tariff;
}
inline Policy town_policy() {
  Policy policy;
  policy.thresholds = {{"r50-1", Search::one_to_many, 100'000, score_one / 2}};
  policy.margin = score_one / 20;
  return policy;
}

// Everything that must be there before the first rider; then `riders` of them, each with a face and
// 5,000 yen.
inline std::vector<Command> founding(std::uint64_t riders) {
  std::vector<Command> out{
      RegisterOperator{"metro"},
      RegisterMerchant{"bakery", Currency::jpy},
      PublishPolicy{town_policy()},
      RegisterTerminal{"gate-a", Role::gate, {1}, "North", {}, {{1}}},
      RegisterTerminal{"gate-b", Role::gate, {1}, "South", {}, {{2}}},
      RegisterTerminal{"till-1", Role::till, {}, {}, {1}, {{3}}},
      RegisterTerminal{"desk-1", Role::enrolment_desk, {}, {}, {}, {{4}}},
      PublishTariff{town_tariff()},
  };
  for (std::uint64_t rider = 1; rider <= riders; ++rider) {
    out.push_back(RegisterRider{Category::adult, std::nullopt});
    for (const Purpose purpose : {Purpose::transit, Purpose::payment})
      out.push_back(GrantConsent{{rider}, purpose, {}, 1, std::nullopt});
    out.push_back(EnrolFace{{rider}, {1}, "r50-1", 3, {{static_cast<std::uint8_t>(rider)}}});
    out.push_back(OpenWallet{{rider}, Currency::jpy});
    out.push_back(LoadFunds{{rider}, yen(5'000), {}});
  }
  return out;
}

// The same numbers everywhere: std::mt19937's distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t roll(std::uint64_t sides) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % sides;
  }

 private:
  std::uint64_t state_;
};

// What a town asks next: mostly sensible, sometimes not.
inline Command anything(Dice& dice, std::uint64_t riders, Instant now,
                        std::uint64_t last_position) {
  const RiderId rider{1 + dice.roll(riders + 1)};  // one of them nobody knows
  const TerminalId gate = dice.roll(2) == 0 ? gate_a : gate_b;
  switch (dice.roll(16)) {
    case 0:
    case 1:
    case 2:
      return EnterGate{gate, seen(rider, gate, now)};
    case 3:
    case 4:
    case 5:
      return LeaveGate{gate, seen(rider, gate, now)};
    case 6:
    case 7:
      return Pay{till, seen(rider, till, now), yen(static_cast<std::int64_t>(dice.roll(900))), {}};
    case 8:
      return AuthorisePurchase{till, seen(rider, till, now), yen(100), {}};
    case 9:
      return CapturePurchase{till, {1 + dice.roll(last_position + 1)}, yen(60)};
    case 10:
      return VoidPurchase{till, {1 + dice.roll(last_position + 1)}};
    case 11:
      return RefundPurchase{till, {1 + dice.roll(last_position + 1)}, yen(10)};
    case 12:
      return ReversePurchase{till, key_number(dice.roll(200))};
    case 13:
      return LoadFunds{rider, yen(static_cast<std::int64_t>(dice.roll(2'000))), {}};
    case 14:
      return EnterGate{gate, {Capture::occluded, std::nullopt, std::nullopt}};
    default:
      return RegisterRider{Category::child, std::nullopt};
  }
}

// The town, stepped by hand.
class Town {
 public:
  explicit Town(Ledger::Settings settings = test_settings()) : settings_(std::move(settings)) {
    open();
  }

  void open() {
    ledger_.reset();
    ledger_ = std::make_unique<Ledger>(log, clock, settings_);
  }
  void found(std::uint64_t riders) {
    for (const Command& command : founding(riders)) {
      const Answer answer = ask(command);
      BOOST_REQUIRE(!std::holds_alternative<Refused>(answer.reply));
    }
  }
  Ledger& ledger() { return *ledger_; }

  // Submitted and stepped until it is answered.
  Answer ask(Command command, std::optional<Attempt> attempt = std::nullopt) {
    return ask(asked(std::move(command), attempt, clock.now()));
  }
  Answer ask(Asked what) {
    std::optional<Answer> got;
    ledger_->submit(std::move(what), [&](const Answer& answer) { got = answer; });
    for (int steps = 0; !got && steps < 100; ++steps) ledger_->step();
    BOOST_REQUIRE(got.has_value());
    return *got;
  }
  // Submitted only; the answers stand in `answers` in the order in which they were given.
  void submit(Command command, std::optional<Attempt> attempt = std::nullopt) {
    ledger_->submit(asked(std::move(command), attempt, clock.now()),
                    [this](const Answer& answer) { answers.push_back(answer); });
  }
  // `count` commands of the script, with the clock running; every third has an attempt that may
  // come again.
  void live(std::uint64_t seed, std::uint64_t count, std::uint64_t riders) {
    Dice dice(seed);
    for (std::uint64_t i = 0; i < count; ++i) {
      clock.advance(seconds(static_cast<std::int64_t>(dice.roll(600))));
      const auto command = anything(dice, riders, clock.now(), ledger_->head().position.value);
      const bool keyed = dice.roll(3) != 0;
      // One roll a statement: the order of a call's arguments is the compiler's.
      const std::uint64_t number = keyed ? dice.roll(200) : 0;
      const TerminalId terminal = keyed && dice.roll(2) == 0 ? till : gate_a;
      const auto attempt = keyed ? std::optional(attempt_at(terminal, number)) : std::nullopt;
      ask(command, attempt);
    }
  }

  FaultyLog log;
  ManualClock clock{morning};
  std::vector<Answer> answers;

 private:
  Ledger::Settings settings_;
  std::unique_ptr<Ledger> ledger_;
};

inline Refusal refusal_of(const Answer& answer) {
  const auto* refused = std::get_if<Refused>(&answer.reply);
  BOOST_REQUIRE(refused != nullptr);
  return refused->refusal;
}

}  // namespace obverse
