// One thread that does one job at a time beside its owner's: two syncs in parallel cost no more
// than the longer one.
#pragma once

#include <exception>
#include <functional>
#include <semaphore>
#include <thread>

namespace obverse {

class Beside {
 public:
  Beside();
  ~Beside();
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  void start(std::function<void()> job);
  void wait();  // for the job that was started; throws what the job threw

 private:
  void run();

  std::binary_semaphore begin_{0};
  std::binary_semaphore done_{0};
  std::function<void()> job_;  // empty: end
  std::exception_ptr thrown_;
  std::thread thread_;
};

}  // namespace obverse
