// One job at a time is shared. Its parts are taken from a counter; the job lives on the asker's
// stack.
#include "matcher/workers.h"

namespace obverse {

Workers::Workers(unsigned helpers) {
  for (unsigned i = 0; i < helpers; ++i) threads_.emplace_back([this] { help(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  offered_.notify_all();
}

void Workers::Job::work() {
  for (unsigned part = next.fetch_add(1); part < parts; part = next.fetch_add(1)) task(part);
}

void Workers::run(unsigned parts, const std::function<void(unsigned)>& task) {
  Job job{.task = task, .parts = parts};
  bool shared = false;
  {
    const std::lock_guard lock(mutex_);
    if (!job_ && !threads_.empty()) {
      job_ = &job;
      ++number_;
      shared = true;
    }
  }
  if (shared) offered_.notify_all();
  job.work();
  if (!shared) return;
  std::unique_lock lock(mutex_);
  job_ = nullptr;  // nobody enters any more
  left_.wait(lock, [&job] { return job.helpers_inside == 0; });
}

void Workers::help() {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    offered_.wait(lock, [&] { return stopping_ || (job_ && number_ != seen); });
    if (stopping_) return;
    seen = number_;
    Job& job = *job_;
    ++job.helpers_inside;
    lock.unlock();
    job.work();
    lock.lock();
    // Told under the lock: once it is let go the asker may return, and the job be gone.
    if (--job.helpers_inside == 0) left_.notify_all();
  }
}

}  // namespace obverse
