#include "ledger/engine/fold.h"

#include <memory>

#include "ledger/log/record.h"

namespace obverse {
namespace {

[[noreturn]] void damaged(Position position, const std::string& why) {
  throw LogDamage(
      "log", 0, position,
      "entry " + std::to_string(position.value) + " " + why + ": the log cannot be folded past it");
}

void take(Folded& folded, const Chunk& chunk, const std::optional<Position>& until,
          const Visitor& visit) {
  const Position first{folded.state.position.value + 1};
  if (chunk.first_chain != Digest{} &&
      chain_after(folded.chain, first, chunk.first_payload) != chunk.first_chain)
    damaged(first, "does not follow the chain");
  for (const Stored& stored : chunk.records) {
    if (until && stored.record.position > *until) return;
    if (stored.record.recorded_at < folded.state.at)
      damaged(stored.record.position, "was recorded before the one before it");
    apply(folded.state, stored.record);
    folded.chain = stored.chain;
    if (visit) visit(stored.record, stored.chain);
  }
}

}  // namespace

// A short log is read by this thread alone; a long one by others too, ahead.
Folded fold(const EventLog& log, Folded from, std::optional<Position> until, const Visitor& visit) {
  Folded folded = std::move(from);
  std::unique_ptr<Ahead> ahead;
  for (;;) {
    const Position next{folded.state.position.value + 1};
    const Chunk chunk = ahead ? ahead->next() : chunk_at(log, next);
    take(folded, chunk, until, visit);
    if (until && folded.state.position >= *until) return folded;
    if (chunk.fault) std::rethrow_exception(chunk.fault);
    if (chunk.entries == 0) return folded;
    if (chunk.entries < chunk_entries)
      ahead.reset();
    else if (!ahead)
      ahead = std::make_unique<Ahead>(log, Position{folded.state.position.value + 1});
  }
}

std::vector<Stored> stored_from(const EventLog& log, Position from, std::size_t records_max) {
  std::vector<Stored> out;
  for (const StoredEntry& entry : log.read(from, records_max)) {
    if (entry.position.value != from.value + out.size())
      damaged({from.value + out.size()}, "is missing");
    out.push_back({record_of(entry), entry.chain});
  }
  return out;
}

std::optional<Stored> stored_at(const EventLog& log, Position position) {
  auto found = stored_from(log, position, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

}  // namespace obverse
