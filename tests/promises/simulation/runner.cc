#include "tests/promises/simulation/runner.h"

#include <malloc.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>

#include "tests/promises/simulation/world.h"

namespace obverse::simulation {
namespace {

// What a process says of one world.
struct Line {
  std::uint64_t index = 0;
  Tally tally;
  std::array<char, 600> wrong{};
};

struct Worker {
  pid_t pid = 0;
  int lines = -1;
  int errors = -1;
  std::size_t at = 0;  // the world that it is in
};

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] void work(const std::vector<Plan>& plans, std::size_t first, std::size_t step,
                       int out) {
  // A world takes and gives back files of 128 KiB all the time: from memory that stays mapped.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_ARENA_MAX, 1);
  for (std::size_t i = first; i < plans.size(); i += step) {
    const Ending ending = live(plans[i]);
    Line line;
    line.index = i;
    line.tally = ending.tally;
    ending.wrong.copy(line.wrong.data(), line.wrong.size() - 1);
    if (write(out, &line, sizeof line) != static_cast<ssize_t>(sizeof line)) _exit(3);
  }
  _exit(0);
}

Worker start(const std::vector<Plan>& plans, std::size_t first, std::size_t step) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  Worker worker;
  worker.at = first;
  worker.lines = ends[0];
  worker.errors = memfd_create("errors", 0);
  worker.pid = fork();
  if (worker.pid == 0) {
    close(ends[0]);
    dup2(worker.errors, STDERR_FILENO);
    work(plans, first, step, ends[1]);
  }
  close(ends[1]);
  return worker;
}

// The last thing that it wrote to its standard error, the usual words about snapshots aside.
std::string last_words(int file) {
  std::string text(65'536, '\0');
  const off_t size = lseek(file, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(text.size()));
  const ssize_t got = pread(file, text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  std::string last;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (!line.empty() && !line.starts_with("no snapshot")) last = line;
    at = end + 1;
  }
  return last;
}

class Crew {
 public:
  Crew(const std::vector<Plan>& plans, const Limits& limits, const Progress& progress)
      : plans_(plans), limits_(limits), progress_(progress), began_(now()) {}

  Result run() {
    const std::size_t count = std::min<std::size_t>(limits_.workers, plans_.size());
    for (std::size_t i = 0; i < count; ++i) workers_.push_back(start(plans_, i, count));
    while (!workers_.empty()) {
      listen(count);
      const bool late = now() - began_ > limits_.seconds;
      if (late || (limits_.stop_at_first && !result_.failures.empty())) end_all();
    }
    result_.seconds = now() - began_;
    return std::move(result_);
  }

 private:
  void listen(std::size_t count) {
    std::vector<pollfd> waits;
    for (const Worker& worker : workers_) waits.push_back({worker.lines, POLLIN, 0});
    poll(waits.data(), waits.size(), 200);
    for (std::size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents == 0) continue;
      Line line;
      const ssize_t got = read(workers_[i].lines, &line, sizeof line);
      if (got == static_cast<ssize_t>(sizeof line)) {
        take(line);
        workers_[i].at += count;
      } else {
        bury(i);
      }
    }
  }

  void take(const Line& line) {
    result_.tally.add(line.tally);
    if (line.wrong[0] != '\0') result_.failures.push_back({plans_[line.index], line.wrong.data()});
    if (progress_) progress_(result_.tally);
  }

  void bury(std::size_t i) {
    const Worker worker = workers_[i];
    int status = 0;
    waitpid(worker.pid, &status, 0);
    const bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ended_well && !ended_ && worker.at < plans_.size())
      result_.failures.push_back(
          {plans_[worker.at], "the process ended (" + last_words(worker.errors) + ")"});
    close(worker.lines);
    close(worker.errors);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  void end_all() {
    ended_ = true;
    for (const Worker& worker : workers_) kill(worker.pid, SIGKILL);
    while (!workers_.empty()) bury(workers_.size() - 1);
  }

  const std::vector<Plan>& plans_;
  const Limits& limits_;
  const Progress& progress_;
  double began_;
  bool ended_ = false;
  std::vector<Worker> workers_;
  Result result_;
};

std::optional<Failure> fails(const Plan& plan, double seconds) {
  const std::vector<Plan> one{plan};
  const Result result = run(one, {1, seconds, true});
  if (result.failures.empty()) return std::nullopt;
  return result.failures[0];
}

}  // namespace

Result run(const std::vector<Plan>& plans, const Limits& limits, const Progress& progress) {
  return Crew(plans, limits, progress).run();
}

Failure shrink(Failure failure, double seconds) {
  const double until = now() + seconds;
  const auto smaller = [&](const Plan& plan) {
    if (now() > until) return false;
    auto again = fails(plan, until - now());
    if (!again) return false;
    failure = std::move(*again);
    return true;
  };
  for (std::uint64_t days = 1; days < failure.plan.days; days *= 2) {
    Plan plan = failure.plan;
    plan.days = days;
    if (smaller(plan)) break;
  }
  for (std::uint64_t attempts = 25; attempts < failure.plan.attempts; attempts *= 2) {
    Plan plan = failure.plan;
    plan.attempts = attempts;
    if (smaller(plan)) break;
  }
  for (std::size_t i = 0; i < hazards; ++i) {
    Plan plan = failure.plan;
    plan.without |= std::uint64_t{1} << i;
    if (plan.without != failure.plan.without) smaller(plan);
  }
  return failure;
}

std::vector<Plan> plans_from(std::uint64_t seed, std::uint64_t days, std::uint64_t span,
                             std::uint64_t attempts, std::uint64_t without) {
  std::vector<Plan> plans;
  for (std::uint64_t sum = 0; sum < days; ++seed) {
    plans.push_back({seed, span == 0 ? days_of(seed) : span, attempts, without, true});
    sum += plans.back().days;
  }
  return plans;
}

}  // namespace obverse::simulation
