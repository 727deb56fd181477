// Threads that help a search. The asking thread works too and takes whatever nobody has begun, so a
// helper that sleeps costs nothing, and a second search that finds the helpers taken does its work
// alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "threads/lock.h"

namespace obverse {

class Workers {
 public:
  explicit Workers(unsigned helpers);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // task(part) once for each part from 0 to parts-1, in any order, on any of the threads; returns
  // when all are done. Any thread may ask. The task must not throw.
  void run(unsigned parts, const std::function<void(unsigned)>& task);

 private:
  struct Job {
    const std::function<void(unsigned)>& task;
    unsigned parts;
    std::atomic<unsigned> next{0};
    unsigned helpers_inside = 0;  // touched under mutex_ only
    void work();
  };
  void help();

  Mutex mutex_;
  Condition offered_;
  Condition left_;
  Job* job_ GUARDED_BY(mutex_) = nullptr;
  std::uint64_t number_ GUARDED_BY(mutex_) = 0;  // of the job offered last
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;
};

}  // namespace obverse
