// The server's settings, read once from a TOML file (v1.0) and checked as a whole. Every error
// names file, key, and what is expected there. ops/obverse.toml shows and explains every key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "ledger/model/instant.h"
#include "ledger/server/transport/connection_limits.h"
#include "ledger/server/transport/tls.h"
#include "matcher/embedding.h"

namespace obverse {

struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Config {
  // [server]
  std::string address = "127.0.0.1";  // an IPv4 or IPv6 address, no name
  std::uint16_t port = 7443;          // 0: the system chooses, and the first line says which
  unsigned reactors = 1;              // network threads
  std::filesystem::path data_directory;
  std::string log_level = "info";

  TlsFiles tls;  // [tls]

  // [vault]: one of the two
  std::filesystem::path kek_file;
  std::string kek_credential;

  // [matcher]
  ModelSpec model = mobilefacenet_512();
  std::string kernel;                 // empty: the best this machine has
  unsigned scan_threads = 1;          // that search together for one face
  unsigned searches = 2;              // faces searched at once
  unsigned enrolments = 2;            // at once
  std::size_t probes_remembered = 0;  // to know a recording again at another terminal

  // [bounds]
  std::size_t lane_max = 4'096;
  std::size_t searches_waiting_max = 256;
  std::size_t batch_max = 512;
  Duration request_life = seconds(10);
  Duration answer_aim = milliseconds(20);
  std::uint32_t terminal_calls_a_second_max = 0;  // that bring a face; 0: any number
  Duration retry_after = milliseconds(50);
  std::uint64_t snapshot_every = 100'000;
  std::uint64_t free_bytes_min = std::uint64_t{256} << 20U;
  ListenerLimits listener;

  // [bootstrap]
  std::filesystem::path operator_certificate;  // empty: none

  std::filesystem::path log_directory() const { return data_directory / "log"; }
  std::filesystem::path vault_directory() const { return data_directory / "vault"; }
};

// Relative paths are relative to the file's own directory. Throws ConfigError.
Config read_config(const std::filesystem::path& file);
Config parse_config(std::string_view toml, const std::filesystem::path& file);

// Whether what the settings name is there and can be used: files, certificates, kernel. Opens no
// log and no vault. Throws ConfigError.
void check_config(const Config&);

}  // namespace obverse
