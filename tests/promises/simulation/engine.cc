// Starting, stepping, stopping, and the faults of the disk.
#include "tests/promises/simulation/engine.h"

#include <algorithm>

#include "tests/promises/simulation/defects.h"

namespace obverse::simulation {
namespace {

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr std::uint64_t unbounded = std::uint64_t{1} << 40U;
constexpr std::uint64_t never = std::uint64_t{1} << 60U;
constexpr int starts_max = 60;
constexpr std::uint64_t look_back_every = 4;
constexpr int steps_max = 10'000;

}  // namespace

Appended Port::append(Head& head, std::span<const NewEntry> batch, std::vector<Digest>* chains) {
  tried.clear();
  for (const NewEntry& entry : batch) tried.push_back(entry.payload);
  return log_.append(head, batch, chains);
}

Engine::Engine(const Plan& plan, const Swarm& swarm, const Photos& photos, Trace& trace,
               Tally& tally)
    : plan_(plan),
      swarm_(swarm),
      photos_(photos),
      trace_(trace),
      tally_(tally),
      dice_(plan.seed ^ 0x5bd1e995U),
      clock_({1'760'000'000'000}),
      disk_(plan.seed * 31 + 7),
      env_(simulated_env(disk_, false)),
      directory_(std::make_unique<Directory>(photos)) {}

Engine::~Engine() { close(); }

void Engine::fail(const std::string& what) {
  if (wrong_.empty()) wrong_ = what + " (position " + std::to_string(durable_.position.value) + ")";
}

bool Engine::is_wrong() const {
  return !wrong_.empty() || !checks_.held() || !directory_->wrong().empty();
}

std::string Engine::wrong() const {
  std::string all;
  for (const std::string& one : {checks_.wrong(), wrong_, directory_->wrong()})
    if (!one.empty()) all += (all.empty() ? "" : "; ") + one;
  return all;
}

RocksLogOptions Engine::options() {
  RocksLogOptions options = one_thread_options(disk_, *env_, swarm_.tail_first);
  options.tail.segment_bytes = 128U << 10U;
  options.verify_all = verify_all_;
  options.rocks.sync = !is(Defect::log_is_not_synced);
  options.keep_tail = !is(Defect::log_is_not_synced) && !is(Defect::log_has_no_tail);
  return options;
}

bool Engine::open() {
  try {
    log_ = std::make_unique<RocksLog>("/log", options());
    port_ = make_port(*log_);
    Ledger::Settings settings;
    settings.batch_max = swarm_.batch_max;
    settings.snapshot_every = swarm_.snapshot_every;
    settings.recent_attempts_max = swarm_.recent_attempts;
    settings.remember_attempts = !is(Defect::attempts_are_not_remembered);
    settings.on_broken = [](std::string_view why) { throw Broken(std::string(why)); };
    ledger_ = std::make_unique<Ledger>(*port_, clock_, settings);
    return true;
  } catch (const DiskFault& fault) {
    close();
    if (disk_.dead()) {
      ++tally_.cuts_in_recovery;
    } else if (full_) {
      make_room();
      return false;
    } else if (!std::exchange(sync_may_fail_, false)) {
      fail("the log does not open: " + std::string(fault.what()));
    }
  } catch (const LogDamage& damage) {
    close();
    ++tally_.damage_met;
    if (!rotten_ && !disk_.dead()) fail("damage that nobody did: " + std::string(damage.what()));
    if (disk_.dead()) ++tally_.cuts_in_recovery;
  }
  disk_.reboot();
  return false;
}

// As a process that is killed: nothing more is written, and what was not synced is lost.
void Engine::close() {
  if (ledger_) disk_.lose_power_after(1);
  ledger_.reset();
  if (port_ && !port_->tried.empty()) tried_ = port_->tried;
  port_.reset();
  log_.reset();
}

void Engine::start(bool calm) {
  for (int tries = 0;; ++tries) {
    const bool cut = dice_.chance(swarm_.cuts_in_recovery, 1'000);
    const std::uint64_t after = 1 + dice_.roll(120);
    if (!calm && cut && tries < 5) disk_.lose_power_after(after);
    verify_all_ = calm;
    if (open() && comes_back()) break;
    if (!wrong_.empty()) return;
    if (tries > starts_max) return fail("the log does not come up");
  }
  ++starts_;
  ++tally_.restarts;
}

// False if what it reads is damaged: the next start repairs it.
bool Engine::comes_back() {
  try {
    recovered();
    return true;
  } catch (const std::runtime_error& fault) {
    if (!rotten_ && !disk_.dead())
      fail("what was recovered cannot be read: " + std::string(fault.what()));
    ++(disk_.dead() ? tally_.cuts_in_recovery : tally_.damage_met);
    close();
    disk_.reboot();
    return false;
  }
}

void Engine::died(const std::string& why) {
  trace_.add(disk_.operations());
  const bool cause = disk_.dead() || sync_may_fail_ || rotten_ || full_;
  if (!cause) fail("the ledger stopped without a cause: " + why);
  if (disk_.dead()) ++tally_.crashes;
  if (!disk_.dead() && rotten_ && !sync_may_fail_) ++tally_.damage_met;
  close();
  disk_.reboot();
  sync_may_fail_ = false;
}

void Engine::submit(Sent sent) {
  const auto* enrols = std::get_if<EnrolFace>(sent.command.get());
  if (enrols != nullptr && is(Defect::template_is_logged)) {
    EnrolFace careless = *enrols;
    const std::string secret = photos_.secrets().at(0);
    std::ranges::copy(secret, careless.sealed.bytes.begin());
    sent.command = std::make_shared<const Command>(careless);
  }
  Asked asked{Actor{Actor::Kind::terminal, sent.attempt.terminal}, sent.attempt, sent.occurred_at,
              *sent.command, sent.deadline};
  in_flight_.emplace_back(sent, false);
  ledger_->submit(std::move(asked), [this, sent = std::move(sent)](const Answer& answer) {
    told_.push_back({sent, answer});
  });
}

bool Engine::waits_for(std::size_t errand, bool clone) const {
  return std::ranges::any_of(in_flight_, [&](const auto& each) {
    return each.first.errand == errand && each.first.clone == clone;
  });
}

std::shared_ptr<const Command> Engine::waiting_command(std::size_t errand, bool clone) const {
  for (const auto& [sent, found] : in_flight_)
    if (sent.errand == errand && sent.clone == clone) return sent.command;
  return nullptr;
}

std::vector<Told> Engine::step() {
  std::vector<Told> all;
  for (int steps = 0; is_up() && steps < steps_max; ++steps) {
    fresh_.clear();
    fresh_chains_.clear();
    told_.clear();
    bool busy = false;
    try {
      busy = ledger_->step();
    } catch (const Broken& broken) {
      died(broken.what());
    }
    if (busy) ++tally_.batches;
    tally_.together += told_.size();
    if (is_up() && !fresh_.empty()) checks_.compare(ledger_->state());
    for (const Told& each : told_) look_at(each);
    judge_batch(told_);
    if (is_up() && !told_.empty() && dice_.chance(1, look_back_every)) look_back(told_.back());
    std::ranges::move(told_, std::back_inserter(all));
    told_.clear();
    if (!busy) break;
    if (steps + 1 == steps_max) fail("liveness: the ledger does not come to rest");
  }
  if (is_up()) in_flight_.clear();
  return all;
}

void Engine::cut_power_soon() { disk_.lose_power_after(1 + dice_.roll(40)); }

void Engine::stop_cleanly(bool reboots) {
  if (!is_up()) return;
  ledger_->stop();
  ledger_->step();
  ledger_.reset();
  if (!port_->tried.empty()) tried_ = port_->tried;
  port_.reset();
  log_.reset();
  if (disk_.dead() || reboots) disk_.reboot();
  disk_.fail_sync(0);
  sync_may_fail_ = false;
}

std::vector<std::string> Engine::files_that_rot() const {
  std::vector<std::string> out;
  for (const std::string folder :
       {swarm_.rot_in_rocks ? "/log/rocks" : "/log/tail", "/log/snapshots"})
    for (const std::string& name : disk_.list(folder))
      if (disk_.durable_bytes(folder + "/" + name) > 0) out.push_back(folder + "/" + name);
  return out;
}

void Engine::flip() {
  const auto files = files_that_rot();
  if (files.empty()) return;
  const std::string& path = dice_.one_of(files);
  const std::uint64_t at = dice_.roll(disk_.durable_bytes(path));
  const auto bit = static_cast<unsigned>(dice_.roll(8));
  disk_.flip(path, at, bit);
  rotten_ = true;
  ++tally_.flips;
}

// A write of the file that is being written is lost, or lies elsewhere in it.
void Engine::stray(bool lost) {
  const std::string folder = swarm_.rot_in_rocks ? "/log/rocks" : "/log/tail";
  const std::string ending = swarm_.rot_in_rocks ? ".log" : ".tail";
  std::string last;
  for (const std::string& name : disk_.list(folder))
    if (name.ends_with(ending)) last = folder + "/" + name;
  const std::uint64_t bytes = disk_.durable_bytes(last);
  if (last.empty() || bytes == 0) return;
  const std::uint64_t sector = dice_.roll(bytes) / 512 * 512;
  disk_.misdirect_next_write(last, lost ? SimulatedDisk::nowhere : sector);
  rotten_ = true;
  ++(lost ? tally_.lost_writes : tally_.stray_writes);
}

void Engine::fill() {
  make_room();
  const std::uint64_t used = unbounded - disk_.free_bytes("/");
  disk_.set_capacity(used + dice_.roll(3U << 20U));
  full_ = true;
  ++tally_.full;
}

void Engine::inject_fault() {
  const std::uint64_t kind = dice_.roll(8);
  if (kind < 3 && swarm_.flips) return flip();
  if (kind < 5 && swarm_.stray_writes) return stray(kind == 3);
  if (kind == 5 && swarm_.failed_syncs) {
    disk_.fail_sync(1 + dice_.roll(6));
    sync_may_fail_ = true;
    ++tally_.failed_syncs;
    return;
  }
  if (kind > 5 && swarm_.full_disk) return fill();
  if (swarm_.flips) return flip();
  if (swarm_.stray_writes) return stray(kind % 2 == 0);
}

void Engine::make_room() {
  disk_.set_capacity(unbounded);
  full_ = false;
}

void Engine::stop_faults() {
  make_room();
  disk_.fail_sync(0);
  sync_may_fail_ = false;
  if (!disk_.dead()) disk_.lose_power_after(never);
}

}  // namespace obverse::simulation
