#include "tests/promises/throughput/callers.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "ledger/log/rocks_log.h"
#include "tests/promises/kit/broken_logs.h"
#include "tests/promises/kit/shop.h"
#include "threads/awake.h"

namespace obverse::promises {
namespace {

using Watch = std::chrono::steady_clock;

constexpr std::uint64_t riders_max = 2'048;

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double seconds_since(Watch::time_point begin) {
  return std::chrono::duration<double>(Watch::now() - begin).count();
}

}  // namespace

// Who has all answers and asks again; the driver stands for the network's threads. It waits awake,
// as the writer does: what is measured is the engine, not how long a processor takes to wake up.
class Callers::Answered {
 public:
  void push(std::size_t caller) {
    {
      const std::scoped_lock lock(mutex_);
      callers_.push_back(caller);
      is_any_ = true;
    }
    arrived_.notify_one();
  }
  std::vector<std::size_t> take() {
    awaited([this] { return is_any_.load(); }, std::chrono::microseconds(200));
    std::unique_lock lock(mutex_);
    is_any_ = false;
    arrived_.wait(lock, [this] { return !callers_.empty(); });
    return std::exchange(callers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::size_t> callers_;
  std::atomic<bool> is_any_ = false;
};

class Callers::CountBatches final : public Follower {
 public:
  void committed(std::span<const Record>, const Receipt&) override { ++batches; }
  std::uint64_t batches = 0;  // the writer's; read while nobody is served
};

struct Callers::Caller {
  Watch::time_point asked_at;
  Watch::time_point answered_at;
  std::size_t unanswered = 0;  // the writer's, while there are any
};

Callers::Callers(const std::string& folder, Load load, Defect defect)
    : load_(load), riders_(std::min<std::uint64_t>(load.all(), riders_max)) {
  callers_.resize(load.callers);
  RocksLogOptions options;
  options.free_bytes_min = 1;
  options.ballast_bytes = 0;
  options.rocks.sync = defect != Defect::unsynced_first_copy;
  if (defect == Defect::unsynced_second_copy) {
    disk_ = std::make_unique<UnsyncedDisk>();
    options.disk = disk_.get();
  }
  log_ = std::make_unique<RocksLog>(folder, options);
  if (defect == Defect::forgetful)
    log_ = std::make_unique<ForgetfulLog>(std::move(log_), Position{founding(riders_).size()});
  Ledger::Settings settings;
  settings.lane_max = std::max(settings.lane_max, 2 * load.all());
  settings.batch_max =
      std::max<std::size_t>(settings.batch_max, std::min<std::size_t>(load.at_once, 4'096));
  settings.snapshot_every = 0;
  ledger_ = std::make_unique<Ledger>(*log_, clock_, settings);
  count_ = std::make_unique<CountBatches>();
  ledger_->follow(*count_);
  found();
  founded_ = ledger_->head().position;
  writer_ = std::thread([this] { ledger_->run(); });
}

Callers::~Callers() { stop(); }

void Callers::found() {
  std::size_t waiting = 0;
  for (Command& command : founding(riders_)) {
    ledger_->submit({{}, std::nullopt, clock_.now(), std::move(command), std::nullopt},
                    [](const Answer& answer) {
                      if (std::holds_alternative<Refused>(answer.reply))
                        throw std::runtime_error("founding was refused");
                    });
    if (++waiting % 512 == 0) ledger_->step();
  }
  while (ledger_->step()) {
  }
}

void Callers::stop() {
  ledger_->stop();
  if (writer_.joinable()) writer_.join();
}

void Callers::round(double seconds, Measured& measured) {
  Answered answered;
  const std::uint64_t batches = count_->batches;
  const double processor = processor_seconds();
  const auto begin = Watch::now();
  std::size_t in_flight = callers_.size();
  for (std::size_t caller = 0; caller < callers_.size(); ++caller) ask(caller, answered);
  while (in_flight > 0) {
    for (const std::size_t caller : answered.take()) {
      const Caller& one = callers_[caller];
      measured.milliseconds.push_back(
          std::chrono::duration<double, std::milli>(one.answered_at - one.asked_at).count());
      measured.decisions += load_.at_once;
      answered_ += load_.at_once;
      if (seconds_since(begin) < seconds)
        ask(caller, answered);
      else
        --in_flight;
    }
  }
  measured.seconds += seconds_since(begin);
  measured.processor_seconds += processor_seconds() - processor;
  measured.batches += count_->batches - batches;
}

void Callers::ask(std::size_t caller, Answered& answered) {
  Caller& one = callers_[caller];
  one.unanswered = load_.at_once;
  one.asked_at = Watch::now();
  for (std::size_t i = 0; i < load_.at_once; ++i) {
    ++number_;
    ledger_->submit(purchase(1 + number_ % riders_, number_, clock_.now()),
                    [this, &answered, caller](const Answer& answer) {
                      if (!std::holds_alternative<Paid>(answer.reply))
                        throw std::runtime_error("a purchase was refused");
                      Caller& asked = callers_[caller];
                      if (--asked.unanswered > 0) return;
                      asked.answered_at = Watch::now();
                      answered.push(caller);
                    });
  }
}

}  // namespace obverse::promises
