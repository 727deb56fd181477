// Threads that help a search. The asking thread works too and takes whatever nobody has begun, so a
// helper that sleeps costs nothing, and a second search that finds the helpers taken does its work
// alone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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
    unsigned helpers_inside = 0;  // under mutex_
    void work();
  };
  void help();

  std::mutex mutex_;
  std::condition_variable offered_;
  std::condition_variable left_;
  Job* job_ = nullptr;
  std::uint64_t number_ = 0;  // of the job offered last
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace obverse
