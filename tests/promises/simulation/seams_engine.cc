// Defects of the engine.
#include <functional>
#include <limits>

#include "ledger/engine/batch.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/snapshot.h"
#include "ledger/engine/timers.h"
#include "ledger/wire/event_wire.h"
#include "tests/promises/simulation/defects.h"
#include "tests/promises/simulation/seam.h"

namespace obverse::simulation {
namespace {

void alter_evidence(Command& command) {
  std::visit(
      [](auto& c) {
        if constexpr (requires { c.presence; })
          if (c.presence.face && is_due(Defect::evidence_is_altered, 50)) ++c.presence.face->scope;
      },
      command);
}

// Money from the bank, or more of it than a balance can hold.
void alter_money(Record& record) {
  for (Event& event : record.events) {
    auto* posted = std::get_if<Posted>(&event);
    if (posted == nullptr || posted->reason == PostingReason::funds_loaded) continue;
    Entry& entry = posted->entries.front();
    if (is(Defect::followers_are_told_of_too_much))
      entry.minor = std::numeric_limits<std::int64_t>::max();
    else
      entry.account = {Chart::bank, 0, entry.account.currency};
  }
}

}  // namespace

SEAM(void, batch_add, Batch* batch, Waiting& waiting, Instant now) {
  if (is_due(Defect::attempt_is_dropped, 50)) waiting.asked.attempt.reset();
  if (is(Defect::evidence_is_altered)) alter_evidence(waiting.asked.command);
  batch_add_real(batch, waiting, now);
}

SEAM(std::optional<Dedup::Known>, dedup_find, const Dedup* dedup, const Digest& key,
     const Attempt& attempt) {
  if (is_due(Defect::dedup_is_blind, 8)) return std::nullopt;
  return dedup_find_real(dedup, key, attempt);
}

SEAM(Digest, content_of, const Command& command) {
  if (is(Defect::content_is_not_compared)) return {};
  Digest content = content_of_real(command);
  if (is_due(Defect::content_is_never_the_same, 10)) ++content.bytes[0];
  return content;
}

SEAM(bool, is_remembered, const Reply& reply) {
  if (is(Defect::refusals_are_forgotten) && std::holds_alternative<Refused>(reply)) return false;
  return is_remembered_real(reply);
}

SEAM(Digest, key_of, const Attempt& attempt) {
  Attempt cut = attempt;
  if (is(Defect::key_is_cut_short)) cut.key.bytes[15] = 0;
  return key_of_real(cut);
}

SEAM(void, feed_committed, Feed* feed, std::span<const Record> records, const Receipt& head) {
  if (is_due(Defect::follower_is_skipped, 40)) return;
  const bool lies =
      is(Defect::followers_are_told_of_other_money) || is(Defect::followers_are_told_of_too_much);
  if (!lies) return feed_committed_real(feed, records, head);
  std::vector<Record> told(records.begin(), records.end());
  for (Record& record : told) alter_money(record);
  feed_committed_real(feed, told, head);
}

SEAM(void, submit, Ledger* ledger, Asked asked, std::function<void(const Answer&)> done) {
  if (is(Defect::some_are_never_answered) && asked.attempt && asked.attempt->key.bytes[15] == 255)
    return;
  if (!is_due(Defect::receipt_has_another_chain, 50))
    return submit_real(ledger, std::move(asked), std::move(done));
  submit_real(ledger, std::move(asked), [done = std::move(done)](Answer answer) {
    ++answer.receipt.chain.bytes[31];
    done(answer);
  });
}

using Decoded = decltype(decode_record(std::string_view{}));
SEAM(Decoded, decode_record, std::string_view bytes) {
  auto record = decode_record_real(bytes);
  if (!record) return record;
  if (auto* paid = std::get_if<Paid>(&record->reply);
      paid != nullptr && is(Defect::reply_is_read_wrong))
    ++paid->balance.minor;
  if (auto* out = std::get_if<Left>(&record->reply);
      out != nullptr && is(Defect::reply_is_read_wrong))
    ++out->balance.minor;
  const bool loads =
      !record->events.empty() && std::holds_alternative<FundsLoaded>(record->events.front());
  if (loads && is(Defect::event_is_lost_on_reading)) record->events.pop_back();
  return record;
}

SEAM(void, apply_record, State& state, const Record& record) {
  if (!is_due(Defect::state_drifts, 101)) return apply_record_real(state, record);
  Record poorer = record;
  std::erase_if(poorer.events,
                [](const Event& event) { return std::holds_alternative<Posted>(event); });
  apply_record_real(state, poorer);
}

SEAM(std::optional<Command>, timers_due, const Timers* timers, const State& state, Instant now) {
  if (is(Defect::timers_never_run)) return std::nullopt;
  return timers_due_real(timers, state, now);
}

SEAM(std::optional<State>, state_of, const Snapshot& snapshot) {
  auto state = state_of_real(snapshot);
  if (state && is(Defect::snapshot_lacks_holds)) state->holds = {};
  if (state && is(Defect::snapshot_lacks_failures))
    for (Rider& rider : state->enrolments.riders) rider.pin.failures = 0;
  return state;
}

}  // namespace obverse::simulation
