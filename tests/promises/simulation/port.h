// The log as the engine sees it, with a note of what it was last given: after a crash the log must
// end either before that batch or behind it. A defect may stand in between (defects.h).
#pragma once

#include <vector>

#include "ledger/log/event_log.h"

namespace obverse::simulation {

class Port : public EventLog {
 public:
  explicit Port(EventLog& log) : log_(log) {}

  Head acquire() override { return log_.acquire(); }
  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override;
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    return log_.read(from, entries_max);
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot& snapshot) override { log_.keep_snapshot(snapshot); }
  std::vector<Snapshot> snapshots() const override { return log_.snapshots(); }
  void verify() const override { log_.verify(); }
  std::vector<std::string> report() const override { return log_.report(); }

  std::vector<Bytes> tried;  // the payloads of the last batch that it was given

 protected:
  EventLog& log_;
};

}  // namespace obverse::simulation
