#include "tests/promises/crash/shared/victim.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace obverse::mortal {
namespace {

constexpr int patience_ms = 5'000;

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

int Victim::spawn(const Environment& environment) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string settings = settings_.string();
  const std::string words = words_.string();
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // no server outlives the trial
    const int said = open(words.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(ends[1], STDOUT_FILENO);
    if (said >= 0) dup2(said, STDERR_FILENO);
    for (const std::string& each : environment) putenv(const_cast<char*>(each.c_str()));
    execl(binary_.c_str(), binary_.c_str(), "--config", settings.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  if (process_ < 0) throw std::runtime_error("no process");
  return ends[0];
}

std::optional<std::uint16_t> Victim::start(const Environment& environment) {
  const int output = spawn(environment);
  const std::string line = first_line_that_serves(output);
  close(output);
  const auto comma = line.find(", position");
  const auto colon = line.rfind(':', comma);
  if (line.starts_with("obversed: serving on") && comma != std::string::npos)
    return static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1, comma - colon - 1)));
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = 0;
  judge(status);
  return std::nullopt;
}

void Victim::start_unseen(const Environment& environment) { close(spawn(environment)); }

void Victim::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  rusage used{};
  wait4(process_, nullptr, 0, &used);
  process_ = 0;
  cpu_seconds_ = 0;
  for (const timeval& each : {used.ru_utime, used.ru_stime})
    cpu_seconds_ += static_cast<double>(each.tv_sec) + static_cast<double>(each.tv_usec) / 1e6;
}

bool Victim::has_died() {
  for (int waited = 0; process_ > 0 && waited < patience_ms; ++waited) {
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      process_ = 0;
      judge(status);
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return process_ <= 0;
}

void Victim::judge(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return;
  std::ifstream said(words_);
  std::string text{std::istreambuf_iterator<char>(said), {}};
  if (text.size() > 600) text.erase(0, text.size() - 600);
  throw EndedByItself("the server ended with " +
                      (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                           : "exit code " + std::to_string(WEXITSTATUS(status))) +
                      ": " + text);
}

}  // namespace obverse::mortal
