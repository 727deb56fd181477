// One thread that does one job at a time beside its owner's: two syncs in parallel cost no more
// than the longer one.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <semaphore>
#include <thread>

namespace obverse {

class Beside {
 public:
  // Where jobs run. A simulation has one thread, and chooses which sync comes first.
  enum class Runs : std::uint8_t { on_own_thread, at_start, at_wait };

  // The name is the thread's, for whoever looks at the process; at most 15 bytes.
  explicit Beside(const char* name, Runs runs = Runs::on_own_thread);
  ~Beside();
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  void start(std::function<void()> job);
  void wait();  // for the job that was started; throws what the job threw

 private:
  void run();
  void run_job();

  Runs runs_;
  std::binary_semaphore begin_{0};
  std::binary_semaphore done_{0};
  std::function<void()> job_;  // empty: end
  std::exception_ptr thrown_;
  std::thread thread_;  // only of on_own_thread
};

}  // namespace obverse
