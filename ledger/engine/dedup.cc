#include "ledger/engine/dedup.h"

#include <random>

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
    case Refusal::face_version_must_be_next:  // a race of two desks: the same wish may try again
      return false;
    default:
      return true;
  }
}

std::uint64_t KeyHash::salt() {
  static const std::uint64_t drawn =
      (std::uint64_t{std::random_device()()} << 32U) ^ std::random_device()();
  return drawn;
}

std::optional<Dedup::Known> Dedup::find(const Digest& key, const Attempt& attempt) const {
  if (const auto recent = recent_.find(key); recent != recent_.end()) return recent->second;
  const auto position = log_.find(key);
  if (!position) return std::nullopt;
  const auto stored = stored_at(log_, *position);
  if (!stored || stored->record.attempt != attempt)
    throw LogDamage("log", 0, *position, "the index of attempts points to another record");
  return Known{*position, stored->record.content};
}

void Dedup::remember(const Digest& key, const Known& known) {
  if (!recent_.emplace(key, known).second) return;
  in_order_.push_back(key);
  if (in_order_.size() <= recent_max_) return;
  recent_.erase(in_order_.front());
  in_order_.pop_front();
}

}  // namespace obverse
