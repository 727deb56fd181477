#include "tests/promises/kit/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace obverse::promises {
namespace {

struct Spawned {
  pid_t pid = 0;
  int output = -1;  // the reading end
};

Spawned spawn(const std::vector<std::string>& arguments, const char* error_file) {
  std::vector<char*> words;
  for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    const int errors = error_file == nullptr
                           ? ends[1]
                           : open(error_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a trial that ends badly leaves nobody behind
    dup2(ends[1], STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execv(words.front(), words.data());
    _exit(127);
  }
  close(ends[1]);
  if (pid < 0) throw std::runtime_error("no process");
  return {pid, ends[0]};
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::filesystem::path product(const std::string& program) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
         program;
}

Finished run_program(const std::vector<std::string>& arguments) {
  const Spawned spawned = spawn(arguments, nullptr);
  Finished finished;
  char bytes[4096];
  for (ssize_t n = 0; (n = read(spawned.output, bytes, sizeof bytes)) > 0;)
    finished.said.append(bytes, static_cast<std::size_t>(n));
  close(spawned.output);
  finished.status = wait_for(spawned.pid);
  return finished;
}

ServerProcess::ServerProcess(const std::filesystem::path& program,
                             const std::filesystem::path& settings,
                             const std::filesystem::path& log_file) {
  const Spawned spawned =
      spawn({program.string(), "--config", settings.string()}, log_file.string().c_str());
  pid_ = spawned.pid;
  for (char c = 0; read(spawned.output, &c, 1) == 1 && c != '\n';) first_line_ += c;
  close(spawned.output);
  const auto comma = first_line_.find(", position");
  const auto colon = first_line_.rfind(':', comma);
  if (!first_line_.starts_with("obversed: serving on") || comma == std::string::npos) {
    kill();
    throw std::runtime_error("the server did not start: " + first_line_);
  }
  port_ = static_cast<std::uint16_t>(std::stoul(first_line_.substr(colon + 1, comma - colon - 1)));
}

ServerProcess::~ServerProcess() { kill(); }

int ServerProcess::end(int signal) {
  if (pid_ <= 0) return 0;
  ::kill(pid_, signal);
  const int status = wait_for(pid_);
  pid_ = 0;
  return status;
}

int ServerProcess::stop() { return end(SIGTERM); }

void ServerProcess::kill() { end(SIGKILL); }

}  // namespace obverse::promises
