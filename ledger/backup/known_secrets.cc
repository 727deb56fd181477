#include "ledger/backup/known_secrets.h"

#include "ledger/wire/event_wire.h"

namespace obverse {
namespace {

constexpr std::size_t entries_at_once = 1'000;

template <class Known, class Version>
bool knows(const Known& known, RiderId rider, Version version) {
  const auto found = known.find(rider);
  return found != known.end() && version.value <= found->second.value;
}

}  // namespace

void KnownSecrets::learn(const Record& record) {
  for (const Event& event : record.events) {
    if (const auto* face = std::get_if<FaceEnrolled>(&event)) faces_[face->rider] = face->face;
    if (const auto* pin = std::get_if<PinSet>(&event)) pins_[pin->rider] = pin->version;
  }
}

std::expected<KnownSecrets, Position> KnownSecrets::of(const EventLog& log) {
  KnownSecrets known;
  for (Position next{1};;) {
    const auto entries = log.read(next, entries_at_once);
    if (entries.empty()) return known;
    for (const StoredEntry& entry : entries) {
      const auto record = decode_record(entry.payload);
      if (!record) return std::unexpected(entry.position);
      known.learn(*record);
    }
    next = {entries.back().position.value + 1};
  }
}

std::size_t KnownSecrets::destroy_unknown(Vault& vault) const {
  std::size_t destroyed = 0;
  for (const auto& [rider, version] : vault.faces()) {
    if (knows(faces_, rider, version)) continue;
    vault.destroy_face(rider, version);
    ++destroyed;
  }
  for (const auto& [rider, version] : vault.pins()) {
    if (knows(pins_, rider, version)) continue;
    vault.destroy_pin(rider, version);
    ++destroyed;
  }
  return destroyed;
}

}  // namespace obverse
