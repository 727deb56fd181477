#include "tests/promises/simulation/world.h"

#include <algorithm>

#include "tests/promises/simulation/defects.h"

namespace obverse::simulation {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t patience_ms = 3'600'000;  // after the faults have stopped

}  // namespace

World::World(const Plan& plan)
    : plan_(plan),
      swarm_(plan),
      dice_(plan.seed * 0x9e3779b9U + 3),
      photos_(plan.seed, swarm_.riders),
      engine_(plan_, swarm_, photos_, trace_, tally_),
      crowd_(plan_, swarm_, dice_) {}

void World::after(Duration wait, Kind kind, std::size_t errand, bool clone,
                  std::shared_ptr<const Answer> answer) {
  queue_.push({now_ + wait.ms, ++order_, kind, errand, clone, std::move(answer)});
}

Duration World::travel() {
  const bool late = dice_.chance(swarm_.delays, 1'000);
  const std::int64_t ms = dice_.between(1, swarm_.network.ms);
  return milliseconds(late && !calm_ ? ms * 40 : ms);
}

// Until the next of so many that come in a day, at random.
std::int64_t World::part_of_day(std::uint64_t times) {
  return dice_.between(1,
                       2 * day_ms / static_cast<std::int64_t>(std::max<std::uint64_t>(times, 1)));
}

Command World::command_of(const Errand& errand) const {
  Command command = errand.wish;
  if (!errand.showing) return command;
  const Showing& shown = *errand.showing;
  const Directory& directory = const_cast<World*>(this)->engine_.directory();
  const Instant now = const_cast<World*>(this)->engine_.clock().now();
  Presence presence;
  presence.capture = shown.capture;
  if (shown.probe && shown.capture == Capture::good)
    presence.face = directory.recognise(*shown.probe, errand.attempt.terminal, now);
  if (shown.pin)
    presence.pin = PinCheck{shown.pin->rider, directory.pin(shown.pin->rider), shown.pin->right};
  std::visit(
      [&](auto& c) {
        if constexpr (requires { c.presence; }) c.presence = presence;
      },
      command);
  return command;
}

void World::begin(Errand errand) {
  const std::size_t index = errands_.size();
  for (std::size_t i = 0; i < 8; ++i) {
    errand.attempt.key.bytes[15 - i] = static_cast<std::uint8_t>(index >> (8 * i));
    errand.attempt.key.bytes[7 - i] = static_cast<std::uint8_t>(plan_.seed >> (8 * i));
  }
  errand.began = {now_};
  crowd_.hand_in(engine_.directory(), errand);
  const bool cloned = !calm_ && dice_.chance(swarm_.clones, 1'000);
  if (cloned) clones_[index] = crowd_.cloned(errand);
  errands_.push_back(std::move(errand));
  ++open_;
  ++tally_.attempts;
  send(index, false);
  if (cloned) send(index, true);
}

void World::send(std::size_t index, bool clone) {
  Errand& errand = errands_[index];
  if (!clone) ++errand.tries;
  ++tally_.sendings;
  const bool lost = dice_.chance(swarm_.drops, 1'000);
  const bool twice = dice_.chance(swarm_.doubles, 1'000);
  const Duration first = travel();
  const bool together = dice_.chance(1, 2);  // inside one commit group
  const Duration second = together ? milliseconds(first.ms + 1) : travel();
  if (!lost || calm_) after(first, Kind::arrive, index, clone);
  if (twice && !calm_) after(second, Kind::arrive, index, clone);
  if (clone) return;
  const unsigned longer = std::min(errand.tries, 6U);
  after(milliseconds(900 * static_cast<std::int64_t>(longer) + dice_.between(0, 400)),
        Kind::give_up, index);
}

// Now and then evidence has waited, or was made for another terminal.
Command World::spoiled(Command command) {
  const std::uint64_t luck = dice_.roll(256);
  const std::int64_t age = dice_.between(1, 12'000);
  if (calm_ || luck > 2) return command;
  std::visit(
      [&](auto& c) {
        if constexpr (requires { c.presence; }) {
          if (!c.presence.face) return;
          if (luck < 2) c.presence.face->at.ms -= age;
          if (luck == 2) c.presence.face->terminal = {c.presence.face->terminal.value % 8 + 1};
        }
      },
      command);
  return command;
}

void World::arrive(const Happening& one) {
  if (!engine_.is_up()) return;
  const Errand& errand = errands_[one.errand];
  auto command = engine_.waiting_command(one.errand, one.clone);
  if (!command) {
    Errand shown = errand;
    if (one.clone) shown.wish = clones_.at(one.errand);
    if (one.clone && !errand.showing) shown.showing.reset();
    command = std::make_shared<const Command>(spoiled(command_of(shown)));
  }
  const std::int64_t skew = dice_.between(-2'000, 2'000);
  Sent sent{one.errand, one.clone, errand.attempt, {now_ + skew}, std::nullopt, command};
  if (!calm_ && dice_.chance(1, 128))
    sent.deadline = Instant{engine_.clock().now().ms + dice_.between(0, 60)};
  engine_.submit(std::move(sent));
  step_soon();
}

void World::step_soon() {
  if (std::exchange(step_is_due_, true)) return;
  after(milliseconds(dice_.between(1, swarm_.service.ms)), Kind::step);
}

void World::go_down() {
  step_is_due_ = false;
  after(seconds(dice_.between(1, 40)), Kind::back);
}

void World::step() {
  step_is_due_ = false;
  if (!engine_.is_up()) return;
  for (Told& told : engine_.step()) {
    const bool lost = dice_.chance(swarm_.drops, 1'000);
    const bool twice = dice_.chance(swarm_.doubles, 4'000);
    const Duration first = travel();
    const Duration second = travel();
    if (told.sent.clone) continue;
    const auto answer = std::make_shared<const Answer>(std::move(told.answer));
    if (!lost || calm_) after(first, Kind::told, told.sent.errand, false, answer);
    if (twice && !calm_) after(second, Kind::told, told.sent.errand, false, answer);
  }
  if (!engine_.is_up()) go_down();
}

void World::hear(const Happening& one) {
  Errand& errand = errands_[one.errand];
  if (errand.closed || one.answer->fault != Answer::Fault::none) return;
  errand.closed = true;
  --open_;
  const auto more = crowd_.learn(errand, one.answer->reply);
  if (more && !calm_) begin(*more);
}

// The key is kept through everything; what the terminal had seen is not.
void World::give_up(const Happening& one) {
  Errand& errand = errands_[one.errand];
  if (errand.closed) return;
  if (dice_.chance(swarm_.terminal_crashes, 1'000)) crowd_.look_again(errand);
  const auto reversal = errand.tries == 2 ? Crowd::take_back(errand) : std::nullopt;
  const bool takes_back = dice_.chance(1, 6);
  send(one.errand, false);
  if (reversal && takes_back && !calm_) begin(*reversal);
}

void World::rush() {
  const std::uint64_t people = 1 + dice_.roll(2 * swarm_.rush - 1);
  for (std::uint64_t i = 0; i < people; ++i)
    begin(crowd_.next(engine_.directory(), engine_.clock().now()));
  const std::uint64_t rushes = std::max<std::uint64_t>(plan_.attempts / swarm_.rush, 1);
  after(milliseconds(part_of_day(rushes + 2)), Kind::rush);
}

void World::cut(bool clean) {
  if (engine_.is_up() && clean) {
    engine_.stop_cleanly(dice_.chance(1, 2));
    go_down();
  } else if (engine_.is_up()) {
    engine_.cut_power_soon();
  }
  if (clean) {
    after(milliseconds(2 * part_of_day(1)), Kind::stop);
  } else {
    after(milliseconds(part_of_day(swarm_.cuts_a_day)), Kind::cut);
  }
}

void World::happen(const Happening& one) {
  now_ = one.at;
  engine_.clock().set({now_ + clock_error_});
  switch (one.kind) {
    case Kind::arrive:
      return arrive(one);
    case Kind::step:
      return step();
    case Kind::told:
      return hear(one);
    case Kind::give_up:
      return give_up(one);
    case Kind::rush:
      return calm_ ? void() : rush();
    case Kind::cut:
    case Kind::stop:
      return calm_ ? void() : cut(one.kind == Kind::stop);
    case Kind::back:
      if (!engine_.is_up()) engine_.start(calm_);
      return;
    case Kind::fault:
      if (calm_) return;
      if (engine_.is_up()) engine_.inject_fault();
      after(seconds(dice_.between(5, 400)), Kind::room);
      after(milliseconds(part_of_day(swarm_.faults_a_day)), Kind::fault);
      return;
    case Kind::room:
      return engine_.make_room();
    case Kind::jump:
      if (calm_) return;
      clock_error_ = dice_.between(-300'000, 300'000);
      after(milliseconds(part_of_day(swarm_.clock_jumps)), Kind::jump);
      return;
    case Kind::tick:
      if (engine_.is_up()) step_soon();
      after(minutes(20), Kind::tick);
      return;
  }
}

// False if the town is waiting for an answer that does not come.
bool World::found() {
  calm_ = true;
  engine_.start(true);
  for (const Command& command : founding(swarm_.riders)) {
    Errand errand;
    errand.attempt.terminal = operator_desk;
    errand.wish = command;
    begin(std::move(errand));
    const std::int64_t until = now_ + patience_ms;
    while (open_ > 0 && !ended() && now_ < until) {
      const Happening one = queue_.top();
      queue_.pop();
      happen(one);
    }
    if (ended()) return true;
    if (open_ > 0) return false;
  }
  calm_ = false;
  tally_.attempts = 0;
  return true;
}

// After the last fault everybody gets an answer.
bool World::settled() {
  calm_ = true;
  engine_.stop_faults();
  swarm_.cuts_in_recovery = 0;
  const std::int64_t until = now_ + patience_ms;
  if (!engine_.is_up()) engine_.start(true);
  while (open_ > 0 && !ended() && !queue_.empty() && now_ < until) {
    const Happening one = queue_.top();
    queue_.pop();
    happen(one);
    if (!engine_.is_up() && !ended()) engine_.start(true);
  }
  return open_ == 0;
}

Ending World::live() {
  if (!found()) return {tally_, "liveness: a command of the founding has no answer"};
  end_ = now_ + static_cast<std::int64_t>(plan_.days) * day_ms;
  const std::array<std::pair<Kind, std::uint64_t>, 5> comes{{{Kind::cut, swarm_.cuts_a_day},
                                                             {Kind::fault, swarm_.faults_a_day},
                                                             {Kind::jump, swarm_.clock_jumps},
                                                             {Kind::stop, swarm_.cuts_a_day},
                                                             {Kind::tick, 72}}};
  for (const auto& [kind, times] : comes) {
    const std::int64_t when = part_of_day(kind == Kind::stop ? 1 : times);
    if (times > 0) after(milliseconds(when), kind);
  }
  after({1}, Kind::rush);
  const std::uint64_t wanted = plan_.attempts * plan_.days;
  while (!ended() && (now_ < end_ || tally_.attempts < wanted)) {
    const Happening one = queue_.top();
    queue_.pop();
    happen(one);
  }
  const bool all_answered = ended() || settled();
  std::string wrong = engine_.wrong();
  if (wrong.empty() && !all_answered)
    wrong = "liveness: " + std::to_string(open_) + " errands have no answer";
  if (wrong.empty()) {
    engine_.stop_cleanly(true);
    engine_.start(true);
    if (engine_.is_up()) engine_.finish();
    wrong = engine_.wrong();
  }
  tally_.worlds = 1;
  tally_.days = plan_.days;
  tally_.hash = trace_.hash();
  if (!wrong.empty())
    wrong +=
        ", day " + std::to_string(static_cast<std::int64_t>(plan_.days) - (end_ - now_) / day_ms);
  return {tally_, wrong};
}

Ending live(const Plan& plan) {
  begin_defect();
  return World(plan).live();
}

}  // namespace obverse::simulation
