#include "ledger/engine/dedup.h"

#include "ledger/engine/fold.h"
#include "ledger/vault/sha256.h"
#include "ledger/wire/canonical.h"

namespace obverse {

Digest key_of(const Attempt& attempt) { return sha256("attempt" + canonical(attempt)); }

bool is_remembered(const Reply& reply) {
  const auto* refused = std::get_if<Refused>(&reply);
  if (refused == nullptr) return true;
  switch (refused->refusal) {
    case Refusal::capture_must_be_live:
    case Refusal::capture_must_be_clear:
    case Refusal::capture_must_have_quality:
    case Refusal::recognition_must_be_present:
    case Refusal::recognition_must_reach_threshold:
    case Refusal::recognition_must_be_unambiguous:
    case Refusal::nobody_recognised:
    case Refusal::probe_must_be_valid:
    case Refusal::token_must_be_genuine:
    case Refusal::override_must_be_granted:
    case Refusal::offline_batch_must_be_open:  // and what came too early comes again
    case Refusal::offline_items_must_have_no_gap:
    case Refusal::face_version_must_be_next:  // a race of two desks: the same wish may try again
      return false;
    default:
      return true;
  }
}

std::optional<Dedup::Known> Dedup::find(const Digest& key, const Attempt& attempt) const {
  const auto key_at = [this](std::uint32_t place) -> const Digest& { return recent_[place].key; };
  if (const auto place = places_.find(key, key_at)) return recent_[*place].known;
  const auto position = log_.find(key);
  if (!position) return std::nullopt;
  const auto stored = stored_at(log_, *position);
  if (!stored || stored->record.attempt != attempt)
    throw LogDamage("log", 0, *position, "the index of attempts points to another record");
  return Known{*position, stored->record.content};
}

void Dedup::remember(const Digest& key, const Known& known) {
  const auto key_at = [this](std::uint32_t place) -> const Digest& { return recent_[place].key; };
  if (recent_max_ == 0 || places_.find(key, key_at)) return;
  const bool is_full = recent_.size() >= recent_max_;
  const auto place = static_cast<std::uint32_t>(is_full ? oldest_ : recent_.size());
  if (is_full) {
    places_.erase(recent_[place].key, place, key_at);
    oldest_ = (oldest_ + 1) % recent_max_;
  }
  places_.insert(key, place, key_at);
  if (is_full)
    recent_[place] = {key, known};
  else
    recent_.push_back({key, known});
}

}  // namespace obverse
