// What is checked of the engine: every record against what was sent, every answer against every
// other of its attempt, every start against what was told before it.
#include <algorithm>

#include "ledger/engine/content.h"
#include "ledger/engine/fold.h"
#include "ledger/log/record.h"
#include "ledger/wire/event_wire.h"
#include "tests/promises/simulation/engine.h"

namespace obverse::simulation {
namespace {

constexpr std::uint64_t rebuild_every = 16;
constexpr std::uint64_t search_every = 8;
constexpr std::uint64_t encode_every = 4;
constexpr std::uint64_t verify_every = 4;

std::uint64_t head_of(const Digest& digest) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8U | digest.bytes[i];
  return out;
}

// The command of a record that the ledger made for itself.
std::optional<Command> timer_of(const Record& record) {
  for (const Event& event : record.events) {
    if (const auto* hold = std::get_if<HoldExpired>(&event)) return ExpireHold{hold->hold};
    if (const auto* lost = std::get_if<JourneyIncomplete>(&event))
      return ExpireJourney{lost->journey};
  }
  return std::nullopt;
}

const Recognition* face_in(const Record& record) {
  for (const Event& event : record.events)
    if (const auto* face = std::get_if<FaceRecognised>(&event)) return &face->evidence;
  return nullptr;
}

// Evidence is kept as it was shown.
bool is_shown(const Recognition& face, const Command& command) {
  return std::visit(
      [&](const auto& c) {
        if constexpr (requires { c.presence; }) return c.presence.face == face;
        return false;
      },
      command);
}

}  // namespace

const Sent* Engine::sent_of(const Record& record) {
  const Sent* only = nullptr;
  for (auto& [sent, found] : in_flight_) {
    if (sent.attempt != record.attempt || found) continue;
    const Sent* twin = nullptr;
    for (const auto& [other, other_found] : in_flight_)
      if (other.attempt == sent.attempt && other.clone != sent.clone) twin = &other;
    if (twin != nullptr && content_of(*sent.command) != record.content) continue;
    found = true;
    only = &sent;
    break;
  }
  return only;
}

// What the log was given for a record, which must be what the record says; every so often.
Bytes Engine::payload_of(const Record& record, std::ptrdiff_t index) {
  const auto at = static_cast<std::size_t>(index);
  const bool given = port_ && at < port_->tried.size();
  if (given && record.position.value % encode_every != 0) return port_->tried[at];
  Bytes bytes = encode_record(record);
  if (given && bytes != port_->tried[at]) fail("7: what was written is not what was told");
  return bytes;
}

void Engine::decided(const Record& record, const Sent* sent) {
  if (sent == nullptr || may_look_again(record.reply)) return;
  const Decided now{record.position, record.reply, sent->clone};
  if (!decided_.emplace(sent->errand, now).second) fail("8: one attempt had two effects");
}

void Engine::committed(std::span<const Record> records, const Receipt& head) {
  for (const Record& record : records) {
    const Sent* sent = record.attempt ? sent_of(record) : nullptr;
    if (record.attempt && sent == nullptr) fail("a record that nobody asked for");
    if (!record.attempt && (record.actor.kind != Actor::Kind::system || !timer_of(record)))
      fail("a record without an attempt that is no timer's");
    if (sent != nullptr && record.actor != Actor{Actor::Kind::terminal, sent->attempt.terminal})
      fail("a record of another actor");
    if (const Recognition* face = face_in(record))
      if (sent == nullptr || !is_shown(*face, *sent->command))
        fail("15: evidence that nobody has shown");
    checks_.see(record, sent != nullptr ? sent->command.get() : nullptr);
    if (!checks_.held()) return;
    apply(shadow_, record);
    directory_->see(record);
    decided(record, sent);
    durable_.chain =
        chain_after(durable_.chain, record.position, payload_of(record, &record - records.data()));
    durable_.position = record.position;
    fresh_.push_back(record);
    fresh_chains_.push_back(durable_.chain);
    trace_.add(record.position.value ^ head_of(durable_.chain));
    ++tally_.records;
  }
  if (durable_ != head) fail("7: the chain is not that of the records");
}

void Engine::look_at(const Told& told) {
  const Answer& answer = told.answer;
  trace_.add(told.sent.errand * 4 + static_cast<std::uint64_t>(answer.fault));
  if (answer.fault == Answer::Fault::none) ++tally_.answers;
  if (answer.fault == Answer::Fault::disk_full) {
    ++tally_.refused_for_room;
    if (!full_) fail("a disk that has room was called full");
  }
  if (answer.fault == Answer::Fault::busy && !told.sent.deadline) fail("busy without a cause");
  if (answer.fault == Answer::Fault::stopped && is_up()) fail("stopped, and still there");
  if (answer.fault != Answer::Fault::none) return;
  const auto known = decided_.find(told.sent.errand);
  const bool is_known = known != decided_.end();
  const auto* refused = std::get_if<Refused>(&answer.reply);
  if (refused != nullptr && refused->refusal == Refusal::attempt_must_have_same_content) {
    ++tally_.conflicts;
    if (!is_known || known->second.clone == told.sent.clone) fail("8: a conflict with nothing");
    return;
  }
  const std::uint64_t first = fresh_.empty() ? 0 : fresh_.front().position.value;
  const bool just_now = is_known && first != 0 && known->second.position.value >= first;
  // In one batch an attempt may fail to be recognised and then, looked at again, be decided.
  if (just_now && !answer.repeated && may_look_again(answer.reply)) return;
  if (!is_known) {
    if (!may_look_again(answer.reply))
      fail("8: an answer that was not kept: " +
           (refused == nullptr ? "agreed" : std::string(explain(refused->refusal).name)));
    return;
  }
  if (known->second.clone != told.sent.clone) fail("8: another content was answered");
  if (answer.reply != known->second.reply) fail("8: one attempt was told two things");
  if (answer.receipt.position != known->second.position)
    fail("8: the receipt is of another record");
  const auto* undone = std::get_if<ReversePurchase>(told.sent.command.get());
  if (undone != nullptr && std::holds_alternative<Reversed>(answer.reply))
    checks_.promise_back({undone->terminal, undone->original});
  if (answer.repeated) ++tally_.repeated;
  const std::uint64_t position = answer.receipt.position.value;
  if (first != 0 && position >= first) {
    if (position - first >= fresh_.size() ||
        fresh_chains_[position - first] != answer.receipt.chain)
      fail("7: the receipt has another chain");
  }
}

// What was told once is found again, by its receipt and by its attempt.
void Engine::look_back(const Told& told) {
  const auto known = decided_.find(told.sent.errand);
  if (told.answer.fault != Answer::Fault::none || known == decided_.end()) return;
  try {
    if (ledger_->standing(told.answer.receipt) != Standing::same)
      fail("7: the log does not know its own receipt");
    const auto again = ledger_->lookup(told.sent.attempt);
    if (!again || again->reply != known->second.reply) fail("8: an attempt is looked up in vain");
  } catch (const std::runtime_error& fault) {
    died(fault.what());
  }
}

void Engine::judge(const Sent* sent, const Reply& reply, const Record* record, Instant at) {
  if (!plan_.oracle || !wrong_.empty()) return;
  std::optional<Command> command;
  if (sent == nullptr && record != nullptr) command = timer_of(*record);
  if (sent != nullptr) command = *sent->command;
  if (!command) return;
  oracle::Asked asked{{}, {}, at, at, *command};
  if (sent != nullptr) {
    asked.actor = {Actor::Kind::terminal, sent->attempt.terminal};
    asked.attempt = sent->attempt;
    asked.occurred_at = sent->occurred_at;
  }
  ++tally_.judged;
  const auto kept = record != nullptr ? std::optional(*record) : std::nullopt;
  const std::string other = opinion_.judge(asked, reply, kept);
  if (!other.empty()) fail("the oracle: " + other);
}

// Timers come first in a batch; then the answers, in the order of the decisions.
void Engine::judge_batch(const std::vector<Told>& told) {
  std::vector<bool> done(fresh_.size(), false);
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    if (fresh_[i].attempt) continue;
    judge(nullptr, fresh_[i].reply, &fresh_[i], fresh_[i].recorded_at);
    done[i] = true;
  }
  for (const Told& each : told) {
    if (each.answer.fault != Answer::Fault::none) continue;
    const Record* record = nullptr;
    for (std::size_t i = 0; i < fresh_.size() && !each.answer.repeated; ++i) {
      if (done[i] || fresh_[i].position != each.answer.receipt.position) continue;
      if (fresh_[i].attempt != each.sent.attempt || fresh_[i].reply != each.answer.reply) continue;
      record = &fresh_[i];
      done[i] = true;
    }
    judge(&each.sent, each.answer.reply, record,
          record != nullptr ? record->recorded_at : each.answer.at);
  }
  if (std::ranges::count(done, false) > 0) fail("a record that nobody was told of");
  if (fresh_.empty() || !is_up() || !plan_.oracle) return;
  const State& state = ledger_->state();
  const std::string other = opinion_.compare(state.holds.open.size(), state.journeys.open.size());
  if (!other.empty()) fail("the oracle: " + other);
}

// A terminal and its clone may have asked for different things by the same attempt.
const Sent* Engine::asked_for(const Record& record) const {
  const Sent* any = nullptr;
  for (const auto& [each, found] : in_flight_) {
    if (!found || each.attempt != record.attempt) continue;
    if (content_of(*each.command) == record.content) return &each;
    if (any == nullptr) any = &each;
  }
  return any;
}

// The log ends where it was told to end, or behind the one batch that was under way.
void Engine::recovered() {
  const Receipt head = ledger_->head();
  if (head.position < durable_.position) return fail("an acknowledged record is gone");
  if (ledger_->standing(durable_) != Standing::same)
    return fail("an acknowledged record is another one now");
  const auto adopted = log_->read({durable_.position.value + 1}, 1'000);
  if (!adopted.empty() && adopted.size() != tried_.size())
    return fail("a part of a batch is there");
  for (std::size_t i = 0; i < adopted.size(); ++i)
    if (adopted[i].payload != tried_[i]) return fail("what came back was never written");
  if (!log_->report().empty()) ++tally_.repaired;
  if (ledger_->recovered().starts_with("snapshot at")) ++tally_.snapshots_used;
  if (head.position != durable_.position) ++tally_.adopted;
  fresh_.clear();
  fresh_chains_.clear();
  ledger_->follow(*this, durable_.position);
  if (durable_ != head) fail("what came back is not what was written");
  for (const Record& record : fresh_) {
    judge(record.attempt ? asked_for(record) : nullptr, record.reply, &record, record.recorded_at);
  }
  in_flight_.clear();
  tried_.clear();
  trace_.add(durable_.position.value);
  if (!(shadow_ == ledger_->state())) fail("3: the recovered state is not that of the records");
  checks_.compare(ledger_->state());
  if ((starts_ + 1) % rebuild_every == 0) rebuild();
}

// Everything again from the first record, by the auditor's way and by the gallery's.
void Engine::rebuild() {
  ++tally_.rebuilt;
  Directory again(directory_->blank());
  const Folded folded = fold(*log_, {}, std::nullopt,
                             [&](const Record& record, const Digest&) { again.see(record); });
  if (!(folded.state == ledger_->state()) || folded.chain != durable_.chain)
    fail("50: the log folded from its beginning is another state");
  if (!directory_->agrees_with(again)) fail("18: a gallery made again is another one");
}

void Engine::finish() {
  if (!is_up()) return fail("the ledger is down at the end");
  rebuild();
  checks_.compare_all(ledger_->state());
  checks_.settle();
  // Its opening, just now, has looked at every byte, and after a repair at every byte again.
  if (plan_.seed % verify_every == 0) verify();
  tally_.left_open = opinion_.left_open();
  std::map<std::string, std::int64_t> balances;
  for (const auto& [account, turnover] : ledger_->state().book.accounts)
    balances[text(account)] = balance(ledger_->state().book, account);
  const std::string other = plan_.oracle ? opinion_.compare(balances) : "";
  if (!other.empty()) fail("the oracle: " + other);
  if (plan_.seed % search_every == 0) search_for_secrets();
}

void Engine::verify() {
  try {
    log_->verify();
  } catch (const LogDamage& damage) {
    fail("the log is damaged at the end: " + std::string(damage.what()));
  }
}

void Engine::search_for_secrets() {
  const auto image = disk_.image();
  for (const std::string& secret : photos_.secrets())
    for (const auto& [path, bytes] : image)
      if (bytes.find(secret) != std::string::npos) fail("41: a template lies in " + path);
}

}  // namespace obverse::simulation
