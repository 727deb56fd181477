#include "ledger/client/commands/pin.h"

#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "ledger/client/commands/settings.h"

namespace obverse {
namespace {

// What is typed is not shown, until it goes out of scope.
class Unseen {
 public:
  Unseen() {
    is_terminal_ = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_terminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    std::cerr << "PIN: " << std::flush;
  }
  ~Unseen() {
    if (!is_terminal_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  bool is_terminal_ = false;
  termios before_{};
};

}  // namespace

void add_pin(CLI::App& verb, std::string& from) {
  verb.add_option("--pin", from, "file that holds the PIN; - asks for it")->capture_default_str();
}

std::string read_pin(const std::string& from) {
  std::string digits;
  if (from == "-") {
    const Unseen unseen;
    std::getline(std::cin, digits);
  } else {
    std::ifstream in(from);
    if (!in)
      throw CommandFailed(Ended::usage, "--pin " + from +
                                            ": cannot be read; name a file "
                                            "that holds the PIN, or - to be asked for it");
    std::getline(in, digits);
  }
  if (!digits.empty() && digits.back() == '\r') digits.pop_back();
  if (digits.empty())
    throw CommandFailed(Ended::usage, "--pin " + from + ": holds no PIN; it is 4 to 12 digits");
  return digits;
}

}  // namespace obverse
