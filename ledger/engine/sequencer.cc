#include "ledger/engine/sequencer.h"

#include <pthread.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "ledger/engine/recovery.h"
#include "ledger/engine/snapshot.h"
#include "ledger/model/limits.h"

namespace obverse {
namespace {

constexpr unsigned careful_commits_after_disk_full = 64;
constexpr std::size_t worth_a_sync = 32;  // so many are decided first, if they wait
constexpr Duration timers_rest = seconds(1);
constexpr std::int64_t sleep_ms_max = 100;
// How long the writer stays awake for what is near: the next command of a busy hour; a landing.
constexpr std::chrono::microseconds awake_for_arrivals{100};
constexpr std::chrono::microseconds awake_for_landing{500};

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
  const bool busy = turn();
  settle();
  return rest() || busy;
}

void Sequencer::run() {
  ::pthread_setname_np(::pthread_self(), "writer");
  append_beside();
  snapshots_ = std::make_unique<SnapshotsBeside>(log_, last_snapshot_, settings_.snapshot_every);
  while (!lanes_.is_closed())
    if (!turn())
      lanes_.wait(longest_sleep(), may_decide(), flying_ ? awake_for_landing : awake_for_arrivals);
  finish();
}

void Sequencer::append_beside() {
  if (!beside_) beside_ = std::make_unique<Beside>("append");
}

bool Sequencer::turn() {
  bool busy = end_commit();
  if (busy) rest();
  if (may_decide() && decide()) busy = true;
  if (begin_commit(beside_ == nullptr)) busy = true;
  return rest() || busy;
}

// Questions and snapshots are of a durable state: while they wait, what is decided is committed and
// nothing more is decided.
bool Sequencer::may_decide() const {
  if (is_settled()) return true;
  if (careful_commits_ > 0 || lanes_.has_questions() || is_snapshot_due()) return false;
  return !open_ || open_->size() < batch_max();
}

bool Sequencer::decide() {
  if (!open_) {
    open_ = std::make_unique<Batch>(
        state_, Batch::Means{log_, dedup_, settings_, careful_commits_ == 0, flying_.get()});
  }
  const std::size_t before = open_->size();
  try {
    fill(*open_);
  } catch (const std::runtime_error& fault) {
    // The log could not be read; part of the batch is applied and will never be written.
    const std::string why = fault.what();
    std::unique_ptr<Batch> part = std::move(open_);
    settle();  // who had been decided before is told how that went
    open_ = std::move(part);
    break_down(why);
  }
  const bool grew = open_->size() > before;
  if (open_->size() == 0) open_.reset();
  return grew;
}

// What is due comes before what is asked, and the clock is read after the commands are taken:
// evidence is never from the future of its decision. Once the disk is free again it is not kept
// waiting for long.
void Sequencer::fill(Batch& batch) {
  if (held_next_ == held_.size()) {
    held_ = lanes_.take(batch_max() - std::min(batch.size(), batch_max()));
    held_next_ = 0;
  }
  const Instant at = now();
  while (const auto due = timers_.due(state_, at)) {
    if (batch.size() >= batch_max()) return;
    if (!batch.add_timer(*due, at)) timers_.rest_until(at + timers_rest);
  }
  while (held_next_ < held_.size() && batch.size() < batch_max()) {
    batch.add(held_[held_next_], at);
    ++held_next_;
    if (batch.size() >= worth_a_sync && is_beside_ && landed_.load(std::memory_order_acquire))
      return;
  }
}

// On this thread where nobody else is about: handing over costs more than it gains.
bool Sequencer::begin_commit(bool wait_for_disk) {
  if (flying_ || !open_) return false;
  if (open_->records().empty()) {
    std::exchange(open_, nullptr)->answer(durable());
    return true;
  }
  const bool alone =
      careful_commits_ > 0 || (open_->size() == 1 && !is_crowded_ && lanes_.is_idle());
  if (!wait_for_disk && !alone) {
    start_beside();
    return true;
  }
  flying_ = std::move(open_);
  outcome_ = flying_->write(log_, head_);
  landed_ = true;
  return end_commit();
}

void Sequencer::start_beside() {
  flying_ = std::move(open_);
  landed_before_ = std::move(answered_);
  is_beside_ = true;
  beside_->start([this] {
    struct Landing {
      Sequencer& sequencer;
      ~Landing() {
        sequencer.landed_.store(true, std::memory_order_release);
        sequencer.lanes_.wake();
      }
    };
    const Landing whatever_happens{*this};
    landed_before_.reset();  // taking it apart is work too
    outcome_ = flying_->write(log_, head_);
  });
}

bool Sequencer::end_commit() {
  if (!flying_ || !landed_.load(std::memory_order_acquire)) return false;
  if (std::exchange(is_beside_, false)) beside_->wait();
  landed_ = false;
  switch (outcome_) {
    case Appended::committed:
      committed();
      return true;
    case Appended::disk_full:
      refused_for_room();
      return true;
    case Appended::fenced:
      break_down("another writer has taken the log over");
    case Appended::unknown:
      break;
  }
  break_down("the outcome of a write is unknown");
}

// The disk gets what was decided meanwhile before anybody is answered.
void Sequencer::committed() {
  std::unique_ptr<Batch> batch = std::move(flying_);
  const Receipt last = batch->last();
  assert(head_.last == last.position && head_.chain == last.chain);
  if (careful_commits_ > 0) {
    for (const Record& record : batch->records()) apply(state_, record);
    if (!batch->is_from_reserve()) --careful_commits_;  // else the disk may be as full as before
  }
  batch->remember(dedup_);
  {
    const Lock lock(publishing_);
    durable_ = last;
  }
  if (open_) open_->stands_first();
  is_crowded_ = open_ || held_next_ < held_.size() || !lanes_.is_idle();
  if (beside_ && open_ && !open_->records().empty()) start_beside();
  feed_.committed(batch->records(), last);
  batch->answer(last);
  if (snapshots_) snapshots_->committed(last);
  answered_ = std::move(batch);
}

// Nothing was written, but the batch is in memory already, and perhaps another on top of it: the
// state is read again from the log. From here on, one decision at a time is applied only after its
// commit, so that a disk that stays full costs no second reading. Exits that stood beside others
// are decided once more, alone: they may use the log's reserve.
void Sequencer::refused_for_room() {
  if (careful_commits_ == 0) {
    try {
      state_ = recover(log_, head_).folded.state;
    } catch (const std::runtime_error& fault) {
      break_down(fault.what());
    }
    if (open_) hold_again(open_->take_back_exits());
    if (!flying_->is_from_reserve()) hold_again(flying_->take_back_exits());
  }
  careful_commits_ = careful_commits_after_disk_full;
  timers_.rest_until(latest_ + settings_.disk_full_retry_after);
  answer_fault(Answer::Fault::disk_full, settings_.disk_full_retry_after);
}

// Before whoever waits already.
void Sequencer::hold_again(std::vector<Waiting> taken_back) {
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(held_next_));
  held_next_ = 0;
  held_.insert(held_.begin(), std::make_move_iterator(taken_back.begin()),
               std::make_move_iterator(taken_back.end()));
}

// What is in memory is now a rumour: nothing more is decided from it, and nobody is told anything
// from it.
void Sequencer::break_down(const std::string& why) {
  is_broken_ = true;
  lanes_.close();
  answer_fault(Answer::Fault::stopped, settings_.retry_after);
  finish();
  if (settings_.on_broken) settings_.on_broken(why);
  std::cerr << "the ledger stops: " << why << "\n";
  std::abort();
}

// To everybody whose decision is in memory only.
void Sequencer::answer_fault(Answer::Fault fault, Duration retry_after) {
  const std::unique_ptr<Batch> first = std::move(flying_);
  const std::unique_ptr<Batch> second = std::move(open_);
  if (first) first->answer_fault(fault, retry_after, durable());
  if (second) second->answer_fault(fault, retry_after, durable());
}

// Until the state is what is durable; nothing is decided meanwhile.
void Sequencer::settle() {
  while (!is_settled()) {
    if (is_beside_) {
      beside_->wait();
      is_beside_ = false;
    }
    end_commit();
    begin_commit(true);
  }
}

void Sequencer::finish() {
  lanes_.close();
  snapshots_.reset();
  settle();
  Answer stopped;
  stopped.fault = Answer::Fault::stopped;
  stopped.retry_after = settings_.retry_after;
  stopped.receipt = durable();
  for (Waiting& waiting : std::exchange(held_, {}))
    if (waiting.done) waiting.done(stopped);  // else it was decided
  held_next_ = 0;
  for (Waiting& waiting : lanes_.take(SIZE_MAX)) waiting.done(stopped);
  lanes_.take_questions(SIZE_MAX);
  if (!is_broken_ && settings_.snapshot_every > 0 && last_snapshot_ < state_.position)
    keep_snapshot();
}

bool Sequencer::rest() {
  if (!is_settled()) return false;
  assert(state_.position == durable().position);
  if (is_snapshot_due()) keep_snapshot();
  return answer_questions();
}

bool Sequencer::answer_questions() {
  const auto questions = lanes_.take_questions(settings_.questions_max);
  const Receipt head = durable();
  for (const Question& question : questions) question(state_, head);
  return !questions.empty();
}

bool Sequencer::is_snapshot_due() const {
  return !snapshots_ && settings_.snapshot_every > 0 &&
         state_.position.value - last_snapshot_.value >= settings_.snapshot_every;
}

// Only a cache: if it cannot be kept, the next start reads more records, and that is all.
void Sequencer::keep_snapshot() {
  settle();
  if (state_.position.value == 0) return;
  last_snapshot_ = state_.position;
  try {
    log_.keep_snapshot(snapshot_of(state_, durable().chain));
  } catch (const std::runtime_error& fault) {
    std::cerr << "no snapshot at " << state_.position.value << ": " << fault.what() << "\n";
  }
}

Receipt Sequencer::durable() const {
  const Lock lock(publishing_);
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
