// What every command needs to know before it can ask anything, and how a command ends.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace obverse {

// Exit status of `obverse`, for scripts.
enum class Ended : int {
  done = 0,
  refused = 1,      // the ledger said no, and why
  usage = 2,        // the command line or a file is wrong
  unreachable = 3,  // no server, or it does not accept this certificate
  busy = 4,         // try again after the time given
};

struct Settings {
  std::string server = "127.0.0.1:7443";
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
  std::string server_name = "obversed";  // that the server's certificate must carry
  std::filesystem::path memory;          // where the highest receipt seen is kept; empty keeps none
  bool json = false;
};

// Ends the program with this status after its message was shown.
class CommandFailed : public std::runtime_error {
 public:
  CommandFailed(Ended ended, const std::string& message)
      : std::runtime_error(message), ended_(ended) {}
  Ended ended() const { return ended_; }

 private:
  Ended ended_;
};

}  // namespace obverse
