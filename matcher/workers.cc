// One job at a time is shared. Its parts are taken from a counter; the job lives on the asker's
// stack.
#include "matcher/workers.h"

namespace obverse {

Workers::Workers(unsigned helpers) {
  for (unsigned i = 0; i < helpers; ++i) threads_.emplace_back([this] { help(); });
}

Workers::~Workers() {
  {
    const Lock lock(mutex_);
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
    const Lock lock(mutex_);
    if (!job_ && !threads_.empty()) {
      job_ = &job;
      ++number_;
      shared = true;
    }
  }
  if (shared) offered_.notify_all();
  job.work();
  if (!shared) return;
  const Lock lock(mutex_);
  job_ = nullptr;  // nobody enters any more
  while (job.helpers_inside > 0) left_.wait(mutex_);
}

void Workers::help() {
  std::uint64_t seen = 0;
  const Lock lock(mutex_);
  while (true) {
    while (!stopping_ && (!job_ || number_ == seen)) offered_.wait(mutex_);
    if (stopping_) return;
    seen = number_;
    Job& job = *job_;
    ++job.helpers_inside;
    {
      const Unlock open(mutex_);
      job.work();
    }
    // Told under the lock: once it is let go the asker may return, and the job be gone.
    if (--job.helpers_inside == 0) left_.notify_all();
  }
}

}  // namespace obverse
