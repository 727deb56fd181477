// Independent callers, each with one purchase in flight, through the whole engine onto a durable
// log; beside it the raw RocksDB synced batch of the same payloads, as many in a batch as there are
// callers. Rounds alternate in one run. Not here: the network and the matcher (gate_bench).
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/rocks_log.h"
#include "ledger/model/limits.h"

namespace obverse {
namespace {

using Watch = std::chrono::steady_clock;

constexpr std::array<std::size_t, 3> caller_counts{1, 32, 256};
constexpr TerminalId till{1};
constexpr std::size_t payloads_kept = 4'096;

struct Options {
  std::string directory;
  double seconds = 1.0;  // of one round
  int rounds = 3;
  bool json = false;
};

struct Figures {
  std::size_t callers = 0;
  double seconds = 0;
  std::uint64_t decisions = 0;
  std::uint64_t batches = 0;
  std::vector<double> milliseconds;  // of each decision, submit to answer
  double raw_seconds = 0;
  std::uint64_t raw_records = 0;
  double rate() const { return static_cast<double>(decisions) / seconds; }
  double raw_rate() const { return static_cast<double>(raw_records) / raw_seconds; }
  double batch() const {
    return static_cast<double>(decisions) /
           static_cast<double>(std::max<std::uint64_t>(batches, 1));
  }
  double quantile(double q) {
    std::ranges::sort(milliseconds);
    return milliseconds.at(
        static_cast<std::size_t>(q * static_cast<double>(milliseconds.size() - 1)));
  }
};

std::vector<Command> founding(std::uint64_t riders) {
  Policy policy;
  policy.face_only_purchase_max = amount_minor_max;
  policy.face_only_day_max = amount_minor_max;
  policy.thresholds = {{"r50-1", Search::one_to_many, 1'000'000, score_one / 2}};
  std::vector<Command> out{RegisterMerchant{"bakery", Currency::jpy}, PublishPolicy{policy},
                           RegisterTerminal{"till-1", Role::till, {}, {}, {1}, {{1}}}};
  for (std::uint64_t rider = 1; rider <= riders; ++rider) {
    out.push_back(RegisterRider{Category::adult, std::nullopt});
    out.push_back(GrantConsent{{rider}, Purpose::payment, {}, 1, std::nullopt});
    out.push_back(EnrolFace{{rider}, {1}, "r50-1", 3, {}});
    out.push_back(OpenWallet{{rider}, Currency::jpy});
    out.push_back(LoadFunds{{rider}, {1'000'000'000, Currency::jpy}, {}});
  }
  return out;
}

Asked purchase(std::uint64_t rider, std::uint64_t number, Instant now) {
  Recognition face;
  face.rider = {rider};
  face.face = {1};
  face.model = "r50-1";
  face.scope = 1'000;
  face.score = score_one / 10 * 9;
  face.threshold = score_one / 2;
  face.runner_up = score_one / 10;
  face.terminal = till;
  face.at = now;
  Attempt attempt{till, {}};
  for (std::size_t i = 0; i < 8; ++i)
    attempt.key.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return {{Actor::Kind::terminal, till},
          attempt,
          now,
          Pay{till, {Capture::good, face, std::nullopt}, {1, Currency::jpy}, std::nullopt},
          std::nullopt};
}

// Who has been answered and asks again; the driver stands for the network's threads.
class Answered {
 public:
  void push(std::size_t caller) {
    {
      const std::scoped_lock lock(mutex_);
      callers_.push_back(caller);
    }
    arrived_.notify_one();
  }
  std::deque<std::size_t> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !callers_.empty(); });
    return std::exchange(callers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::size_t> callers_;
};

class CountBatches final : public Follower {
 public:
  void committed(std::span<const Record>, const Receipt&) override { ++batches; }
  std::uint64_t batches = 0;  // the writer's; read while nobody is served
};

// A ledger on its own log, with its writer running, and callers that wait their turn.
class Engine {
 public:
  Engine(const std::string& folder, std::size_t callers)
      : log_(folder), ledger_(log_, clock_), callers_(callers) {
    ledger_.follow(count_);
    for (Command& command : founding(callers)) {
      ledger_.submit({{}, std::nullopt, clock_.now(), std::move(command), std::nullopt},
                     [](const Answer& answer) {
                       if (std::holds_alternative<Refused>(answer.reply))
                         throw std::runtime_error("founding was refused");
                     });
      ledger_.step();
    }
    founded_ = ledger_.head().position;
    writer_ = std::thread([this] { ledger_.run(); });
  }
  ~Engine() {
    ledger_.stop();
    writer_.join();
  }

  void round(double seconds, Figures& figures) {
    const std::uint64_t batches = count_.batches;
    const auto begin = Watch::now();
    const auto end =
        begin + std::chrono::duration_cast<Watch::duration>(std::chrono::duration<double>(seconds));
    Answered answered;
    for (std::size_t caller = 0; caller < callers_; ++caller) answered.push(caller);
    std::size_t in_flight = 0;
    std::size_t waiting = callers_;
    while (waiting + in_flight > 0) {
      for (const std::size_t caller : answered.take()) {
        waiting > 0 ? --waiting : --in_flight;
        if (Watch::now() >= end) continue;
        ++in_flight;
        submit(caller, answered, figures);
      }
    }
    figures.seconds += std::chrono::duration<double>(Watch::now() - begin).count();
    figures.batches += count_.batches - batches;
  }

  // What the log was given, to be given to RocksDB alone.
  std::vector<Bytes> payloads() const {
    std::vector<Bytes> out;
    for (StoredEntry& entry : log_.read({founded_.value + 1}, payloads_kept))
      out.push_back(std::move(entry.payload));
    return out;
  }

 private:
  void submit(std::size_t caller, Answered& answered, Figures& figures) {
    const auto asked_at = Watch::now();
    ledger_.submit(purchase(caller + 1, ++number_, clock_.now()), [&answered, &figures, caller,
                                                                   asked_at](const Answer& answer) {
      if (!std::holds_alternative<Paid>(answer.reply))
        throw std::runtime_error("a purchase was refused");
      figures.milliseconds.push_back(
          std::chrono::duration<double, std::milli>(Watch::now() - asked_at).count());
      ++figures.decisions;
      answered.push(caller);
    });
  }

  SystemClock clock_;
  RocksLog log_;
  Ledger ledger_;
  CountBatches count_;
  std::size_t callers_;
  std::uint64_t number_ = 0;
  Position founded_;
  std::thread writer_;
};

class RawRocks {
 public:
  explicit RawRocks(const std::string& folder) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::DB* db = nullptr;
    if (!rocksdb::DB::Open(options, folder, &db).ok())
      throw std::runtime_error("RocksDB does not open");
    db_.reset(db);
  }

  void round(const std::vector<Bytes>& payloads, double seconds, Figures& figures) {
    const auto begin = Watch::now();
    double spent = 0;
    while (spent < seconds) {
      commit(payloads, figures.callers);
      figures.raw_records += figures.callers;
      spent = std::chrono::duration<double>(Watch::now() - begin).count();
    }
    figures.raw_seconds += spent;
  }

 private:
  void commit(const std::vector<Bytes>& payloads, std::size_t count) {
    rocksdb::WriteBatch writes;
    for (std::size_t i = 0; i < count; ++i) {
      ++position_;
      std::array<char, 8> key{};
      for (std::size_t byte = 0; byte < key.size(); ++byte)
        key.at(byte) = static_cast<char>(position_ >> (56 - 8 * byte));
      writes.Put(rocksdb::Slice(key.data(), key.size()), payloads.at(position_ % payloads.size()));
    }
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (!db_->Write(synced, &writes).ok()) throw std::runtime_error("RocksDB did not write");
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t position_ = 0;
};

Figures measure(const Options& options, std::size_t callers) {
  const std::string folder = options.directory + "/callers-" + std::to_string(callers);
  std::filesystem::create_directories(folder);
  Figures figures;
  figures.callers = callers;
  Engine engine(folder + "/engine", callers);
  RawRocks raw(folder + "/raw");
  Figures warm;
  warm.callers = callers;
  engine.round(options.seconds / 4, warm);
  const std::vector<Bytes> payloads = engine.payloads();
  raw.round(payloads, options.seconds / 4, warm);
  for (int round = 0; round < options.rounds; ++round) {
    engine.round(options.seconds, figures);
    raw.round(payloads, options.seconds, figures);
  }
  return figures;
}

void print(const Options& options, Figures& figures) {
  const double ratio = figures.rate() / figures.raw_rate();
  if (options.json) {
    std::printf(
        "%s{\"callers\":%zu,\"decisions_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_"
        "ms\":%.3f,"
        "\"decisions_per_batch\":%.1f,\"raw_records_per_s\":%.0f,\"ratio\":%.3f}",
        figures.callers == caller_counts.front() ? "[" : ",\n", figures.callers, figures.rate(),
        figures.quantile(0.5), figures.quantile(0.99), figures.batch(), figures.raw_rate(), ratio);
    return;
  }
  std::printf("%7zu %13.0f %9.2f %9.2f %11.1f %14.0f %6.2f\n", figures.callers, figures.rate(),
              figures.quantile(0.5), figures.quantile(0.99), figures.batch(), figures.raw_rate(),
              ratio);
}

int run(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto value = [&](std::string_view name) { return argument.substr(name.size()); };
    if (argument == "--json")
      options.json = true;
    else if (argument.starts_with("--directory="))
      options.directory = value("--directory=");
    else if (argument.starts_with("--seconds="))
      options.seconds = std::stod(value("--seconds="));
    else if (argument.starts_with("--rounds="))
      options.rounds = std::stoi(value("--rounds="));
    else if (argument == "--directory" && i + 1 < count)
      options.directory = arguments[++i];
    else {
      std::fprintf(
          stderr,
          "callers_bench --directory=DIR [--seconds=1] [--rounds=3] [--json]\n"
          "DIR is on the disk to be measured; what is written there is removed at the end.\n");
      return 2;
    }
  }
  if (options.directory.empty()) options.directory = std::filesystem::temp_directory_path();
  options.directory += "/callers-bench-" + std::to_string(Watch::now().time_since_epoch().count());
  if (!options.json)
    std::printf("callers   decisions/s    p50 ms    p99 ms   in a batch  raw records/s  ratio\n");
  for (const std::size_t callers : caller_counts) {
    Figures figures = measure(options, callers);
    print(options, figures);
  }
  if (options.json) std::printf("]\n");
  std::filesystem::remove_all(options.directory);
  return 0;
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) { return obverse::run(count, arguments); }
