// obversed, the server: reads its settings, opens log and vault, serves until it is told to stop.
#include <pthread.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <future>
#include <iostream>
#include <thread>

#include "ledger/log/rocks_log.h"
#include "ledger/server/config.h"
#include "ledger/server/config_seal.h"
#include "ledger/server/server.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/secret_bytes.h"
#include "ledger/vault/template_vault.h"

namespace obverse {
namespace {

constexpr const char* examples = R"(Examples:
  obversed --config /etc/obverse/obverse.toml
      serve until SIGTERM or Ctrl-C; a second one ends it at once
  obversed --config obverse.toml --check
      say whether the settings can be used, and exit
  obversed --config obverse.toml --seal
      check them, and from now on start only with these very settings, certificates and keys
  kill -HUP PID
      have it read certificates and revocation list again

Exit codes: 0 stopped in good order, 1 could not start or go on, 2 wrong settings or arguments.
ops/obverse.toml shows and explains every setting.)";

// Ctrl-C, SIGTERM and SIGHUP arrive here one by one, on a thread of ours, and not in the middle of
// anything.
sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  return set;
}

void reload(Server& server, const std::filesystem::path& file, const Config& config) {
  try {
    check_seal(file, config);
    server.reload_certificates();
    spdlog::info("certificates and revocation list were read again");
  } catch (const std::exception& fault) {
    spdlog::error("certificates stay as they were: {}", fault.what());
  }
}

void wait_for_end(const sigset_t& signals, const std::function<void()>& reload) {
  for (int number = 0; number != SIGINT && number != SIGTERM;) {
    sigwait(&signals, &number);
    if (number == SIGHUP) reload();
  }
  std::thread([signals] {
    int number = 0;
    do {
      sigwait(&signals, &number);
    } while (number == SIGHUP);
    std::_Exit(1);
  }).detach();
}

std::unique_ptr<Vault> open_vault(const Config& config) {
  const Kek kek = config.kek_file.empty() ? Kek::from_credential(config.kek_credential)
                                          : Kek::from_file(config.kek_file);
  return Vault::open(config.vault_directory(), kek);
}

int serve(const std::filesystem::path& file, const Config& config) {
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::filesystem::create_directories(config.data_directory);
  RocksLogOptions options;
  options.free_bytes_min = config.free_bytes_min;
  RocksLog log(config.log_directory().string(), options);
  for (const auto& line : log.report()) spdlog::info("log: {}", line);
  const auto vault = open_vault(config);
  SystemClock clock;
  Server server(config, log, *vault, clock);
  server.start();
  std::cout << "obversed: serving on " << config.address << ":" << server.port() << ", position "
            << server.position() << ", people " << server.people() << "\n"
            << std::flush;
  wait_for_end(signals, [&] { reload(server, file, config); });
  spdlog::info("stopping");
  server.stop();
  spdlog::info("stopped at position {}", server.position());
  return 0;
}

int run(int count, char** arguments) {
  CLI::App app{
      "obversed: the ledger's server. Terminals connect to it over TLS 1.3 with a certificate."};
  app.footer(examples);
  std::string file = "/etc/obverse/obverse.toml";
  bool only_check = false;
  bool seal = false;
  app.add_option("--config", file, "settings file (TOML)")->capture_default_str();
  app.add_flag("--check", only_check, "say whether the settings can be used, and exit");
  app.add_flag("--seal", seal, "check the settings, seal them in FILE.seal, and exit");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }

  spdlog::set_default_logger(spdlog::stderr_color_mt("obversed"));
  try {
    const Config config = read_config(file);
    spdlog::set_level(spdlog::level::from_str(config.log_level));
    harden_process();  // before the first key is read
    if (!seal && !check_seal(file, config))
      spdlog::info("{} is not sealed: a changed value that is still valid is not noticed", file);
    check_config(config);
    if (seal) {
      seal_config(file, config);
      std::cout << "obversed: sealed in " << seal_of(file) << "\n";
      return 0;
    }
    if (only_check) {
      std::cout << "obversed: " << file << " can be used\n";
      return 0;
    }
    return serve(file, config);
  } catch (const ConfigError& wrong) {
    std::cerr << "obversed: " << wrong.what() << "\n";
    return 2;
  } catch (const std::exception& fault) {
    std::cerr << "obversed: " << fault.what() << "\n";
    return 1;
  }
}

}  // namespace
}  // namespace obverse

int main(int count, char** arguments) { return obverse::run(count, arguments); }
