// The server without its memory of attempts: a negative control, never shipped.
#include <cstdio>
#include <thread>

#include "ledger/engine/clock.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/server.h"
#include "ledger/vault/kek.h"

namespace {

using namespace obverse;

// Keeps every entry, and no key.
class ForgetfulLog final : public EventLog {
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

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const Config config = read_config(arguments[2]);
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = config.free_bytes_min;
  RocksLog log(config.log_directory().string(), options);
  ForgetfulLog forgetful(log);
  const auto vault = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
  SystemClock clock;
  Server server(config, forgetful, *vault, clock);
  server.start();
  std::printf("obversed: serving on %s:%u, position 0, people 0\n", config.address.c_str(),
              server.port());
  std::fflush(stdout);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}
