#include "tests/promises/disk-full/server_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace obverse::promises {
namespace {

// Or the last one before the end.
std::string line_that_serves(int output) {
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

std::optional<std::uint16_t> ServerProcess::start() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    const int words = open(words_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(ends[1], STDOUT_FILENO);
    dup2(words, STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : command_) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  const std::string line = line_that_serves(ends[0]);
  close(ends[0]);
  const auto comma = line.find(", position");
  if (!line.starts_with("obversed: serving on") || comma == std::string::npos) {
    int status = 0;
    waitpid(process_, &status, 0);
    reap(status);
    return std::nullopt;
  }
  const auto colon = line.rfind(':', comma);
  return static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1, comma - colon - 1)));
}

bool ServerProcess::alive() {
  if (process_ == 0) return false;
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) == 0) return true;
  reap(status);
  return false;
}

void ServerProcess::reap(int status) {
  process_ = 0;
  ended_ = WIFSIGNALED(status) ? std::string("signal ") + strsignal(WTERMSIG(status))
                               : "exit status " + std::to_string(WEXITSTATUS(status));
}

void ServerProcess::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
  reap(status);
}

void ServerProcess::shoot() {
  const pid_t process = process_;
  if (process != 0) ::kill(process, SIGKILL);
}

std::string ServerProcess::last_words() const {
  std::ifstream in(words_, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  const std::string text = std::move(all).str();
  return text.size() > 300 ? text.substr(text.size() - 300) : text;
}

}  // namespace obverse::promises
