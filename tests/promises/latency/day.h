// A server on loopback with people enrolled through its own door, and a till that recognises them:
// what this promise measures. One thread drives it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "benchmarks/house.h"

namespace obverse::promises {

enum class Defect : std::uint8_t {
  none,
  forgetful,  // the log says `committed` and keeps nothing any more
  lenient,    // the published threshold lets everybody pass
};

class Day {
 public:
  Day(std::uint64_t people, Defect defect);

  kj::WaitScope& wait_scope() { return till_->wait_scope(); }
  kj::Promise<void> ping();
  // Whether the purchase was approved. The faces are drawn before the clock runs.
  kj::Promise<bool> pay(std::uint64_t number);
  kj::Promise<bool> pay_by_stranger(std::uint64_t number);

  // Purchases in the log.
  std::uint64_t purchases() const;

 private:
  void enrol_everybody();
  kj::Promise<bool> pay(const house::Numbers& face, std::uint64_t attempt);

  std::uint64_t people_;
  house::Estate estate_;
  SystemClock clock_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<ClientLoop> loop_ = std::make_shared<ClientLoop>();
  std::unique_ptr<house::Terminal> till_;
  std::vector<house::Numbers> faces_;
  std::vector<house::Numbers> strangers_;
  std::uint64_t attempt_ = 10'000'000;
};

}  // namespace obverse::promises
