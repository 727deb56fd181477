#include "ledger/log/beside.h"

#include <pthread.h>

#include <utility>

#include "threads/awake.h"

namespace obverse {
namespace {

// The end of a sync that began at the same time, and the next job of a busy log, are near.
constexpr std::chrono::microseconds near_enough{100};

void acquire(std::binary_semaphore& semaphore) {
  if (!awaited([&] { return semaphore.try_acquire(); }, near_enough)) semaphore.acquire();
}

}  // namespace

Beside::Beside(const char* name, Runs runs) : runs_(runs) {
  if (runs_ != Runs::on_own_thread) return;
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), name);
}

Beside::~Beside() {
  if (runs_ != Runs::on_own_thread) return;
  job_ = nullptr;
  begin_.release();
  thread_.join();
}

void Beside::start(std::function<void()> job) {
  job_ = std::move(job);
  if (runs_ == Runs::at_start) run_job();
  if (runs_ == Runs::on_own_thread) begin_.release();
}

void Beside::wait() {
  if (runs_ == Runs::at_wait) run_job();
  if (runs_ == Runs::on_own_thread) acquire(done_);
  if (const std::exception_ptr thrown = std::exchange(thrown_, nullptr))
    std::rethrow_exception(thrown);
}

void Beside::run_job() {
  try {
    job_();
  } catch (...) {  // given to whoever waits
    thrown_ = std::current_exception();
  }
}

void Beside::run() {
  for (;;) {
    acquire(begin_);
    if (!job_) return;
    run_job();
    done_.release();
  }
}

}  // namespace obverse
