// The one place where KJ's event loop meets Asio. KJ asks for a turn (setRunnable, wake); the
// answer is one posted pump().
#include "ledger/server/transport/reactor.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace obverse {

class Reactor::Port final : public kj::EventPort {
 public:
  explicit Port(Reactor& reactor) : reactor_(reactor), loop_(*this) {}

  kj::EventLoop& loop() { return loop_; }

  // Only while somebody waits for a promise from outside of the loop (a client, a test): lets Asio
  // work meanwhile.
  bool wait() override {
    if (reactor_.io_.stopped())
      throw std::logic_error("a promise is waited for on a stopped reactor");
    waiting_ = true;
    reactor_.flush_all();
    reactor_.io_.run_one();
    reactor_.flush_all();
    waiting_ = false;
    return woken_.exchange(false);
  }

  bool poll() override {
    if (!waiting_ && !pumping_) {
      waiting_ = true;
      reactor_.io_.poll();
      waiting_ = false;
    }
    return woken_.exchange(false);
  }

  void setRunnable(bool runnable) override {
    if (runnable) pump_soon();
  }

  void wake() const override {
    if (woken_.exchange(true)) return;
    auto* self = const_cast<Port*>(this);
    boost::asio::post(reactor_.io_, [self] { self->pump(); });
  }

  void pump_soon() {
    if (posted_ || pumping_) return;
    posted_ = true;
    boost::asio::post(reactor_.io_, [this] {
      posted_ = false;
      pump();
    });
  }

 private:
  // poll() runs the queue and what other threads left; run(0) then makes KJ report its next need
  // for a turn, which it does only when it believes that the last one ended.
  void pump() {
    if (waiting_ || pumping_ || reactor_.wait_scope_ == nullptr) return;
    pumping_ = true;
    do {
      reactor_.wait_scope_->poll();
      reactor_.flush_all();
    } while (loop_.isRunnable());
    loop_.run(0);
    pumping_ = false;
  }

  Reactor& reactor_;
  kj::EventLoop loop_;
  mutable std::atomic<bool> woken_{false};
  bool posted_ = false;
  bool pumping_ = false;
  bool waiting_ = false;
};

namespace {
constexpr std::size_t scratch_bytes = 64UZ * 1024;
}

Reactor::Reactor()
    : io_(1),
      guard_(io_.get_executor()),
      port_(std::make_unique<Port>(*this)),
      scratch_(scratch_bytes) {}

Reactor::~Reactor() { assert(wait_scope_ == nullptr); }

void Reactor::run() {
  kj::WaitScope scope(port_->loop());
  wait_scope_ = &scope;
  // Also when work throws: promises and capabilities must die while their loop lives.
  struct Leave {
    Reactor& reactor;
    ~Leave() {
      reactor.leave_all();
      reactor.wait_scope_ = nullptr;
    }
  } leave{*this};
  io_.run();
}

void Reactor::stop() {
  // Posted, so that what was posted before it is done first.
  boost::asio::post(io_, [this] { io_.stop(); });
}

void Reactor::post(std::function<void()> work) { boost::asio::post(io_, std::move(work)); }

boost::asio::io_context& Reactor::io() { return io_; }

kj::WaitScope& Reactor::wait_scope() {
  assert(wait_scope_ != nullptr);
  return *wait_scope_;
}

void Reactor::after(std::chrono::milliseconds time, std::function<void()> work) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(io_, time);
  timer->async_wait([timer, work = std::move(work)](const auto& error) {
    if (!error) work();
  });
}

void Reactor::flush_soon(std::shared_ptr<Flushable> dirty) {
  dirty_.push_back(std::move(dirty));
  port_->pump_soon();
}

std::span<std::byte> Reactor::scratch() { return scratch_; }

void Reactor::at_end(std::function<void()> leave) { leavers_.push_back(std::move(leave)); }

void Reactor::flush_all() {
  while (!dirty_.empty()) {
    for (const auto& dirty : std::exchange(dirty_, {})) dirty->flush();
  }
}

void Reactor::leave_all() {
  while (!leavers_.empty()) {
    auto leave = std::move(leavers_.back());
    leavers_.pop_back();
    leave();
  }
  // What was posted meanwhile may hold promises, and they too need their loop to die in.
  io_.restart();
  io_.poll();
  wait_scope_->poll();
  dirty_.clear();
}

}  // namespace obverse
