// Programs of the product as processes of their own: run to the end with what they said, or kept
// running and told to stop. Ends only what it started.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace obverse::promises {

// A program of the same build: build/NAME/bin/PROGRAM, beside the promises' own folder.
std::filesystem::path product(const std::string& program);

struct Finished {
  int status = 0;
  std::string said;  // both streams
};
Finished run_program(const std::vector<std::string>& arguments);

// A server: started, and known by the line with which it says where it serves.
class ServerProcess {
 public:
  // Throws with what it said if it ends instead of serving. Its log goes to `log_file`.
  ServerProcess(const std::filesystem::path& program, const std::filesystem::path& settings,
                const std::filesystem::path& log_file);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  const std::string& first_line() const { return first_line_; }
  int stop();   // SIGTERM, and its exit status
  void kill();  // SIGKILL

 private:
  int end(int signal);
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
  std::string first_line_;
};

}  // namespace obverse::promises
