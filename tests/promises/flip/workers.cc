#include "tests/promises/flip/workers.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <vector>

namespace obverse::flip {
namespace {

constexpr unsigned seconds_max = 60;  // for one case, twice: the machine may have stood still
constexpr int memory_kept = 256 << 20;
constexpr std::size_t words_max = 1'000;

struct Header {
  std::uint64_t index = 0;
  std::uint32_t words = 0;
  std::uint8_t fate = 0;
  bool begun = false;  // the case begins; else its verdict
};

void send(int to, const void* bytes, std::size_t count) {
  const auto* at = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t n = ::write(to, at, count);
    if (n <= 0) _exit(3);
    at += n;
    count -= static_cast<std::size_t>(n);
  }
}

bool receive(int from, void* bytes, std::size_t count) {
  auto* at = static_cast<char*>(bytes);
  while (count > 0) {
    const ssize_t n = ::read(from, at, count);
    if (n <= 0) return false;
    at += n;
    count -= static_cast<std::size_t>(n);
  }
  return true;
}

void become_a_child() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);  // templates are in this memory
  spdlog::set_level(spdlog::level::off);
  // What a case gives back the next one needs: clean pages from the kernel cost more than the work.
  mallopt(M_MMAP_THRESHOLD, memory_kept);
  mallopt(M_TRIM_THRESHOLD, memory_kept);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
}

struct Process {
  pid_t id = 0;
  int output = -1;
  std::size_t next = 0;                // the case that it begins with
  std::optional<std::size_t> at_work;  // on this case
  std::optional<std::size_t> late;     // the case that had no end in time
};

class Pack {
 public:
  Pack(unsigned processes, std::size_t count, const Prepare& prepare,
       const std::function<void(std::size_t, const Verdict&)>& told)
      : count_(count), prepare_(prepare), told_(told), processes_(processes) {}

  void run() {
    for (unsigned i = 0; i < processes_.size(); ++i) {
      processes_[i].next = i;
      start(i);
    }
    while (std::ranges::any_of(processes_, [](const Process& one) { return one.output >= 0; })) {
      std::vector<pollfd> waiting;
      for (const Process& one : processes_) waiting.push_back({one.output, POLLIN, 0});
      poll(waiting.data(), waiting.size(), -1);
      for (unsigned i = 0; i < processes_.size(); ++i)
        if ((waiting[i].revents & (POLLIN | POLLHUP)) != 0) listen(i);
    }
  }

 private:
  void start(unsigned number) {
    Process& one = processes_[number];
    if (one.next >= count_) return;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::fflush(stdout);
    one.id = fork();
    if (one.id < 0) throw std::runtime_error("no process");
    if (one.id == 0) work(number, ends[1]);
    ::close(ends[1]);
    one.output = ends[0];
    one.at_work.reset();
  }

  [[noreturn]] void work(unsigned number, int output) {
    become_a_child();
    try {
      const Worker worker = prepare_(number);
      for (std::size_t i = processes_[number].next; i < count_; i += processes_.size()) {
        Header header{i, 0, 0, true};
        send(output, &header, sizeof header);
        alarm(seconds_max);
        Verdict verdict = worker(i);
        alarm(0);
        verdict.words.resize(std::min(verdict.words.size(), words_max));
        header = {i, static_cast<std::uint32_t>(verdict.words.size()),
                  static_cast<std::uint8_t>(verdict.fate), false};
        send(output, &header, sizeof header);
        send(output, verdict.words.data(), verdict.words.size());
      }
    } catch (const std::exception&) {
      _exit(2);
    }
    _exit(0);
  }

  void listen(unsigned number) {
    Process& one = processes_[number];
    Header header;
    if (!receive(one.output, &header, sizeof header)) return ended(number);
    if (header.begun) {
      one.at_work = header.index;
      return;
    }
    Verdict verdict{Fate{header.fate}, std::string(header.words, '\0')};
    if (!receive(one.output, verdict.words.data(), header.words)) return ended(number);
    one.at_work.reset();
    one.next = header.index + processes_.size();
    told_(header.index, verdict);
  }

  void ended(unsigned number) {
    Process& one = processes_[number];
    ::close(one.output);
    one.output = -1;
    int status = 0;
    waitpid(one.id, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    if (!one.at_work) throw std::runtime_error("a process could not begin");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM && one.late != one.at_work) {
      one.late = one.at_work;
      one.next = *one.at_work;
      return start(number);
    }
    const std::string how = WIFSIGNALED(status)
                                ? std::string("signal ") + strsignal(WTERMSIG(status))
                                : "exit status " + std::to_string(WEXITSTATUS(status));
    told_(*one.at_work, {Fate::aborted, how});
    one.next = *one.at_work + processes_.size();
    start(number);
  }

  std::size_t count_;
  const Prepare& prepare_;
  const std::function<void(std::size_t, const Verdict&)>& told_;
  std::vector<Process> processes_;
};

}  // namespace

void each_in_processes(unsigned processes, std::size_t count, const Prepare& prepare,
                       const std::function<void(std::size_t, const Verdict&)>& told) {
  Pack(processes, count, prepare, told).run();
}

void in_a_process(const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t id = fork();
  if (id < 0) throw std::runtime_error("no process");
  if (id == 0) {
    spdlog::set_level(spdlog::level::off);
    try {
      work();
    } catch (const std::exception& fault) {
      std::fprintf(stderr, "%s\n", fault.what());
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(id, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("the data directory could not be made");
}

}  // namespace obverse::flip
