#include "tests/promises/disk-full/growth.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <type_traits>

#include "ledger/log/rocks_log.h"
#include "ledger/vault/sha256.h"

namespace obverse::promises {
namespace {

constexpr unsigned seconds_max = 90;

NewEntry entry_of(std::uint64_t number, std::size_t payload_bytes, bool from_reserve) {
  const std::string name = std::to_string(number);
  Bytes payload(payload_bytes + number % (1 + payload_bytes / 2), static_cast<char>(number));
  payload.replace(0, name.size(), name);
  return {std::move(payload), sha256(name), from_reserve};
}

// What crosses from the process to us.
struct Report {
  std::uint64_t ordinary = 0, reserve = 0, free_then = 0, free_at_end = 0;
  std::uint64_t free_least = ~std::uint64_t{0};
  bool went_on = false, all_there = false;
  char trouble[200] = {};
};
static_assert(std::is_trivially_copyable_v<Report>);

class Growth {
 public:
  Growth(std::filesystem::path folder, const Growing& how)
      : folder_(std::move(folder)), log_folder_(folder_ / "log"), how_(how) {
    options_.free_bytes_min = how.free_bytes_min;
    options_.ballast_bytes = 1U << 20U;
    options_.tail.segment_bytes = 1U << 20U;
    options_.rocks.write_buffer_bytes = 1U << 20U;
  }

  Report run(const std::function<void()>& more_space) {
    Report report;
    try {
      open();
      report.ordinary = fill(false, report.free_least);
      report.free_then = std::filesystem::space(folder_).available;
      report.reserve = fill(true, report.free_least);
      report.free_at_end = std::filesystem::space(folder_).available;
      more_space();
      report.went_on = append(false) == Appended::committed;
      log_.reset();
      options_.verify_all = true;
      open();
      report.all_there = head_.last.value == written_ && all_found();
    } catch (const std::exception& fault) {
      std::snprintf(report.trouble, sizeof report.trouble, "%s", fault.what());
    }
    return report;
  }

 private:
  void open() {
    log_ = std::make_unique<RocksLog>(log_folder_.string(), options_);
    head_ = log_->acquire();
  }

  Appended append(bool from_reserve) {
    std::vector<NewEntry> batch;
    for (std::size_t i = 1; i <= how_.batch; ++i)
      batch.push_back(entry_of(written_ + i, how_.payload_bytes, from_reserve));
    const Appended appended = log_->append(head_, batch);
    if (appended == Appended::committed) written_ += how_.batch;
    return appended;
  }

  std::uint64_t fill(bool from_reserve, std::uint64_t& free_least) {
    const std::uint64_t before = written_;
    for (;;) {
      const Appended appended = append(from_reserve);
      free_least = std::min(free_least, std::filesystem::space(folder_).available);
      if (appended == Appended::disk_full) return written_ - before;
      if (appended != Appended::committed) throw std::runtime_error("a write failed");
    }
  }

  bool all_found() const {
    for (std::uint64_t number = 1; number <= written_; number += 97)
      if (log_->find(*entry_of(number, how_.payload_bytes, false).key) != Position{number})
        return false;
    return true;
  }

  std::filesystem::path folder_, log_folder_;
  Growing how_;
  RocksLogOptions options_;
  std::unique_ptr<RocksLog> log_;
  Head head_;
  std::uint64_t written_ = 0;
};

}  // namespace

Grown grow_until_full(const std::filesystem::path& folder, const Growing& how,
                      const std::function<void()>& more_space) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(stdout);
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process");
  if (process == 0) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    alarm(seconds_max);  // a write that waits for room for ever is no answer
    const Report report = Growth(folder, how).run(more_space);
    _exit(write(ends[1], &report, sizeof report) == sizeof report ? 0 : 1);
  }
  close(ends[1]);
  Report report;
  const bool told = read(ends[0], &report, sizeof report) == sizeof report;
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  Grown grown{report.ordinary,   report.reserve, report.free_then, report.free_at_end,
              report.free_least, report.went_on, report.all_there, report.trouble};
  if (!told)
    grown.trouble = WIFSIGNALED(status)
                        ? std::string("the process died of ") + strsignal(WTERMSIG(status))
                        : "the process ended";
  return grown;
}

}  // namespace obverse::promises
