#include "tests/crash/victim.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace obverse::crash {

namespace {

// The line that names the address, or the last one before the end.
std::string first_line_that_serves(int output) {
  std::string line;
  for (char c = 0; read(output, &c, 1) == 1;) {
    if (c != '\n') {
      line += c;
    } else if (line.starts_with("obversed: serving on")) {
      break;
    } else {
      line.clear();
    }
  }
  return line;
}

}  // namespace

int Victim::spawn() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const std::string settings = settings_.string();
    execl(binary_.c_str(), binary_.c_str(), "--config", settings.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  if (process_ < 0) throw std::runtime_error("no process");
  return ends[0];
}

std::uint16_t Victim::start() {
  const int output = spawn();
  const std::string line = first_line_that_serves(output);
  close(output);
  const auto comma = line.find(", position");
  const auto colon = line.rfind(':', comma);
  if (!line.starts_with("obversed: serving on") || comma == std::string::npos) {
    kill();
    throw std::runtime_error("the server did not start: " + line);
  }
  return static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1, comma - colon - 1)));
}

void Victim::start_unseen() { close(spawn()); }

void Victim::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = 0;
}

}  // namespace obverse::crash
