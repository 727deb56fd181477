// From where each terminal speaks. A terminal may hold many connections, and may move; but once it
// has come back from another address, its old connections are silent for ever. One that is not
// silent is somebody else with the same key. Knows no ledger; keeps one short text a terminal.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "ledger/model/ids.h"
#include "threads/lock.h"

namespace obverse {

class Whereabouts {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // For what was under way from the old address when the terminal moved.
  static constexpr std::chrono::milliseconds grace{1'000};

 private:
  struct Home;

 public:
  // One connection's, from its login on.
  class Stay {
   public:
    Stay() = default;  // of nobody in particular: never copied

   private:
    friend class Whereabouts;
    std::shared_ptr<Home> home;
    std::uint64_t move = 0;  // the number of the move that brought it here
  };
  enum class Heard { alone, copied_now, copied };

  // All of these from any thread.
  Stay arrive(TerminalId, const std::string& address, Time now);
  // It speaks. `copied_now` is said once, to who must see to it; `copied` from then on, to all of
  // that terminal's connections, wherever they are.
  Heard speaks(const Stay&, Time now);
  void say_again(const Stay&);  // `copied_now`, because nobody could see to it

 private:
  struct Home {
    std::string address;  // touched under the mutex only
    std::atomic<std::uint64_t> moves{0};
    std::atomic<Time> moved{Time{}};
    std::atomic<bool> is_copied{false};
    std::atomic<bool> was_said{false};
  };
  Mutex mutex_;
  std::map<TerminalId, std::shared_ptr<Home>> homes_ GUARDED_BY(mutex_);
};

}  // namespace obverse
