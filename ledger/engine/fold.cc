#include "ledger/engine/fold.h"

#include "ledger/log/record.h"
#include "ledger/wire/event_wire.h"

namespace obverse {
namespace {

constexpr std::size_t chunk_entries = 1'024;

[[noreturn]] void damaged(Position position, const std::string& why) {
  throw LogDamage(
      "log", 0, position,
      "entry " + std::to_string(position.value) + " " + why + ": the log cannot be folded past it");
}

Record record_of(const StoredEntry& entry) {
  auto record = decode_record(entry.payload);
  if (!record)
    damaged(entry.position, "is no record that this build reads (" + record.error().why + ")");
  if (record->position != entry.position)
    damaged(entry.position, "holds the record of another position");
  return *std::move(record);
}

}  // namespace

Folded fold(const EventLog& log, Folded from, std::optional<Position> until, const Visitor& visit) {
  Folded folded = std::move(from);
  for (;;) {
    const Position next{folded.state.position.value + 1};
    const auto entries = log.read(next, chunk_entries);
    if (entries.empty()) return folded;
    for (const StoredEntry& entry : entries) {
      const Position expected{folded.state.position.value + 1};
      if (until && expected > *until) return folded;
      if (entry.position != expected) damaged(expected, "is missing");
      const Digest chain = chain_after(folded.chain, entry.position, entry.payload);
      if (chain != entry.chain) damaged(entry.position, "does not follow the chain");
      const Record record = record_of(entry);
      if (record.recorded_at < folded.state.at)
        damaged(entry.position, "was recorded before the one before it");
      apply(folded.state, record);
      folded.chain = chain;
      if (visit) visit(record, chain);
    }
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
