// Who uses a server on a small disk: people who are inside, tills that never stop, a desk that
// asks. They keep every answer.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/house.h"

namespace obverse::promises {

// What became of one call.
struct Told {
  enum class Kind : std::uint8_t { yes, disk_full, refused, failed } kind = Kind::failed;
  std::string words;
  std::string chain;  // of the receipt
};

class Town {
 public:
  static constexpr std::size_t shoppers = 4;
  static constexpr std::size_t riders = 6;

  void settle(std::uint16_t port);  // everybody is registered; the riders go in
  const house::Estate& estate() const { return estate_; }

  // Each on a connection of its own.
  Told pay(std::uint16_t port, std::size_t shopper);
  Told leave(std::uint16_t port);  // whoever is inside for the longest time
  Told admit(std::uint16_t port);  // whoever has left goes in again
  Told ask(std::uint16_t port);    // a question: a person's balance

  // Tills that pay until stop_load(); what they are told is counted and kept.
  void start_load(std::uint16_t port);
  void stop_load();
  std::uint64_t load_yes() const { return load_yes_; }
  std::uint64_t load_full() const { return load_full_; }
  std::string load_trouble();  // what nobody should have been told

  // Every payment and exit that was acknowledged, asked for once more: how many have another
  // answer.
  struct Again {
    std::uint64_t asked = 0, lost = 0, changed = 0;
    std::int64_t missing_yen = 0;
  };
  Again retry_all(std::uint16_t port);

 private:
  struct Paid {
    std::size_t shopper = 0;
    bool yes = false;
    std::string chain;
  };
  Told pay_once(house::Terminal& till, std::size_t shopper, std::uint64_t attempt);
  Told enter_once(house::Terminal& gate, std::size_t journey);
  Told leave_once(house::Terminal& gate, std::size_t journey);
  void keep(std::uint64_t attempt, std::size_t shopper, const Told& told);
  void shop(std::uint16_t port, std::size_t shopper);

  house::Estate estate_;
  std::vector<std::uint64_t> shopper_ids_;
  std::size_t entered_ = 0, left_ = 0;        // journeys; journey n is of rider n % riders
  std::map<std::size_t, std::string> exits_;  // journey -> chain
  std::atomic<std::uint64_t> next_attempt_{1'000'000};
  std::atomic<std::uint64_t> load_yes_{0}, load_full_{0};
  std::atomic<bool> loading_{false};
  std::vector<std::thread> crowd_;
  std::mutex mutex_;
  std::map<std::uint64_t, Paid> book_;  // guarded by mutex_
  std::string trouble_;                 // guarded by mutex_
};

}  // namespace obverse::promises
