// ops/prove replay: how fast a history becomes a state again, from its first event and after a
// restart, and that it is the same state whoever builds it, by every way.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>

#include "ledger/engine/fold.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/snapshot.h"
#include "ledger/log/record.h"
#include "ledger/log/rocks_log.h"
#include "ledger/vault/sha256.h"
#include "ledger/wire/event_wire.h"
#include "tests/promises/kit/scratch.h"
#include "tests/promises/kit/shop.h"
#include "tests/promises/kit/trial.h"

namespace obverse::promises {
namespace {

using Watch = std::chrono::steady_clock;

constexpr Instant morning{1'760'000'000'000};
constexpr std::uint64_t riders = 1'000;
constexpr std::uint64_t rhythm = 4'096;  // purchases of one sync
// The default of Ledger::Settings: so many records at most stand after the newest snapshot.
constexpr std::uint64_t snapshot_every = 100'000;
// What the first 2,000 purchases of this shop come to, on every compiler and machine.
constexpr std::uint64_t golden_purchases = 2'000;
constexpr const char* golden = "22642e1c738b92916f333fa7df46ed5ef27174890657fc234dd9b0ee7d488659";

double seconds_since(Watch::time_point begin) {
  return std::chrono::duration<double>(Watch::now() - begin).count();
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::unique_ptr<RocksLog> open_log(const std::string& folder) {
  RocksLogOptions options;
  options.free_bytes_min = 1;
  options.ballast_bytes = 0;
  return std::make_unique<RocksLog>(folder, options);
}

// The kernel forgets the files: what is read afterwards comes from the disk.
void forget_pages(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) continue;
    ::fdatasync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
  }
}

Ledger::Settings settings() {
  Ledger::Settings out;
  out.batch_max = rhythm;
  out.lane_max = 2 * rhythm;
  out.snapshot_every = 0;
  return out;
}

// A shop on a clock that stands still for every batch: the same history every time.
class History {
 public:
  explicit History(EventLog& log) : ledger_(log, clock_, settings()) {
    for (Command& command : founding(riders)) {
      submit({{}, std::nullopt, clock_.now(), std::move(command), std::nullopt});
      if (++waiting_ % 512 == 0) drain();
    }
    drain();
  }

  void buy(std::uint64_t count, Trial* trial = nullptr, std::uint64_t all = 0) {
    for (std::uint64_t i = 0; i < count; ++i) {
      ++bought_;
      submit(purchase(1 + bought_ % riders, bought_, clock_.now()));
      if (bought_ % rhythm == 0) drain();
      if (trial != nullptr) trial->progress(bought_, all, "purchases");
    }
    drain();
  }
  // One more, waited for.
  bool answers() {
    const std::uint64_t before = paid_;
    buy(1);
    return paid_ == before + 1;
  }
  Ledger& ledger() { return ledger_; }
  std::uint64_t paid() const { return paid_; }

 private:
  void submit(Asked asked) {
    ledger_.submit(std::move(asked), [this](const Answer& answer) {
      if (answer.fault != Answer::Fault::none || std::holds_alternative<Refused>(answer.reply))
        throw std::runtime_error("a command was refused");
      paid_ += std::holds_alternative<Paid>(answer.reply) ? 1 : 0;
    });
  }
  void drain() {
    while (ledger_.step()) {
    }
    clock_.advance(seconds(1));
  }

  ManualClock clock_{morning};
  Ledger ledger_;
  std::uint64_t waiting_ = 0;
  std::uint64_t bought_ = 0;
  std::uint64_t paid_ = 0;
};

// A history in which one amount is another; `relinked`: and every link after it was forged to fit.
class Forged final : public EventLog {
 public:
  Forged(const EventLog& log, Position forged, bool relinked)
      : log_(log), forged_(forged), entries_(log.read(forged, SIZE_MAX)) {
    entries_.front().payload = changed(entries_.front().payload);
    Digest chain = log.read({forged.value - 1}, 1).front().chain;
    for (StoredEntry& entry : entries_) {
      if (!relinked) break;
      chain = chain_after(chain, entry.position, entry.payload);
      entry.chain = chain;
    }
  }

  Head acquire() override { return {}; }
  Appended append(Head&, std::span<const NewEntry>, std::vector<Digest>*) override {
    return Appended::fenced;
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    auto entries = log_.read(from, entries_max);
    for (StoredEntry& entry : entries)
      if (entry.position >= forged_) entry = entries_.at(entry.position.value - forged_.value);
    return entries;
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot&) override {}
  std::vector<Snapshot> snapshots() const override { return {}; }
  void verify() const override {}
  std::vector<std::string> report() const override { return {}; }

 private:
  static Bytes changed(const Bytes& payload) {
    Record record = decode_record(payload).value();
    for (Event& event : record.events)
      if (auto* posted = std::get_if<Posted>(&event))
        for (Entry& entry : posted->entries) entry.minor += 1;
    return encode_record(record);
  }

  const EventLog& log_;
  Position forged_;
  std::vector<StoredEntry> entries_;  // from there on
};

void check_golden(Trial& trial) {
  const Scratch scratch;
  const auto log = open_log(scratch / "log");
  History history(*log);
  history.buy(golden_purchases);
  const std::string digest = hex(history.ledger().state_digest());
  trial.check("the state of a known history is the same on every build", digest == golden, digest);
}

void check_fold(Trial& trial, const EventLog& log, const Receipt& head, const Digest& state) {
  std::uint64_t events = 0;
  const double processor = processor_seconds();
  const auto begin = Watch::now();
  Folded end;
  std::string damage;
  try {
    end = fold(log, {}, std::nullopt,
               [&](const Record& record, const Digest&) { events += record.events.size(); });
  } catch (const LogDamage& thrown) {
    damage = thrown.what();
  }
  const double took = seconds_since(begin);
  const double each = (processor_seconds() - processor) / static_cast<double>(events);
  const double rate = static_cast<double>(events) / took;
  trial.check("the log folds to its end", damage.empty() && end.state.position == head.position,
              damage);
  trial.check("the fold ends at the chain that was acknowledged", end.chain == head.chain);
  trial.check("the fold from the first event is the state that was in memory",
              digest_of(end.state) == state);
  trial.figure("from the first event: " + std::to_string(events) + " events",
               fixed(rate, 0) + " events/s in " + fixed(took, 2) + " s", "1,000,000 events/s",
               rate >= 1e6);
  trial.figure("processor time of an event, all threads", fixed(each * 1e9, 0) + " ns", "",
               std::nullopt);
}

void check_restart(Trial& trial, const Scratch& scratch, std::uint64_t events,
                   const Digest& state) {
  forget_pages(scratch.path());
  const auto begin = Watch::now();
  const auto log = open_log(scratch / "log");
  const double opened = seconds_since(begin);
  SystemClock clock;
  Ledger ledger(*log, clock, settings());
  const double recovered = seconds_since(begin);
  const Digest recovered_state = ledger.state_digest();  // is no part of a restart
  const double digested = seconds_since(begin) - recovered;
  bool answered = false;
  ledger.submit(purchase(1, UINT64_MAX, clock.now()), [&](const Answer& answer) {
    answered = std::holds_alternative<Paid>(answer.reply);
  });
  ledger.step();
  const double took = seconds_since(begin) - digested;
  trial.check("the first answer after a restart is given", answered);
  trial.check("the restart comes to the state that was in memory", recovered_state == state,
              ledger.recovered());
  trial.say("  " + ledger.recovered() + "; log opened after " + fixed(opened, 2) +
            " s, state there after " + fixed(recovered, 2) + " s");
  trial.figure("restart to the first answer, nothing cached, " + std::to_string(events) + " events",
               fixed(took, 2) + " s", "at most 3 s", took <= 3.0);
}

struct Made {
  Receipt head;
  Digest state;
};

// The history, with one snapshot as far from the end as one ever is.
Made make(Trial& trial, const std::string& folder, std::uint64_t events, bool foreign_snapshot) {
  const std::uint64_t purchases = events / events_of_a_purchase;
  const auto log = open_log(folder);
  History history(*log);
  const std::uint64_t after = std::min(snapshot_every - 1, purchases / 2);
  history.buy(purchases - after, &trial, purchases);
  if (foreign_snapshot) {
    State other = history.ledger().state();
    other.book.accounts.begin()->second.debits += 1;
    log->keep_snapshot(snapshot_of(other, history.ledger().head().chain));
  } else {
    history.ledger().keep_snapshot();
  }
  history.buy(after, &trial, purchases);
  return {history.ledger().head(), history.ledger().state_digest()};
}

void prove(Trial& trial) {
  check_golden(trial);
  const Scratch scratch;
  const std::uint64_t events = trial.dial("events");
  const Made made = make(trial, scratch / "log", events, false);
  {
    forget_pages(scratch.path());
    const auto log = open_log(scratch / "log");
    check_fold(trial, *log, made.head, made.state);
  }
  check_restart(trial, scratch, events, made.state);
}

void prove_mutant(Trial& trial, const std::string& mutant) {
  constexpr std::uint64_t events = 40'000;
  const Scratch scratch;
  const Made made = make(trial, scratch / "log", events, mutant == "foreign_snapshot");
  trial.expect_caught(mutant, [&] {
    if (mutant == "foreign_snapshot") return check_restart(trial, scratch, events, made.state);
    const auto log = open_log(scratch / "log");
    const Forged forged(*log, {made.head.position.value - 2'000}, mutant == "forged_history");
    check_fold(trial, forged, made.head, made.state);
  });
}

int run(int count, char** arguments) {
  Trial trial({.name = "replay",
               .promise = "1,000,000 events a second from the first event; at 10 million events a "
                          "restart answers within 3 s; one state on every build and by every way",
               .dials = {{"events", "in the history", 10'000'000, 200'000}},
               .mutants = {"foreign_snapshot", "changed_record", "forged_history"}},
              count, arguments);
  if (trial.mutants().empty()) prove(trial);
  for (const std::string& mutant : trial.mutants()) prove_mutant(trial, mutant);
  return trial.close();
}

}  // namespace
}  // namespace obverse::promises

int main(int count, char** arguments) { return obverse::promises::run(count, arguments); }
