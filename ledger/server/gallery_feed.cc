// The order matters: out of the gallery first, then out of the vault. Every step may be repeated.
#include "ledger/server/gallery_feed.h"

#include <spdlog/spdlog.h>

#include <cassert>
#include <stdexcept>

namespace obverse {
namespace {

const Rider* rider_of(const State& state, RiderId rider) { return find(state.enrolments, rider); }

}  // namespace

std::vector<std::byte> face_content(std::span<const Template> templates) {
  std::vector<std::byte> content;
  for (const Template& face : templates) {
    auto bytes = face.to_bytes();
    // All at once: growing would leave a copy behind.
    if (content.empty()) content.reserve(bytes.size() * templates.size());
    const auto plain = std::as_bytes(std::span(bytes));
    content.insert(content.end(), plain.begin(), plain.end());
    wipe(bytes.data(), bytes.size());
  }
  return content;
}

std::optional<std::vector<Template>> templates_of(const ModelSpec& model,
                                                  std::span<const std::byte> content) {
  const std::size_t each = 1 + 8 + 4 + 4 + model.dimensions;
  if (content.empty() || content.size() % each != 0) return std::nullopt;
  if (content.size() / each > templates_per_person_max) return std::nullopt;
  std::vector<Template> templates;
  for (std::size_t at = 0; at < content.size(); at += each) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(content.data() + at);
    auto face = Template::from_bytes(model, {bytes, each});
    if (!face) return std::nullopt;
    templates.push_back(std::move(*face));
  }
  return templates;
}

GalleryFeed::GalleryFeed(Matcher& matcher, Vault& vault, Metrics& metrics,
                         std::function<void(const std::string&)> on_fault)
    : matcher_(matcher), vault_(vault), metrics_(metrics), on_fault_(std::move(on_fault)) {}

void GalleryFeed::open(const State& state, Position at) {
  assert(!is_open_);
  refuse_older_log(state);
  for (const RiderId rider : erased_) vault_.destroy(rider);
  destroy_orphans(state);
  fill(state, at);
  is_open_ = true;
}

void GalleryFeed::remember_erasures(std::span<const Record> records) {
  for (const Record& record : records) {
    for (const Event& event : record.events) {
      if (const auto* erased = std::get_if<ErasureCompleted>(&event)) erased_.insert(erased->rider);
      if (const auto* set = std::get_if<PinSet>(&event)) erased_.erase(set->rider);
      if (const auto* enrolled = std::get_if<FaceEnrolled>(&event)) erased_.erase(enrolled->rider);
    }
  }
}

// In the order of the vault's disk. What the log calls enrolled and the vault cannot show, or shows
// with another digest, is not matched: such a person is told NOT_RECOGNISED, and the operator why.
void GalleryFeed::fill(const State& state, Position at) {
  const auto& riders = state.enrolments.riders;
  for (std::size_t i = 0; i < riders.size(); ++i) {
    const RiderId id{i + 1};
    const Credential& credential = credential_of(state.enrolments, id);
    if (credential.custody != Custody::operator_key) withheld_[id].insert(Withheld::own_custody);
    if (!riders[i].face) continue;
    faces_[id] = riders[i].face->version;
    if (riders[i].face->suspended) withheld_[id].insert(Withheld::suspended);
    if (credential.face_locked) withheld_[id].insert(Withheld::locked);
  }
  vault_.for_each_face([&](RiderId rider, FaceVersion version, std::span<const std::byte> content) {
    const Rider* known = rider_of(state, rider);
    if (!known || !known->face || known->face->version != version) return;
    if (!is_matchable(state.enrolments, rider)) return;
    if (known->face->model != matcher_.model().id) return;
    if (const auto templates = templates_of(matcher_.model(), content)) {
      matcher_.enrol({rider.value, version.value}, *templates, at.value);
    }
  });
  for (const auto& [rider, version] : faces_) {
    const Rider* known = rider_of(state, rider);
    assert(known != nullptr && known->face);
    if (credential_of(state.enrolments, rider).custody != Custody::operator_key) continue;
    if (vault_.face_digest(rider, version) != known->face->sealed) {
      matcher_.remove(rider.value, at.value);
      metrics_.add(Count::faces_missing);
    }
  }
  matcher_.reached(at.value);
  if (const auto missing = metrics_.value(Count::faces_missing); missing > 0) {
    spdlog::error(
        "{} enrolled faces are not in the vault as the log knows them: they are not matched; "
        "restore the vault's directory from its backup, or enrol them again",
        missing);
  }
}

// A person is registered, and the version before is in the log, before the vault keeps a secret of
// theirs. Of a log that lacks that, nothing may be destroyed: what the vault has beyond it is what
// will be needed once the newest copy of the log is back.
void GalleryFeed::refuse_older_log(const State& state) const {
  const auto refuse_unless = [&state](bool can_be) {
    if (can_be) return;
    throw std::runtime_error(
        "the vault holds secrets of people, or versions of them, that this log, which ends at "
        "position " +
        std::to_string(state.position.value) +
        ", has never heard of: "
        "the log was put back to an older day, or is not the one of this vault. Nothing was "
        "changed. Way out: bring back the newest copy of the log; if there is none, bring back the "
        "vault of the same day");
  };
  for (const auto& [rider, version] : vault_.faces()) {
    const Rider* known = rider_of(state, rider);
    refuse_unless(known && version.value <= known->last_face.value + 1);
  }
  for (const auto& [rider, version] : vault_.pins()) {
    const Rider* known = rider_of(state, rider);
    refuse_unless(known && version.value <= known->pin.version.value + 1);
  }
}

void GalleryFeed::destroy_orphans(const State& state) {
  for (const auto& [rider, version] : vault_.faces()) {
    const Rider* known = rider_of(state, rider);
    if (known && known->face && known->face->version == version) continue;
    vault_.destroy_face(rider, version);
    metrics_.add(Count::orphans_destroyed);
  }
  for (const auto& [rider, version] : vault_.pins()) {
    const Rider* known = rider_of(state, rider);
    if (known && known->pin.version == version) continue;
    vault_.destroy_pin(rider, version);
    metrics_.add(Count::orphans_destroyed);
  }
}

void GalleryFeed::committed(std::span<const Record> records, const Receipt& head) {
  if (!is_open_) return remember_erasures(records);
  try {
    for (const Record& record : records) {
      for (const Event& event : record.events) happened(event, record.position);
    }
  } catch (const std::exception& fault) {
    on_fault_(fault.what());
  }
  matcher_.reached(head.position.value);
}

void GalleryFeed::happened(const Event& event, Position at) {
  if (const auto* enrolled = std::get_if<FaceEnrolled>(&event)) {
    const auto before = faces_.find(enrolled->rider);
    const std::optional<FaceVersion> replaced =
        before == faces_.end() ? std::nullopt : std::optional(before->second);
    faces_[enrolled->rider] = enrolled->face;
    if (!withheld_.contains(enrolled->rider)) enrol(enrolled->rider, enrolled->face, at);
    if (replaced) vault_.destroy_face(enrolled->rider, *replaced);
  } else if (const auto* suspended = std::get_if<FaceSuspended>(&event)) {
    withhold(suspended->rider, Withheld::suspended, at);
  } else if (const auto* reinstated = std::get_if<FaceReinstated>(&event)) {
    give_back(reinstated->rider, Withheld::suspended, at);
  } else if (const auto* erased = std::get_if<FaceErased>(&event)) {
    matcher_.remove(erased->rider.value, at.value);
    faces_.erase(erased->rider);
    withheld_.erase(erased->rider);
    vault_.destroy_face(erased->rider);
    metrics_.add(Count::faces_removed);
  } else if (const auto* completed = std::get_if<ErasureCompleted>(&event)) {
    withheld_.erase(completed->rider);
    vault_.destroy(completed->rider);
  } else if (const auto* set = std::get_if<PinSet>(&event)) {
    if (set->version.value > 1) vault_.destroy_pin(set->rider, {set->version.value - 1});
  } else {
    happened_to(event, at);
  }
}

// What keeps a face from being searched for besides a suspension.
void GalleryFeed::happened_to(const Event& event, Position at) {
  if (const auto* locked = std::get_if<FaceLocked>(&event)) {
    withhold(locked->rider, Withheld::locked, at);
  } else if (const auto* unlocked = std::get_if<FaceUnlocked>(&event)) {
    give_back(unlocked->rider, Withheld::locked, at);
  } else if (const auto* chosen = std::get_if<CustodyChosen>(&event)) {
    if (chosen->custody == Custody::operator_key)
      give_back(chosen->rider, Withheld::own_custody, at);
    else
      withhold(chosen->rider, Withheld::own_custody, at);
  }
}

void GalleryFeed::withhold(RiderId rider, Withheld why, Position at) {
  withheld_[rider].insert(why);
  matcher_.remove(rider.value, at.value);
  metrics_.add(Count::faces_removed);
}

void GalleryFeed::give_back(RiderId rider, Withheld why, Position at) {
  const auto reasons = withheld_.find(rider);
  if (reasons == withheld_.end() || reasons->second.erase(why) == 0) return;
  if (!reasons->second.empty()) return;
  withheld_.erase(reasons);
  const auto face = faces_.find(rider);
  if (face != faces_.end()) enrol(rider, face->second, at);
}

void GalleryFeed::enrol(RiderId rider, FaceVersion version, Position at) {
  const auto content = vault_.face(rider, version);
  const auto templates = content ? templates_of(matcher_.model(), content->bytes()) : std::nullopt;
  if (!templates) {
    matcher_.remove(rider.value, at.value);
    metrics_.add(Count::faces_missing);
    spdlog::error("a face was enrolled that the vault does not have: it is not matched");
    return;
  }
  matcher_.enrol({rider.value, version.value}, *templates, at.value);
  metrics_.add(Count::faces_enrolled);
}

}  // namespace obverse
