#include "ledger/engine/ahead.h"

#include <algorithm>
#include <utility>

#include "ledger/log/record.h"
#include "ledger/wire/event_wire.h"

namespace obverse {
namespace {

constexpr std::size_t chunks_ahead = 8;
constexpr unsigned threads_max = 4;

[[noreturn]] void damaged(Position position, const std::string& why) {
  throw LogDamage(
      "log", 0, position,
      "entry " + std::to_string(position.value) + " " + why + ": the log cannot be folded past it");
}

void check_place(const std::vector<StoredEntry>& entries, std::size_t i, Position from) {
  const Position expected{from.value + i};
  if (entries[i].position != expected) damaged(expected, "is missing");
  if (i == 0 || entries[i].follows) return;
  if (chain_after(entries[i - 1].chain, expected, entries[i].payload) != entries[i].chain)
    damaged(expected, "does not follow the chain");
}

}  // namespace

Record record_of(const StoredEntry& entry) {
  auto record = decode_record(entry.payload);
  if (!record)
    damaged(entry.position, "is no record that this build reads (" + record.error().why + ")");
  if (record->position != entry.position)
    damaged(entry.position, "holds the record of another position");
  return *std::move(record);
}

Chunk chunk_at(const EventLog& log, Position from) {
  Chunk out;
  try {
    const std::vector<StoredEntry> entries = log.read(from, chunk_entries);
    out.entries = entries.size();
    out.records.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      check_place(entries, i, from);
      if (i == 0) {
        out.first_payload = entries[0].payload;
        out.first_chain = entries[0].chain;
      }
      out.records.push_back({record_of(entries[i]), entries[i].chain});
    }
  } catch (...) {  // given to whoever comes so far
    out.fault = std::current_exception();
  }
  return out;
}

Ahead::Ahead(const EventLog& log, Position from) : log_(log), from_(from) {
  const unsigned count = std::clamp(std::thread::hardware_concurrency(), 1U, threads_max);
  for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
}

Ahead::~Ahead() {
  {
    const Lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Chunk Ahead::next() {
  const Lock lock(mutex_);
  while (!ready_.contains(taken_)) changed_.wait(mutex_);
  Chunk out = std::move(ready_.extract(taken_).mapped());
  ++taken_;
  changed_.notify_all();
  return out;
}

void Ahead::run() {
  const Lock lock(mutex_);
  for (;;) {
    while (!over_ && begun_ >= taken_ + chunks_ahead) changed_.wait(mutex_);
    if (over_) return;
    const std::size_t number = begun_++;
    Chunk chunk;
    {
      const Unlock open(mutex_);
      chunk = chunk_at(log_, {from_.value + number * chunk_entries});
    }
    // Beyond the end, or past damage, there is nothing to look for.
    if (chunk.fault || chunk.entries < chunk_entries) over_ = true;
    ready_.emplace(number, std::move(chunk));
    changed_.notify_all();
  }
}

}  // namespace obverse
