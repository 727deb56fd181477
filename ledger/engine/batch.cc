#include "ledger/engine/batch.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/engine/fold.h"
#include "ledger/engine/free_text.h"
#include "ledger/model/limits.h"
#include "ledger/wire/event_wire.h"

namespace obverse {
namespace {

// A terminal's clock that is outside every bound says nothing; it must not keep a person from
// leaving either.
Instant occurred(Instant said, Instant now) {
  return said >= instant_min && said <= instant_max ? said : now;
}

std::int64_t business_date(const State& state, Instant now) {
  const auto policy = policy_in_force(state.parties);
  return day_number(now, policy ? (*policy)->day_offset : Policy{}.day_offset, {});
}

Answer conflict(Instant now) {
  Answer out;
  out.reply = Refused{Refusal::attempt_must_have_same_content, std::nullopt};
  out.at = now;
  return out;
}

}  // namespace

void Batch::add(Waiting& waiting, Instant now) {
  const Asked& asked = waiting.asked;
  Owed owed;
  owed.answer.at = now;
  if (asked.deadline && now > *asked.deadline) {
    owed.answer.fault = Answer::Fault::busy;
    owed.answer.retry_after = means_.settings.retry_after;
    owed.stands_alone = true;
  } else if (says_card_number(asked.command)) {
    owed.answer.reply = Refused{Refusal::card_number_must_not_be_given, std::nullopt};
    owed.stands_alone = true;
  } else {
    Known known{content_of(asked.command), std::nullopt};
    std::optional<Owed> before;
    if (asked.attempt && means_.settings.remember_attempts) {
      const Digest key = key_of(*asked.attempt);
      before = answered_before(*asked.attempt, key, known.content, now);
      known.key = key;
    }
    if (before) {
      owed = *std::move(before);
    } else {
      Decision decision = decide(state_, asked.command,
                                 {{state_.position.value + 1},
                                  now,
                                  asked.attempt,
                                  occurred(asked.occurred_at, now),
                                  action_of(asked.command)});
      owed.answer.reply = decision.reply;
      owed.record = keep(asked, known, std::move(decision), now);
    }
  }
  if (lane_of(asked.command) == Lane::leave) owed.exit = std::move(waiting.asked);
  owed.done = std::move(waiting.done);
  owed_.push_back(std::move(owed));
}

bool Batch::add_timer(const Command& command, Instant now) {
  const Asked asked{Actor{}, std::nullopt, now, command, std::nullopt};
  Decision decision = decide(state_, command, {{state_.position.value + 1}, now, std::nullopt});
  Owed owed;
  owed.record = keep(asked, {content_of(command), std::nullopt}, std::move(decision), now);
  const bool left_events = owed.record.has_value();
  if (left_events) owed_.push_back(std::move(owed));
  return left_events;
}

std::optional<std::size_t> Batch::mine(const Digest& key) const {
  return mine_.find(key, [this](std::uint32_t i) -> const Digest& { return key_at(i); });
}

const Digest& Batch::key_at(std::uint32_t record) const {
  const std::optional<Digest>& key = entries_[record].key;
  assert(key);  // only records with one are in the index
  return *key;
}

// The same attempt in this batch or in the one in flight waits for its commit, and shares its fate;
// an older one is answered from its record.
std::optional<Batch::Owed> Batch::answered_before(const Attempt& attempt, const Digest& key,
                                                  const Digest& content, Instant now) const {
  Owed owed;
  owed.record = mine(key);
  const Batch* elders = this;
  if (!owed.record && means_.in_flight != nullptr) {
    elders = means_.in_flight;
    owed.record = elders->mine(key);
    owed.is_of_flight = owed.record.has_value();
  }
  if (owed.record) {
    const Record& elder = elders->records_[*owed.record];
    if (elder.content != content) return Owed{.done = {}, .answer = conflict(now)};
    owed.answer.reply = elder.reply;
    owed.answer.at = elder.recorded_at;
  } else {
    const auto known = means_.dedup.find(key, attempt);
    if (!known) return std::nullopt;
    owed.stands_alone = true;
    if (known->content != content)
      return Owed{.done = {}, .answer = conflict(now), .stands_alone = true};
    const auto stored = stored_at(means_.log, known->position);
    if (!stored) throw LogDamage("log", 0, known->position, "a committed record cannot be read");
    owed.answer.reply = stored->record.reply;
    owed.answer.at = stored->record.recorded_at;
    owed.answer.receipt = {known->position, stored->chain};
  }
  owed.answer.repeated = true;
  return owed;
}

// A decision without events is kept for its answer alone, where that must be given again.
std::optional<std::size_t> Batch::keep(const Asked& asked, const Known& known, Decision decision,
                                       Instant now) {
  const bool must_answer_again = known.key && is_remembered(decision.reply);
  if (decision.events.empty() && !must_answer_again) return std::nullopt;
  Record record;
  record.position = {state_.position.value + 1};
  record.recorded_at = now;
  record.occurred_at = occurred(asked.occurred_at, now);
  record.business_date = business_date(state_, now);
  record.actor = asked.actor;
  record.attempt = asked.attempt;
  record.content = known.content;
  record.events = std::move(decision.events);
  record.reply = std::move(decision.reply);
  NewEntry entry{{}, std::nullopt, lane_of(asked.command) == Lane::leave};
  if (must_answer_again) {
    entry.key = known.key;
    mine_.insert(*known.key, static_cast<std::uint32_t>(records_.size()),
                 [this](std::uint32_t i) -> const Digest& { return key_at(i); });
  }
  if (means_.apply_at_once) apply(state_, record);
  entries_.push_back(std::move(entry));
  records_.push_back(std::move(record));
  return records_.size() - 1;
}

Appended Batch::write(EventLog& log, Head& head) {
  for (std::size_t i = 0; i < records_.size(); ++i)
    entries_[i].payload = encode_record(records_[i]);
  return log.append(head, entries_, &chains_);
}

// Those who asked again for what is there now have its receipt.
void Batch::stands_first() {
  for (Owed& owed : owed_) {
    if (!std::exchange(owed.is_of_flight, false)) continue;
    assert(owed.record);
    owed.answer.receipt = means_.in_flight->receipt(*owed.record);
    owed.record.reset();
  }
  means_.in_flight = nullptr;
}

bool Batch::is_from_reserve() const {
  return !entries_.empty() && std::ranges::all_of(entries_, &NewEntry::from_reserve);
}

std::vector<Waiting> Batch::take_back_exits() {
  std::vector<Waiting> exits;
  for (Owed& owed : owed_) {
    if (!owed.exit || owed.stands_alone) continue;
    exits.push_back({*std::move(owed.exit), std::move(owed.done)});
    owed.done = nullptr;
  }
  return exits;
}

void Batch::remember(Dedup& dedup) const {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::optional<Digest>& key = entries_[i].key;
    if (key) dedup.remember(*key, {records_[i].position, records_[i].content});
  }
}

void Batch::answer(const Receipt& head) {
  for (Owed& owed : owed_) {
    if (!owed.done) continue;
    if (owed.record)
      owed.answer.receipt = receipt(*owed.record);
    else if (owed.answer.receipt == Receipt{})
      owed.answer.receipt = head;
    owed.done(owed.answer);
  }
  owed_.clear();
}

void Batch::answer_fault(Answer::Fault fault, Duration retry_after, const Receipt& head) {
  for (Owed& owed : owed_) {
    if (owed.stands_alone) continue;
    owed.answer = Answer{};
    owed.answer.fault = fault;
    owed.answer.retry_after = retry_after;
    owed.record.reset();
  }
  answer(head);
}

}  // namespace obverse
