// The engine and the oracle, side by side: whatever one of them is asked, the other judges. What
// they do not agree on is kept in words.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/memory_log.h"
#include "tests/oracle/life.h"
#include "tests/promises/simulation/oracle/oracle.h"

namespace obverse::oracle {

struct Heard {
  Asked asked;
  Reply reply;
  std::optional<Record> record;
};

class SideBySide final : public Follower {
 public:
  explicit SideBySide(const std::string& mutant = "");

  void found(Life& life);
  // Time passes, then the next is asked: of the engine, judged by the oracle, told to the life.
  void pass(Life& life);
  void ask(Life& life, const Said& said);
  // Every balance, and how many holds and journeys are open.
  void compare();
  // The engine is made again from its log; the oracle has no need to know.
  void restart();
  void keep_snapshot() { ledger_->keep_snapshot(); }

  Instant now() { return clock_.now(); }
  const std::vector<std::string>& differences() const { return differences_; }

  Oracle oracle;
  std::vector<Heard> heard;
  std::uint64_t approved = 0;
  std::map<std::string, std::uint64_t> answers;

 private:
  void committed(std::span<const Record> records, const Receipt&) override;
  void judge(const Asked& asked, const Reply& reply, const std::optional<Record>& record);
  void start();
  void differ(const std::string& how);

  MemoryLog log_;
  ManualClock clock_{Instant{1'760'000'000'000}};
  std::unique_ptr<Ledger> ledger_;
  std::vector<Record> records_;
  std::vector<std::string> differences_;
  bool books_differ_ = false;
};

}  // namespace obverse::oracle
