#include "ledger/engine/sequencer.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "ledger/engine/recovery.h"
#include "ledger/engine/snapshot.h"
#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr unsigned careful_commits_after_disk_full = 64;
constexpr Duration timers_rest = seconds(1);
constexpr std::int64_t sleep_ms_max = 100;

}  // namespace

Sequencer::Sequencer(EventLog& log, Clock& clock, const Ledger::Settings& settings, Lanes& lanes)
    : log_(log),
      clock_(clock),
      settings_(settings),
      lanes_(lanes),
      head_(log.acquire()),
      dedup_(log, settings.recent_attempts_max) {
  Recovered recovered = recover(log_, head_);
  state_ = std::move(recovered.folded.state);
  recovered_ = std::move(recovered.words);
  latest_ = state_.at;
  last_snapshot_ = state_.position;
  durable_ = {head_.last, head_.chain};
}

bool Sequencer::step() {
  if (lanes_.is_closed()) {
    finish();
    return false;
  }
  const bool decided = decide_batch();
  const bool answered = answer_questions();
  return decided || answered;
}

void Sequencer::run() {
  while (!lanes_.is_closed())
    if (!step()) lanes_.wait(longest_sleep());
  finish();
}

bool Sequencer::decide_batch() {
  Batch batch(state_, head_.chain, {log_, dedup_, settings_, careful_commits_ == 0});
  try {
    fill(batch);
  } catch (const std::runtime_error& fault) {
    // The log could not be read; part of the batch is applied and will never be written.
    break_down(batch, fault.what());
  }
  if (batch.size() == 0) return false;
  commit(batch);
  return true;
}

// What is due comes before what is asked, and the clock is read after the commands are taken:
// evidence is never from the future of its decision.
void Sequencer::fill(Batch& batch) {
  if (held_.empty()) held_ = lanes_.take(batch_max());
  const Instant at = now();
  while (const auto due = timers_.due(state_, at)) {
    if (batch.size() == batch_max()) return;
    if (!batch.add_timer(*due, at)) timers_.rest_until(at + timers_rest);
  }
  if (careful_commits_ > 0 && batch.size() > 0) return;
  for (Waiting& waiting : held_) batch.add(waiting, at);
  held_.clear();
}

void Sequencer::commit(Batch& batch) {
  if (batch.entries().empty()) return batch.answer(durable());
  switch (log_.append(head_, batch.entries())) {
    case Appended::committed:
      return committed(batch);
    case Appended::disk_full:
      return refused_for_room(batch);
    case Appended::fenced:
      break_down(batch, "another writer has taken the log over");
    case Appended::unknown:
      break;
  }
  break_down(batch, "the outcome of a write is unknown");
}

void Sequencer::committed(Batch& batch) {
  const Receipt last = batch.last();
  assert(head_.last == last.position && head_.chain == last.chain);
  if (careful_commits_ > 0) {
    for (const Record& record : batch.records()) apply(state_, record);
    --careful_commits_;
  }
  assert(state_.position == last.position);
  {
    const std::scoped_lock lock(publishing_);
    durable_ = last;
  }
  batch.remember(dedup_);
  feed_.committed(batch.records(), last);
  batch.answer(last);
  keep_snapshot_if_due();
}

// Nothing was written, but the batch is in memory already: the state is read again from the log.
// From here on, one decision at a time is applied only after its commit, so that a disk that stays
// full costs no second reading.
void Sequencer::refused_for_room(Batch& batch) {
  if (careful_commits_ == 0) {
    try {
      state_ = recover(log_, head_).folded.state;
    } catch (const std::runtime_error& fault) {
      break_down(batch, fault.what());
    }
  }
  careful_commits_ = careful_commits_after_disk_full;
  timers_.rest_until(latest_ + settings_.disk_full_retry_after);
  batch.answer_fault(Answer::Fault::disk_full, settings_.disk_full_retry_after, durable());
}

// What is in memory is now a rumour: nothing more is decided from it, and nobody is told anything
// from it.
void Sequencer::break_down(Batch& batch, const std::string& why) {
  is_broken_ = true;
  lanes_.close();
  batch.answer_fault(Answer::Fault::stopped, settings_.retry_after, durable());
  finish();
  if (settings_.on_broken) settings_.on_broken(why);
  std::fprintf(stderr, "the ledger stops: %s\n", why.c_str());
  std::abort();
}

void Sequencer::finish() {
  lanes_.close();
  Answer stopped;
  stopped.fault = Answer::Fault::stopped;
  stopped.retry_after = settings_.retry_after;
  stopped.receipt = durable();
  for (Waiting& waiting : std::exchange(held_, {}))
    if (waiting.done) waiting.done(stopped);  // else it is in the batch that broke
  for (Waiting& waiting : lanes_.take(SIZE_MAX)) waiting.done(stopped);
  lanes_.take_questions(SIZE_MAX);
  if (!is_broken_ && settings_.snapshot_every > 0 && last_snapshot_ < state_.position)
    keep_snapshot();
}

bool Sequencer::answer_questions() {
  const auto questions = lanes_.take_questions(settings_.questions_max);
  const Receipt head = durable();
  for (const Question& question : questions) question(state_, head);
  return !questions.empty();
}

void Sequencer::keep_snapshot_if_due() {
  if (settings_.snapshot_every == 0) return;
  if (state_.position.value - last_snapshot_.value >= settings_.snapshot_every) keep_snapshot();
}

// Only a cache: if it cannot be kept, the next start reads more records, and that is all.
void Sequencer::keep_snapshot() {
  if (state_.position.value == 0) return;
  last_snapshot_ = state_.position;
  try {
    log_.keep_snapshot(snapshot_of(state_, durable().chain));
  } catch (const std::runtime_error& fault) {
    std::fprintf(stderr, "no snapshot at %llu: %s\n",
                 static_cast<unsigned long long>(state_.position.value), fault.what());
  }
}

Receipt Sequencer::durable() const {
  const std::scoped_lock lock(publishing_);
  return durable_;
}

std::chrono::milliseconds Sequencer::longest_sleep() {
  const auto next = timers_.next(state_);
  const std::int64_t ms = next ? (*next - now()).ms : sleep_ms_max;
  return std::chrono::milliseconds(std::clamp<std::int64_t>(ms, 1, sleep_ms_max));
}

Instant Sequencer::now() {
  latest_ = std::max(latest_, std::clamp(clock_.now(), instant_min, instant_max));
  return latest_;
}

std::size_t Sequencer::batch_max() const { return careful_commits_ > 0 ? 1 : settings_.batch_max; }

}  // namespace obverse
