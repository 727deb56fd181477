// A server process of its own, to be killed: started from a binary, found by the line it prints.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace obverse::mortal {

using Environment = std::vector<std::string>;  // NAME=VALUE

// It ended, and nobody had killed it.
struct EndedByItself : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Victim {
 public:
  // What it says on standard error goes to `words`.
  Victim(std::string binary, std::filesystem::path settings, std::filesystem::path words)
      : binary_(std::move(binary)), settings_(std::move(settings)), words_(std::move(words)) {}
  ~Victim() { kill(); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  // Its port, once it serves; nothing if it was killed by itself before, at a named point. Throws
  // EndedByItself with what it said.
  std::optional<std::uint16_t> start(const Environment& environment);
  // Starts it and does not wait: it may be killed while it recovers.
  void start_unseen(const Environment& environment);
  void kill();  // SIGKILL, and reaps it
  // After its connections were lost: true if it had killed itself, false if it is still there.
  // Throws EndedByItself.
  bool has_died();
  double cpu_seconds() const { return cpu_seconds_; }  // of the last that was killed here

 private:
  int spawn(const Environment& environment);  // the reading end of its standard output
  void judge(int status);

  std::string binary_;
  std::filesystem::path settings_, words_;
  pid_t process_ = 0;
  double cpu_seconds_ = 0;
};

}  // namespace obverse::mortal
