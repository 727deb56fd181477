// A server process of its own, to be killed: started from a binary, found by the line it prints.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace obverse::crash {

class Victim {
 public:
  Victim(std::string binary, std::filesystem::path settings)
      : binary_(std::move(binary)), settings_(std::move(settings)) {}
  ~Victim() { kill(); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  // Starts it and waits for its first line; throws with what it said if it ends instead.
  std::uint16_t start();
  // Starts it and does not wait: it may be killed while it recovers.
  void start_unseen();
  void kill();  // SIGKILL, and reaps it

 private:
  int spawn();  // the reading end of its standard output

  std::string binary_;
  std::filesystem::path settings_;
  pid_t process_ = 0;
};

}  // namespace obverse::crash
