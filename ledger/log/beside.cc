#include "ledger/log/beside.h"

#include <utility>

namespace obverse {

Beside::Beside() : thread_([this] { run(); }) {}

Beside::~Beside() {
  job_ = nullptr;
  begin_.release();
  thread_.join();
}

void Beside::start(std::function<void()> job) {
  job_ = std::move(job);
  begin_.release();
}

void Beside::wait() {
  done_.acquire();
  if (const std::exception_ptr thrown = std::exchange(thrown_, nullptr))
    std::rethrow_exception(thrown);
}

void Beside::run() {
  for (;;) {
    begin_.acquire();
    if (!job_) return;
    try {
      job_();
    } catch (...) {  // given to whoever waits
      thrown_ = std::current_exception();
    }
    done_.release();
  }
}

}  // namespace obverse
