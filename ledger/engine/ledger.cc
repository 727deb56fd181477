#include "ledger/engine/ledger.h"

#include "ledger/engine/dedup.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/lanes.h"
#include "ledger/engine/sequencer.h"
#include "ledger/engine/snapshot.h"

namespace obverse {

struct Ledger::Parts {
  Parts(EventLog& log_, Clock& clock_, Settings settings_)
      : log(log_),
        clock(clock_),
        settings(std::move(settings_)),
        lanes(settings.lane_max),
        sequencer(log, clock, settings, lanes) {}

  EventLog& log;
  Clock& clock;
  Settings settings;
  Lanes lanes;
  Sequencer sequencer;
};

Ledger::Ledger(EventLog& log, Clock& clock, Settings settings)
    : parts_(std::make_unique<Parts>(log, clock, std::move(settings))) {}

Ledger::~Ledger() { parts_->sequencer.finish(); }

void Ledger::submit(Asked asked, std::function<void(const Answer&)> done) {
  Waiting waiting{std::move(asked), std::move(done)};
  const auto pushed = parts_->lanes.push(waiting);
  if (pushed == Lanes::Pushed::waiting) return;
  Answer answer;
  answer.fault = pushed == Lanes::Pushed::full ? Answer::Fault::busy : Answer::Fault::stopped;
  answer.receipt = head();
  answer.at = parts_->clock.now();
  answer.retry_after = parts_->settings.retry_after;
  waiting.done(answer);
}

bool Ledger::ask(std::function<void(const State&, const Receipt&)> question) {
  return parts_->lanes.push(question) == Lanes::Pushed::waiting;
}

void Ledger::follow(Follower& follower) { parts_->sequencer.feed().follow(follower); }

void Ledger::follow(Follower& follower, Position after) {
  replay(parts_->log, after, follower);
  follow(follower);
}

std::optional<Answer> Ledger::lookup(const Attempt& attempt) const {
  const auto position = parts_->log.find(key_of(attempt));
  const auto stored = position ? stored_at(parts_->log, *position) : std::nullopt;
  if (!stored) return std::nullopt;
  Answer out;
  out.reply = stored->record.reply;
  out.receipt = {*position, stored->chain};
  out.at = stored->record.recorded_at;
  out.repeated = true;
  return out;
}

Standing Ledger::standing(const Receipt& seen) const {
  if (seen.position > head().position) return Standing::behind;
  if (seen.position.value == 0) return seen.chain == Digest{} ? Standing::same : Standing::differs;
  const auto entries = parts_->log.read(seen.position, 1);
  if (entries.empty()) return Standing::behind;
  return entries[0].chain == seen.chain ? Standing::same : Standing::differs;
}

Receipt Ledger::head() const { return parts_->sequencer.durable(); }
void Ledger::run() { parts_->sequencer.run(); }
void Ledger::stop() { parts_->lanes.close(); }
bool Ledger::step() { return parts_->sequencer.step(); }
void Ledger::keep_snapshot() { parts_->sequencer.keep_snapshot(); }
const State& Ledger::state() const { return parts_->sequencer.state(); }
Digest Ledger::state_digest() const { return digest_of(state()); }
std::string Ledger::recovered() const { return parts_->sequencer.recovered(); }

}  // namespace obverse
