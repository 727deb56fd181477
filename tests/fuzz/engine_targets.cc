// The rules and the loop under any commands in any order: the laws hold, and what the log holds is
// what the ledger believes, whichever way it is read.
#include <limits>
#include <map>
#include <memory>

#include "ledger/engine/dedup.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/recovery.h"
#include "ledger/engine/snapshot.h"
#include "ledger/log/memory_log.h"
#include "ledger/wire/event_wire.h"
#include "tests/fuzz/target.h"
#include "tests/rules/laws.h"

namespace obverse::fuzz {
namespace {

std::vector<Act> acts_from(Tap& tap) {
  std::vector<Act> acts;
  while (!tap.empty() && acts.size() < 64) {
    acts.push_back({static_cast<std::uint8_t>(tap.pick(kinds_of_acts - 1)),
                    static_cast<std::uint8_t>(tap.pick(2)), static_cast<std::uint8_t>(tap.pick(11)),
                    static_cast<std::uint8_t>(tap.pick(23)),
                    static_cast<std::uint16_t>(tap.pick(19'999))});
  }
  return acts;
}

constexpr std::array all_laws{laws::entries_sum_to_zero,
                              laws::trial_balance_is_zero,
                              laws::balances_are_the_fold,
                              laws::wallets_are_not_negative,
                              laws::holds_are_covered,
                              laws::holds_end_once,
                              laws::refunds_fit,
                              laws::money_comes_only_from_loads,
                              laws::money_moves_with_a_reason,
                              laws::unclear_probes_debit_nobody,
                              laws::authorisations_are_used_once,
                              laws::consent_is_in_force,
                              laws::face_only_spend_is_bounded,
                              laws::pins_lock_and_unlock,
                              laws::journeys_are_single,
                              laws::journeys_end_and_add_up,
                              laws::nobody_is_trapped,
                              laws::erasure_leaves_the_books};

void break_chronicle(Chronicle& chronicle) {
  for (Step& step : chronicle) {
    for (Event& event : step.decision.events) {
      auto* posted = std::get_if<Posted>(&event);
      if (posted == nullptr) continue;
      ++posted->entries.front().minor;
      return;
    }
  }
}

// A town lives through any acts: every law holds, and each decision is a record that comes back and
// makes the same state again.
void rules(Input input) {
  Tap tap(input);
  Town town;
  town.live(acts_from(tap));
  if (is_broken_as("rules-lose-a-yen")) break_chronicle(town.chronicle);
  for (const auto law : all_laws) {
    const laws::Verdict verdict = law(town.chronicle);
    hold(verdict.empty(), verdict.c_str());
  }
  for (const Step& step : town.chronicle) {
    Record record;
    record.recorded_at = step.moment.now;
    record.events = step.decision.events;
    record.reply = step.decision.reply;
    const auto back = decode_record(encode_record(record));
    hold(back && *back == record, "a decision is a record that comes back");
  }
}

std::vector<std::string> act_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 8; ++seed) out.push_back(noise(seed + 200, 30 + 40 * seed));
  return out;
}

// --- the loop

constexpr TerminalId gate_a{1}, gate_b{2}, till{3};
constexpr Money yen(std::int64_t minor) { return {minor, Currency::jpy}; }
constexpr std::uint64_t people = 3;

Tariff line_tariff() {
  Tariff tariff;
  tariff.code = "T-1";
  tariff.transit = {1};
  tariff.stations = {"North", "South"};
  tariff.tracks = {{{0}, {1}, 5'000, 0}};
  tariff.sections = {{std::numeric_limits<std::int64_t>::max(), 240, 120}};
  tariff.maximum_adult_minor = 390;
  tariff.maximum_child_minor = 200;
  tariff.entry_minimum_adult_minor = 190;
  tariff.entry_minimum_child_minor = 100;
  return tariff;
}

Policy open_policy() {
  Policy policy;
  policy.face_only_purchase_max = 500;
  policy.thresholds = {{"m-1", Search::one_to_many, 1'000, score_one / 2}};
  policy.margin = score_one / 20;
  return policy;
}

std::vector<Command> founding() {
  std::vector<Command> out{RegisterOperator{"metro"},
                           RegisterMerchant{"bakery", Currency::jpy},
                           PublishPolicy{open_policy()},
                           RegisterTerminal{"gate-a", Role::gate, {1}, "North", {}, {{1}}},
                           RegisterTerminal{"gate-b", Role::gate, {1}, "South", {}, {{2}}},
                           RegisterTerminal{"till-1", Role::till, {}, {}, {1}, {{3}}},
                           PublishTariff{line_tariff()}};
  for (std::uint64_t rider = 1; rider <= people; ++rider) {
    out.push_back(RegisterRider{Category::adult, std::nullopt});
    for (const Purpose purpose : {Purpose::transit, Purpose::payment})
      out.push_back(GrantConsent{{rider}, purpose, {}, 1, std::nullopt});
    out.push_back(EnrolFace{{rider}, {1}, "m-1", 3, {{static_cast<std::uint8_t>(rider)}}});
    out.push_back(SetPin{{rider}, {1}});
    out.push_back(OpenWallet{{rider}, Currency::jpy});
    out.push_back(LoadFunds{{rider}, yen(5'000), {}});
  }
  return out;
}

Presence seen(Tap& tap, TerminalId terminal, Instant now) {
  Presence presence;
  const RiderId rider{1 + tap.pick(people)};
  const std::uint64_t how = tap.pick(9);
  if (how < 8) {
    Recognition face;
    face.rider = rider;
    face.face = {static_cast<std::uint32_t>(how == 7 ? 2 : 1)};
    face.model = "m-1";
    face.scope = 100;
    face.score = score_one / 10 * 8;
    face.threshold = score_one / 2;
    face.runner_up = how == 6 ? face.score : score_one / 10;
    face.terminal = terminal;
    face.at = now;
    presence.face = face;
  }
  if (how > 4) presence.pin = PinCheck{rider, {1}, how != 5};
  return presence;
}

Command command_from(Tap& tap, Instant now, std::uint64_t last) {
  const std::uint64_t what = tap.pick(15);
  const RiderId rider{1 + tap.pick(people)};
  const auto amount = [&] { return yen(static_cast<std::int64_t>(tap.pick(2'000))); };
  const TerminalId gate = tap.pick(1) == 0 ? gate_a : gate_b;
  switch (what) {
    case 0:
    case 1:
      return EnterGate{gate, seen(tap, gate, now)};
    case 2:
    case 3:
      return LeaveGate{gate, seen(tap, gate, now)};
    case 4:
    case 5:
      return Pay{till, seen(tap, till, now), amount(), {}};
    case 6:
      return AuthorisePurchase{till, seen(tap, till, now), amount(), {}};
    case 7:
      return CapturePurchase{till, {1 + tap.pick(last)}, amount()};
    case 8:
      return VoidPurchase{till, {1 + tap.pick(last)}};
    case 9:
      return RefundPurchase{till, {1 + tap.pick(last)}, amount()};
    case 10:
      return WithdrawConsent{rider, Purpose::payment, {}};
    case 11:
      return EraseRider{rider};
    case 12:
      return ResetPin{rider, gate};
    case 13:
      return Pay{till, seen(tap, till, now), amount(), StepUpId{1 + tap.pick(last)}};
    default:
      return LoadFunds{rider, amount(), {}};
  }
}

class Loop {
 public:
  Loop() {
    Ledger::Settings settings;
    settings.snapshot_every = 0;
    settings.recent_attempts_max = 4;  // so that most are found in the log
    settings.remember_attempts = !is_broken_as("engine-forgets");
    settings.on_broken = [](std::string_view) { throw Broken("the ledger gave up"); };
    ledger = std::make_unique<Ledger>(log, clock, settings);
    for (const Command& command : founding()) submit(command, std::nullopt);
    settle();
  }

  void submit(const Command& command, std::optional<Attempt> attempt) {
    ledger->submit({.actor = {},
                    .attempt = attempt,
                    .occurred_at = clock.now(),
                    .command = command,
                    .deadline = {}},
                   [this, attempt](const Answer& answer) { hear(attempt, answer); });
  }
  void settle() {
    while (ledger->step()) continue;
  }

  MemoryLog log;
  ManualClock clock{{1'760'000'000'000}};
  std::unique_ptr<Ledger> ledger;

 private:
  // A record's answer is given once and for ever; what conflicts with it is refused.
  void hear(const std::optional<Attempt>& attempt, const Answer& answer) {
    if (!attempt || answer.fault != Answer::Fault::none) return;
    const auto found = answers_.find(*attempt);
    if (found == answers_.end()) {
      if (is_remembered(answer.reply)) answers_.emplace(*attempt, answer.receipt.position);
      return;
    }
    const bool is_same = answer.receipt.position == found->second && answer.repeated;
    const auto* refused = std::get_if<Refused>(&answer.reply);
    hold(is_same || refused != nullptr, "an attempt has one answer");
  }
  std::map<Attempt, Position> answers_;
};

void hold_one_truth(Loop& loop) {
  const Digest live = loop.ledger->state_digest();
  const Folded folded = fold(loop.log);
  hold(digest_of(folded.state) == live, "the log is what the ledger believes");
  hold(folded.chain == loop.ledger->head().chain, "and its chain is the head's");
  Head head = loop.log.acquire();
  hold(digest_of(recover(loop.log, head).folded.state) == live, "a restart believes the same");
  for (const auto& [currency, sum] : trial_balance(folded.state.book))
    hold(sum.debits == sum.credits, "the books balance");
}

// Batches of any commands, some of them again, with time passing and a snapshot somewhere.
void engine(Input input) {
  Tap tap(input);
  Loop loop;
  bool kept = false;
  while (!tap.empty()) {
    const std::uint64_t how = tap.pick(15);
    if (how == 0) loop.settle();
    if (how == 1) loop.clock.advance(minutes(static_cast<std::int64_t>(tap.pick(600))));
    if (how == 2 && !std::exchange(kept, true)) {
      loop.settle();
      loop.ledger->keep_snapshot();
    }
    const auto command = command_from(tap, loop.clock.now(), loop.ledger->head().position.value);
    std::optional<Attempt> attempt;
    if (how > 6) {
      attempt.emplace();
      attempt->terminal = till;
      attempt->key.bytes[15] = static_cast<std::uint8_t>(tap.pick(7));
    }
    loop.submit(command, attempt);
    if (how % 2 == 0) loop.ledger->step();
  }
  loop.settle();
  hold_one_truth(loop);
}

}  // namespace

std::vector<Target> engine_targets() {
  return {
      {"rules", "every law holds after any acts", 512, rules, act_seeds, {"rules-lose-a-yen"}, 40},
      {"engine",
       "the log is what the ledger believes, however it is read",
       1'024,
       engine,
       act_seeds,
       {"engine-forgets"},
       150},
  };
}

}  // namespace obverse::fuzz
