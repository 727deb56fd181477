// A server in a process of its own: started, asked whether it lives, stopped, killed; and how it
// ended.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace obverse::promises {

class ServerProcess {
 public:
  // `command` is the binary and its arguments; what it says on standard error goes to `words`.
  ServerProcess(std::vector<std::string> command, std::filesystem::path words)
      : command_(std::move(command)), words_(std::move(words)) {}
  ~ServerProcess() { kill(); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // The port; nothing if it ended instead of serving: then ended() says how.
  std::optional<std::uint16_t> start();
  bool alive();
  std::string ended() const { return ended_; }  // "exit status 1", "signal Aborted"
  void kill();
  void shoot();                    // from another thread: it ends, and is not waited for
  std::string last_words() const;  // the end of standard error

 private:
  void reap(int status);

  std::vector<std::string> command_;
  std::filesystem::path words_;
  std::atomic<pid_t> process_{0};
  std::string ended_;
};

}  // namespace obverse::promises
