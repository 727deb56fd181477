// Everybody's templates, in groups of sixteen as the kernels read them. One writer replaces what it
// changes by a copy; readers hold on to a whole, unchanging state. Does not compare faces: see
// scan.h.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "matcher/embedding.h"
#include "matcher/grace.h"
#include "matcher/kernels/kernels.h"
#include "matcher/matcher.h"
#include "matcher/slab.h"

namespace obverse {

// Sixteen templates and whose they are; the kernel's lines follow it in memory. Never changed once
// published.
struct alignas(64) Group {
  std::uint32_t live = 0;              // a bit for each lane that holds a template
  std::uint32_t inverse_norm_max = 0;  // of the live ones
  alignas(64) std::array<std::uint32_t, kernel_lanes> inverse_norm{};
  std::array<std::uint32_t, kernel_lanes> version{};
  std::array<std::uint64_t, kernel_lanes> person{};
  const std::uint8_t* lines() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
  std::uint8_t* lines() { return reinterpret_cast<std::uint8_t*>(this + 1); }
};

// Where a person's templates lie: slot = 16 * group + lane.
struct Seat {
  std::uint64_t person = 0;
  std::uint32_t version = 0;
  std::shared_ptr<const std::vector<std::uint32_t>> slots;
};

constexpr std::uint32_t group_of(std::uint32_t slot) {
  return slot / static_cast<std::uint32_t>(kernel_lanes);
}
constexpr std::uint32_t lane_of(std::uint32_t slot) {
  return slot % static_cast<std::uint32_t>(kernel_lanes);
}

// The gallery at one moment. Copied when something changes; what did not change is shared with the
// copy. The counts of those references are touched by the writer alone.
class Faces {
 public:
  std::uint32_t groups() const { return groups_; }
  const Group& group(std::uint32_t index) const {
    return *pages_[index / groups_per_page]->groups[index % groups_per_page];
  }
  const Seat* find(std::uint64_t person) const;  // null if not enrolled
  std::uint32_t people() const { return people_; }
  std::uint32_t templates() const { return templates_; }
  std::uint64_t position() const { return position_; }

 private:
  friend class Gallery;
  static constexpr std::size_t groups_per_page = 256;
  static constexpr std::size_t fan = 64;
  struct Page {
    std::array<std::shared_ptr<Group>, groups_per_page> groups;
  };
  using Bucket = std::vector<Seat>;  // by person, rising
  struct Buckets {
    std::array<std::shared_ptr<Bucket>, fan> buckets;
  };
  std::vector<std::shared_ptr<Page>> pages_;
  std::array<std::shared_ptr<Buckets>, fan> directory_;
  std::uint32_t groups_ = 0;
  std::uint32_t people_ = 0;
  std::uint32_t templates_ = 0;
  std::uint64_t position_ = 0;  // of the last change
};

class Gallery {
 public:
  explicit Gallery(std::uint32_t dimensions);

  // What matcher.h says of them. Templates have been checked by the caller. Out of memory ends the
  // process: half a change must not be searched.
  void enrol(PersonLabel, std::span<const Template>, std::uint64_t position) noexcept;
  void remove(std::uint64_t person, std::uint64_t position) noexcept;
  void reached(std::uint64_t position);

  // Holds one state of the gallery still while it lives.
  class Reading {
   public:
    explicit Reading(const Gallery&);
    ~Reading() { grace_.leave(side_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    const Faces& faces() const { return *faces_; }
    std::uint64_t position() const;  // a position at which the gallery was exactly this

   private:
    const Grace& grace_;
    unsigned side_;
    std::uint64_t reached_;
    const Faces* faces_;
  };

 private:
  Group& own_group(Faces&, std::uint32_t index);
  Faces::Bucket& own_bucket(Faces&, std::uint64_t person);
  std::shared_ptr<Group> group_copy(const Group* from);
  void fill_slot(Faces&, std::uint32_t slot, PersonLabel, const Template&);
  void clear_slot(Faces&, std::uint32_t slot);
  void clear_person(Faces&, std::uint64_t person);
  std::uint32_t free_slot(Faces&);
  void publish(std::unique_ptr<Faces>, std::uint64_t position);
  void drop_retired();

  std::uint32_t quads_;
  Slab slab_;  // before what lives in it
  std::vector<std::uint32_t> free_slots_;
  std::unique_ptr<const Faces> owner_;
  std::vector<std::unique_ptr<const Faces>> retired_;
  Grace grace_;
  std::atomic<const Faces*> faces_;
  std::atomic<std::uint64_t> reached_{0};
};

}  // namespace obverse
