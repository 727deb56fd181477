// A PostgreSQL 15 of our own, in a folder, with the same double-entry transfer: two balances under
// a floor, a transfer with a unique attempt, two entries, one transaction, one call of the client.
// Better placed than we are: prepared statements, over a local socket without TLS, no chain, one
// copy, ten thousand accounts that seldom meet, no vacuum and no checkpoint in between.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace obverse::promises {

class Postgres {
 public:
  static constexpr std::size_t clients_max = 256;  // it keeps a process for each

  struct Measured {
    double seconds = 0;
    std::uint64_t transactions = 0;
    std::uint64_t syncs = 0;  // of its write-ahead log, as it counts them itself
    double rate() const { return static_cast<double>(transactions) / seconds; }
  };

  // Why there is none, and how to get it.
  static std::optional<std::string> missing();

  // `synced` false: it answers before its sync, which only a defect may.
  Postgres(const std::filesystem::path& folder, bool synced);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  void round(std::size_t clients, double seconds, Measured& measured);

 private:
  std::string run(const std::string& command) const;
  std::string ask(const std::string& sql) const;
  std::uint64_t syncs() const;
  void write(const std::string& name, const std::string& text) const;

  std::string folder_;
};

}  // namespace obverse::promises
