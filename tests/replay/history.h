// A small history for the auditor's tools: a town that lived for a while, as a log.
#pragma once

#include "tests/engine/world.h"

namespace obverse {

struct Lived {
  Town town;
  Position last;
  Digest state;
  Lived() {
    town.found(3);
    town.live(7, 200, 3);
    last = town.ledger().head().position;
    state = town.ledger().state_digest();
  }
  const EventLog& log() const { return town.log; }
};

// The log with one payload changed on the way to the reader.
class Altered final : public EventLog {
 public:
  Altered(const EventLog& log, std::uint64_t position) : log_(log), position_(position) {}
  Head acquire() override { return {}; }
  Appended append(Head&, std::span<const NewEntry>, std::vector<Digest>*) override {
    return Appended::fenced;
  }
  std::vector<StoredEntry> read(Position from, std::size_t entries_max) const override {
    auto entries = log_.read(from, entries_max);
    for (StoredEntry& each : entries)
      if (each.position.value == position_)
        each.payload.back() = static_cast<char>(each.payload.back() ^ 1);
    return entries;
  }
  std::optional<Position> find(const Digest& key) const override { return log_.find(key); }
  void keep_snapshot(const Snapshot&) override {}
  std::vector<Snapshot> snapshots() const override { return {}; }
  void verify() const override {}
  std::vector<std::string> report() const override { return {}; }

 private:
  const EventLog& log_;
  std::uint64_t position_;
};

}  // namespace obverse
