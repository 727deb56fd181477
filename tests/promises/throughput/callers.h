// The engine on its own log with its writer running, and callers who each ask, wait for the
// answer, and ask again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/disk.h"

namespace obverse::promises {

// What is wrong with the log, on purpose.
enum class Defect : std::uint8_t { none, unsynced_first_copy, unsynced_second_copy, forgetful };

struct Load {
  std::size_t callers = 1;
  std::size_t at_once = 1;  // purchases that a caller asks for together
  std::size_t all() const { return callers * at_once; }
};

struct Measured {
  double seconds = 0;
  double processor_seconds = 0;
  std::uint64_t decisions = 0;
  std::uint64_t batches = 0;
  std::vector<double> milliseconds;  // from asking to the last answer of what was asked together
  double rate() const { return static_cast<double>(decisions) / seconds; }
};

class Callers {
 public:
  Callers(const std::string& folder, Load load, Defect defect);
  ~Callers();

  void round(double seconds, Measured& measured);
  void stop();  // the writer; nothing is asked afterwards

  // After stop().
  Position founded() const { return founded_; }
  std::uint64_t answered() const { return answered_; }  // purchases, in all rounds
  const EventLog& log() const { return *log_; }
  const Ledger& ledger() const { return *ledger_; }

 private:
  class Answered;
  class CountBatches;
  struct Caller;

  void found();
  void ask(std::size_t caller, Answered& answered);

  SystemClock clock_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<CountBatches> count_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<Caller> callers_;
  Load load_;
  std::uint64_t riders_;
  std::uint64_t number_ = 0;
  std::uint64_t answered_ = 0;
  Position founded_;
  std::thread writer_;
};

}  // namespace obverse::promises
