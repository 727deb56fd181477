// The server with a defect that OBVERSE_DEFECT names: the negative control of `ops/prove crash` and
// `ops/prove power-loss`, never shipped. Without one it is the server.
//
//   forgets-attempts   keeps every record, and no attempt's key
//   answers-early      tells the caller while the batch waits to be written
//   no-tail            keeps one copy only
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

#include "ledger/engine/clock.h"
#include "ledger/log/record.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/server.h"
#include "ledger/vault/kek.h"

namespace {

using namespace obverse;

class ForgetfulLog : public EventLog {
 public:
  explicit ForgetfulLog(EventLog& log) : log_(log) {}
  Head acquire() override { return log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    std::vector<NewEntry> unkeyed(batch.begin(), batch.end());
    for (NewEntry& each : unkeyed) each.key.reset();
    return log_.append(head, unkeyed, chains);
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest&) const override { return std::nullopt; }
  void keep_snapshot(const Snapshot& snapshot) override { log_.keep_snapshot(snapshot); }
  std::vector<Snapshot> snapshots() const override { return log_.snapshots(); }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return log_.report(); }

 private:
  EventLog& log_;
};

// Says that a batch is committed, and writes it a little later. Whoever reads waits for it.
class EarlyLog final : public EventLog {
 public:
  explicit EarlyLog(EventLog& log) : log_(log), writer_([this] { write(); }) { writer_.detach(); }
  Head acquire() override { return real_ = log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    advance(head, batch, chains);
    const std::scoped_lock lock(mutex_);
    waiting_.emplace_back(batch.begin(), batch.end());
    changed_.notify_all();
    return Appended::committed;
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    settle();
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override {
    settle();
    return log_.find(key);
  }
  void keep_snapshot(const Snapshot& snapshot) override {
    settle();
    log_.keep_snapshot(snapshot);
  }
  std::vector<Snapshot> snapshots() const override { return log_.snapshots(); }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return log_.report(); }

 private:
  void settle() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty(); });
  }
  [[noreturn]] void write() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      const std::vector<NewEntry> batch = waiting_.front();
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (log_.append(real_, batch) != Appended::committed) std::abort();
      lock.lock();
      waiting_.pop_front();
      changed_.notify_all();
    }
  }

  EventLog& log_;
  Head real_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<std::vector<NewEntry>> waiting_;
  std::thread writer_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const char* const named = std::getenv("OBVERSE_DEFECT");
  const std::string defect = named == nullptr ? "" : named;
  const Config config = read_config(arguments[2]);
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = config.free_bytes_min;
  options.keep_tail = defect != "no-tail";
  RocksLog real(config.log_directory().string(), options);
  EventLog* log = &real;
  std::unique_ptr<EventLog> broken;
  if (defect == "forgets-attempts") broken = std::make_unique<ForgetfulLog>(real);
  if (defect == "answers-early") broken = std::make_unique<EarlyLog>(real);
  if (broken) log = broken.get();
  const auto vault = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
  SystemClock clock;
  Server server(config, *log, *vault, clock);
  server.start();
  std::printf("obversed: serving on %s:%u, position 0, people 0\n", config.address.c_str(),
              server.port());
  std::fflush(stdout);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}
