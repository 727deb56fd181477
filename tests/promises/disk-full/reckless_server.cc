// The server with one of its defences against a full disk taken away: the negative control of
// `ops/prove disk-full`, never shipped.
#include <cstdio>
#include <string_view>
#include <thread>

#include "ledger/engine/clock.h"
#include "ledger/log/rocks_log.h"
#include "ledger/server/server.h"
#include "ledger/vault/kek.h"

int main(int count, char** arguments) {
  using namespace obverse;
  if (count != 4) return 2;
  const std::string_view defect = arguments[1];
  const Config config = read_config(arguments[3]);
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = defect == "no-watermark" ? 0 : config.free_bytes_min;
  if (defect == "no-reserve") options.reserve_bytes = 0;
  if (defect == "no-ballast") options.ballast_bytes = 0;
  try {
    RocksLog log(config.log_directory().string(), options);
    const auto vault = Vault::open(config.vault_directory(), Kek::from_file(config.kek_file));
    SystemClock clock;
    Server server(config, log, *vault, clock);
    server.start();
    std::printf("obversed: serving on %s:%u, position 0, people 0\n", config.address.c_str(),
                server.port());
    std::fflush(stdout);
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
  }
}
