// The writer's side of the gallery, and how a reader finds a state that stays.
#include "matcher/gallery.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace obverse {
namespace {

// States kept until the writer waits for their readers: bounds the copies that lie about.
constexpr std::size_t retired_max = 64;

// Mixes labels that were given in sequence (the finaliser of MurmurHash3, in the public domain).
std::uint64_t spread(std::uint64_t label) {
  label ^= label >> 33;
  label *= 0xff51afd7ed558ccdU;
  label ^= label >> 33;
  label *= 0xc4ceb9fe1a85ec53U;
  return label ^ (label >> 33);
}

bool before(const Seat& seat, std::uint64_t person) { return seat.person < person; }

}  // namespace

const Seat* Faces::find(std::uint64_t person) const {
  const std::uint64_t place = spread(person);
  const Buckets* buckets = directory_[place % fan].get();
  const Bucket* bucket = buckets ? buckets->buckets[place / fan % fan].get() : nullptr;
  if (!bucket) return nullptr;
  const auto seat = std::lower_bound(bucket->begin(), bucket->end(), person, before);
  return seat != bucket->end() && seat->person == person ? &*seat : nullptr;
}

Gallery::Gallery(std::uint32_t dimensions)
    : quads_((dimensions + 3) / 4),
      slab_(sizeof(Group) + quads_ * kernel_line_bytes),
      owner_(std::make_unique<Faces>()),
      faces_(owner_.get()) {}

// The position is read before the state: whatever changed up to it is then in the state, or the
// state's own is later.
Gallery::Reading::Reading(const Gallery& gallery)
    : grace_(gallery.grace_),
      side_(grace_.enter()),
      reached_(gallery.reached_.load(std::memory_order_acquire)),
      faces_(gallery.faces_.load(std::memory_order_seq_cst)) {}

std::uint64_t Gallery::Reading::position() const { return std::max(reached_, faces_->position()); }

std::shared_ptr<Group> Gallery::group_copy(const Group* from) {
  void* block = slab_.take();
  Group* group = from ? new (block) Group(*from) : new (block) Group();
  if (from) {
    std::memcpy(group->lines(), from->lines(), quads_ * kernel_line_bytes);
  } else {
    std::memset(group->lines(), kernel_zero, quads_ * kernel_line_bytes);
  }
  return {group, [this](Group* done) { slab_.give_back(done); }};
}

// A part that only this state refers to may be changed: it has not been published.
Group& Gallery::own_group(Faces& faces, std::uint32_t index) {
  std::shared_ptr<Faces::Page>& page = faces.pages_[index / Faces::groups_per_page];
  if (page.use_count() != 1) page = std::make_shared<Faces::Page>(*page);
  std::shared_ptr<Group>& group = page->groups[index % Faces::groups_per_page];
  if (group.use_count() != 1) group = group_copy(group.get());
  return *group;
}

Faces::Bucket& Gallery::own_bucket(Faces& faces, std::uint64_t person) {
  const std::uint64_t place = spread(person);
  std::shared_ptr<Faces::Buckets>& buckets = faces.directory_[place % Faces::fan];
  if (!buckets) buckets = std::make_shared<Faces::Buckets>();
  if (buckets.use_count() != 1) buckets = std::make_shared<Faces::Buckets>(*buckets);
  std::shared_ptr<Faces::Bucket>& bucket = buckets->buckets[place / Faces::fan % Faces::fan];
  if (!bucket) bucket = std::make_shared<Faces::Bucket>();
  if (bucket.use_count() != 1) bucket = std::make_shared<Faces::Bucket>(*bucket);
  return *bucket;
}

std::uint32_t Gallery::free_slot(Faces& faces) {
  if (free_slots_.empty()) {
    const std::uint32_t index = faces.groups_;
    if (index % Faces::groups_per_page == 0) {
      faces.pages_.push_back(std::make_shared<Faces::Page>());
    }
    std::shared_ptr<Faces::Page>& page = faces.pages_.back();
    if (page.use_count() != 1) page = std::make_shared<Faces::Page>(*page);
    page->groups[index % Faces::groups_per_page] = group_copy(nullptr);
    faces.groups_ = index + 1;
    for (std::uint32_t lane = kernel_lanes; lane > 0; --lane) {
      free_slots_.push_back(index * static_cast<std::uint32_t>(kernel_lanes) + lane - 1);
    }
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

void Gallery::fill_slot(Faces& faces, std::uint32_t slot, PersonLabel label, const Template& face) {
  Group& group = own_group(faces, group_of(slot));
  const std::size_t lane = lane_of(slot);
  group.live |= 1U << lane;
  group.inverse_norm[lane] = face.inverse_norm;
  group.inverse_norm_max = std::max(group.inverse_norm_max, face.inverse_norm);
  group.version[lane] = label.version;
  group.person[lane] = label.value;
  for (std::size_t i = 0; i < face.dimensions; ++i) {
    group.lines()[i / 4 * kernel_line_bytes + lane * 4 + i % 4] =
        static_cast<std::uint8_t>(face.values[i] + kernel_zero);
  }
  ++faces.templates_;
}

void Gallery::clear_slot(Faces& faces, std::uint32_t slot) {
  Group& group = own_group(faces, group_of(slot));
  const std::size_t lane = lane_of(slot);
  group.live &= ~(1U << lane);
  group.inverse_norm[lane] = 0;
  group.inverse_norm_max = *std::ranges::max_element(group.inverse_norm);
  group.version[lane] = 0;
  group.person[lane] = 0;
  for (std::size_t quad = 0; quad < quads_; ++quad) {
    std::memset(group.lines() + quad * kernel_line_bytes + lane * 4, kernel_zero, 4);
  }
  --faces.templates_;
}

void Gallery::clear_person(Faces& faces, std::uint64_t person) {
  Faces::Bucket& bucket = own_bucket(faces, person);
  const auto seat = std::lower_bound(bucket.begin(), bucket.end(), person, before);
  for (const std::uint32_t slot : *seat->slots) {
    clear_slot(faces, slot);
    free_slots_.push_back(slot);
  }
  bucket.erase(seat);
  --faces.people_;
}

void Gallery::enrol(PersonLabel label, std::span<const Template> templates,
                    std::uint64_t position) noexcept {
  assert(!templates.empty() && templates.size() <= templates_per_person_max);
  auto faces = std::make_unique<Faces>(*owner_);
  const bool replaces = faces->find(label.value) != nullptr;
  if (replaces) clear_person(*faces, label.value);
  std::vector<std::uint32_t> slots;
  for (const Template& face : templates) {
    slots.push_back(free_slot(*faces));
    fill_slot(*faces, slots.back(), label, face);
  }
  const Seat seat{label.value, label.version,
                  std::make_shared<const std::vector<std::uint32_t>>(std::move(slots))};
  Faces::Bucket& bucket = own_bucket(*faces, label.value);
  bucket.insert(std::lower_bound(bucket.begin(), bucket.end(), label.value, before), seat);
  ++faces->people_;
  publish(std::move(faces), position);
  // What was replaced is forgotten at once, as if it had been removed.
  if (replaces || retired_.size() >= retired_max) drop_retired();
}

void Gallery::remove(std::uint64_t person, std::uint64_t position) noexcept {
  if (!owner_->find(person)) return reached(position);
  auto faces = std::make_unique<Faces>(*owner_);
  clear_person(*faces, person);
  publish(std::move(faces), position);
  // Every earlier state goes, and with the last reference to a group its memory is wiped.
  drop_retired();
}

void Gallery::reached(std::uint64_t position) {
  assert(position >= reached_.load(std::memory_order_relaxed));
  reached_.store(position, std::memory_order_release);
}

void Gallery::publish(std::unique_ptr<Faces> faces, std::uint64_t position) {
  faces->position_ = position;
  faces_.store(faces.get(), std::memory_order_seq_cst);
  retired_.push_back(std::move(owner_));
  owner_ = std::move(faces);
  reached(position);
}

void Gallery::drop_retired() {
  grace_.wait();
  retired_.clear();
}

}  // namespace obverse
