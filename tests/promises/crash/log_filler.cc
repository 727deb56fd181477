// Fills a log by the engine itself, without a snapshot, and ends by SIGKILL, so that the log was
// never closed: log_filler SETTINGS EVENTS RIDERS, after the riders 1 to RIDERS were enrolled and a
// terminal "till" was registered. Says how many records and events it wrote.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "ledger/engine/ledger.h"
#include "ledger/log/rocks_log.h"
#include "ledger/rules/machine.h"
#include "ledger/server/config.h"

namespace obverse {
namespace {

constexpr std::size_t batch = 512;

class CountEvents final : public Follower {
 public:
  void committed(std::span<const Record> batch_of, const Receipt&) override {
    for (const Record& record : batch_of) {
      ++records;
      events += record.events.size();
    }
  }
  std::uint64_t records = 0, events = 0;
};

Asked purchase(TerminalId till, std::uint64_t number, std::uint64_t riders, Instant now) {
  Recognition face;
  face.rider = {1 + number % riders};
  face.face = {1};
  face.model = "mobilefacenet-512";
  face.scope = static_cast<std::uint32_t>(riders);
  face.score = score_one / 10 * 9;
  face.threshold = score_one / 2;
  face.runner_up = score_one / 10;
  face.terminal = till;
  face.at = now;
  Attempt attempt{till, {}};
  attempt.key.bytes.at(0) = 1;
  for (std::size_t i = 0; i < 8; ++i)
    attempt.key.bytes.at(15 - i) = static_cast<std::uint8_t>(number >> (8 * i));
  return {{Actor::Kind::terminal, till},
          attempt,
          now,
          Pay{till, {Capture::good, face, std::nullopt}, {1, Currency::jpy}, std::nullopt},
          std::nullopt};
}

// False where a purchase was refused.
bool fill(EventLog& log, std::uint64_t events, std::uint64_t riders) {
  SystemClock clock;
  Ledger::Settings settings;
  settings.snapshot_every = 0;
  settings.batch_max = batch;
  Ledger ledger(log, clock, settings);
  CountEvents counted;
  ledger.follow(counted);
  const TerminalId till = ledger.state().parties.terminal_codes.at("till");
  std::uint64_t refused = 0;
  for (std::uint64_t number = 0; counted.events < events && refused == 0;) {
    for (std::size_t i = 0; i < batch; ++i)
      ledger.submit(purchase(till, ++number, riders, clock.now()), [&refused](
                                                                       const Answer& answer) {
        if (answer.fault != Answer::Fault::none || std::holds_alternative<Refused>(answer.reply))
          ++refused;
      });
    while (ledger.step()) continue;
  }
  if (refused > 0) return false;
  std::printf("%llu %llu\n", static_cast<unsigned long long>(counted.records),
              static_cast<unsigned long long>(counted.events));
  std::fflush(stdout);
  ::kill(::getpid(), SIGKILL);
  return true;
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) {
  using namespace obverse;
  if (count != 4) return 2;
  const Config config = read_config(arguments[1]);
  RocksLogOptions options;
  options.free_bytes_min = 1;
  options.ballast_bytes = 0;
  RocksLog log(config.log_directory().string(), options);
  fill(log, std::strtoull(arguments[2], nullptr, 10), std::strtoull(arguments[3], nullptr, 10));
  return 1;
}
