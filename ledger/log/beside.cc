#include "ledger/log/beside.h"

#include <utility>

namespace obverse {

Beside::Beside(Runs runs) : runs_(runs) {
  if (runs_ == Runs::on_own_thread) thread_ = std::thread([this] { run(); });
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
  if (runs_ == Runs::on_own_thread) done_.acquire();
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
    begin_.acquire();
    if (!job_) return;
    run_job();
    done_.release();
  }
}

}  // namespace obverse
