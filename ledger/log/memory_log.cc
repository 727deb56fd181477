#include "ledger/log/memory_log.h"

#include <algorithm>
#include <cassert>
#include <functional>

#include "ledger/log/record.h"

namespace obverse {

Head MemoryLog::acquire() {
  const Lock lock(mutex_);
  ++head_.epoch;
  return head_;
}

Appended MemoryLog::append(Head& head, std::span<const NewEntry> batch,
                           std::vector<Digest>* chains) {
  assert(!batch.empty());
  const Lock lock(mutex_);
  if (head != head_) return Appended::fenced;
  std::vector<Digest> unwanted;
  std::vector<Digest>& after = chains != nullptr ? *chains : unwanted;
  Position position = head_.last;
  advance(head_, batch, &after);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ++position.value;
    entries_.push_back({position, batch[i].payload, after[i]});
    const std::optional<Digest>& key = batch[i].key;
    [[maybe_unused]] const bool is_fresh = !key || keys_.emplace(*key, position).second;
    assert(is_fresh);  // a key is used once
  }
  head = head_;
  return Appended::committed;
}

std::vector<StoredEntry> MemoryLog::read(Position from, std::size_t entries_max) const {
  assert(from.value >= 1);
  const Lock lock(mutex_);
  std::vector<StoredEntry> out;
  for (std::size_t i = from.value - 1; i < entries_.size() && out.size() < entries_max; ++i)
    out.push_back(entries_[i]);
  return out;
}

std::optional<Position> MemoryLog::find(const Digest& key) const {
  const Lock lock(mutex_);
  const auto found = keys_.find(key);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void MemoryLog::keep_snapshot(const Snapshot& snapshot) {
  const Lock lock(mutex_);
  assert(snapshot.at <= head_.last);
  std::erase_if(snapshots_, [&](const Snapshot& old) { return old.at == snapshot.at; });
  snapshots_.push_back(snapshot);
  std::ranges::sort(snapshots_, std::greater{}, &Snapshot::at);
  if (snapshots_.size() > 2) snapshots_.resize(2);
}

std::vector<Snapshot> MemoryLog::snapshots() const {
  const Lock lock(mutex_);
  return snapshots_;
}

void MemoryLog::verify() const {
  const Lock lock(mutex_);
  Digest chain;
  for (const StoredEntry& entry : entries_) {
    chain = chain_after(chain, entry.position, entry.payload);
    if (chain != entry.chain) throw LogDamage("memory", 0, entry.position, "the chain is broken");
  }
}

std::vector<std::string> MemoryLog::report() const { return {}; }

}  // namespace obverse
