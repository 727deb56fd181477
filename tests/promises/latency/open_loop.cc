#include "tests/promises/latency/open_loop.h"

#include <chrono>
#include <deque>
#include <random>
#include <thread>
#include <utility>

namespace obverse::promises {
namespace {

using Watch = std::chrono::steady_clock;

double milliseconds_since(Watch::time_point begin) {
  return std::chrono::duration<double, std::milli>(Watch::now() - begin).count();
}

std::vector<Watch::duration> moments(const Offered& offered) {
  std::mt19937_64 random(offered.seed);
  std::vector<Watch::duration> out;
  for (double at = 0; at < offered.seconds;) {
    const double share = (static_cast<double>(random() >> 11U) + 0.5) * 0x1p-53;
    at -= std::log(share) / offered.per_second;
    out.push_back(std::chrono::duration_cast<Watch::duration>(std::chrono::duration<double>(at)));
  }
  return out;
}

// Counts what is unanswered, and says when nothing is.
class Outstanding final : private kj::TaskSet::ErrorHandler {
 public:
  Outstanding(Answers& answers, std::size_t all) : answers_(answers), left_(all), tasks_(*this) {}

  void add(kj::Promise<bool> call, Watch::time_point due) {
    tasks_.add(call.then([this, due](bool right) {
      answers_.milliseconds.push_back(milliseconds_since(due));
      if (!right) ++answers_.wrong;
      one_less();
    }));
  }
  kj::Promise<void> when_all() { return kj::mv(all_.promise); }

 private:
  void taskFailed(kj::Exception&&) override {
    ++answers_.wrong;
    one_less();
  }
  void one_less() {
    if (--left_ == 0) all_.fulfiller->fulfill();
  }

  Answers& answers_;
  std::size_t left_;
  kj::PromiseFulfillerPair<void> all_ = kj::newPromiseAndFulfiller<void>();
  kj::TaskSet tasks_;
};

}  // namespace

// A thread of its own keeps the time: the event loop wakes by whole milliseconds only.
Answers open_loop(kj::WaitScope& wait_scope, const Offered& offered, const Call& call) {
  const std::vector<Watch::duration> due = moments(offered);
  Answers answers;
  Outstanding outstanding(answers, due.size());
  const kj::Executor& executor = kj::getCurrentThreadExecutor();
  const auto begin = Watch::now();
  std::thread pace([&] {
    for (std::size_t next = 0; next < due.size();) {
      std::this_thread::sleep_until(begin + due[next]);
      executor.executeSync([&] {
        for (; next < due.size() && begin + due[next] <= Watch::now(); ++next)
          outstanding.add(call(next), begin + due[next]);
      });
    }
  });
  outstanding.when_all().wait(wait_scope);
  pace.join();
  answers.seconds = milliseconds_since(begin) / 1e3;
  return answers;
}

Answers closed_loop(kj::WaitScope& wait_scope, std::uint64_t count, std::size_t width,
                    const Call& call) {
  Answers answers;
  std::deque<std::pair<Watch::time_point, kj::Promise<bool>>> sent;
  const auto begin = Watch::now();
  const auto take_one = [&] {
    if (!sent.front().second.wait(wait_scope)) ++answers.wrong;
    answers.milliseconds.push_back(milliseconds_since(sent.front().first));
    sent.pop_front();
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    if (sent.size() >= width) take_one();
    const auto asked_at = Watch::now();
    sent.emplace_back(asked_at, call(i));
  }
  while (!sent.empty()) take_one();
  answers.seconds = milliseconds_since(begin) / 1e3;
  return answers;
}

}  // namespace obverse::promises
