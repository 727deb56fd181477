// The log in memory: for tests, scenarios and simulation. Nothing outlives the object.
#pragma once

#include <map>
#include <mutex>

#include "ledger/log/event_log.h"

namespace obverse {

class MemoryLog final : public EventLog {
 public:
  Head acquire() override;
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override;
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override;
  std::optional<Position> find(const Digest& key) const override;
  void keep_snapshot(const Snapshot& snapshot) override;
  std::vector<Snapshot> snapshots() const override;
  void verify() const override;
  std::vector<std::string> report() const override;

 private:
  mutable std::mutex mutex_;
  Head head_;
  std::vector<StoredEntry> entries_;
  std::map<Digest, Position> keys_;
  std::vector<Snapshot> snapshots_;  // newest first
};

}  // namespace obverse
