// The log in memory: for tests, scenarios and simulation. Nothing outlives the object.
#pragma once

#include <map>

#include "ledger/log/event_log.h"
#include "threads/lock.h"

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
  mutable Mutex mutex_;
  Head head_ GUARDED_BY(mutex_);
  std::vector<StoredEntry> entries_ GUARDED_BY(mutex_);
  std::map<Digest, Position> keys_ GUARDED_BY(mutex_);
  std::vector<Snapshot> snapshots_ GUARDED_BY(mutex_);  // newest first
};

}  // namespace obverse
