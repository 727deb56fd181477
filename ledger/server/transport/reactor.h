// One network thread: an Asio io_context that also turns a KJ event loop, so that sockets, timers,
// Cap'n Proto calls and work posted by other threads take turns on it. Everything made on a reactor
// stays on it.
#pragma once

#include <kj/async.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace obverse {

// Something with bytes to send. Asked once per turn of the loop, so that one write carries many
// messages.
class Flushable {
 public:
  virtual ~Flushable() = default;
  virtual void flush() = 0;
};

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Turns the loop on this thread until stop(). Once only; what escapes from posted work escapes
  // from here.
  void run();
  void stop();  // any thread; also before run()
  void post(
      std::function<void()> work);  // any thread: runs on the reactor's thread, inside the KJ loop

  boost::asio::io_context& io();
  kj::WaitScope& wait_scope();  // only on the reactor's thread, inside run()

  // The rest: only on the reactor's thread.
  void after(std::chrono::milliseconds, std::function<void()> work);  // not if the loop ends before
  void flush_soon(std::shared_ptr<Flushable> dirty);                  // at the end of this turn
  std::span<std::byte> scratch();  // for one read; nothing in it survives a return to the loop

  // Runs when run() ends, while the KJ loop still stands: who holds capabilities lets go of them
  // here. Last come, first.
  void at_end(std::function<void()> leave);

 private:
  class Port;
  void flush_all();
  void leave_all();

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::unique_ptr<Port> port_;
  kj::WaitScope* wait_scope_ = nullptr;
  std::vector<std::shared_ptr<Flushable>> dirty_;
  std::vector<std::function<void()>> leavers_;
  std::vector<std::byte> scratch_;
};

}  // namespace obverse
