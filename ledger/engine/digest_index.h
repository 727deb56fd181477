// Digests found by number: who keeps them in an array looks up here which place one has. Open
// addressing over eight bytes a slot; the digests themselves stay with their owner, so a lookup
// that finds nothing (nearly all do) touches one line of memory.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "ledger/model/digest.h"

namespace obverse {

// Terminals choose their attempts; the salt, which is another in every process, keeps them from
// choosing where these fall in a table.
std::uint64_t digest_salt();

class DigestIndex {
 public:
  // The place whose digest this is. `digest_at` gives the owner's digest at a place.
  template <class DigestAt>
  std::optional<std::uint32_t> find(const Digest& digest, DigestAt digest_at) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint64_t hash = hash_of(digest);
    for (std::size_t i = home(hash); slots_[i].place != empty; i = next(i))
      if (slots_[i].tag == tag_of(hash) && digest_at(slots_[i].place) == digest)
        return slots_[i].place;
    return std::nullopt;
  }

  // It must not be there. `digest_at` must know every place but the new one.
  template <class DigestAt>
  void insert(const Digest& digest, std::uint32_t place, DigestAt digest_at) {
    assert(place != empty);
    if (2 * (count_ + 1) > slots_.size()) grow(digest_at);
    put(hash_of(digest), place);
    ++count_;
  }

  // It must be there. What stands behind it moves up, so that no lookup stops too early.
  template <class DigestAt>
  void erase(const Digest& digest, std::uint32_t place, DigestAt digest_at) {
    std::size_t hole = home(hash_of(digest));
    while (slots_[hole].place != place) {
      assert(slots_[hole].place != empty);
      hole = next(hole);
    }
    for (std::size_t i = next(hole); slots_[i].place != empty; i = next(i)) {
      const std::size_t wanted = home(hash_of(digest_at(slots_[i].place)));
      if (((i - wanted) & mask()) < ((i - hole) & mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = {};
    --count_;
  }

  std::size_t size() const { return count_; }

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;
  static constexpr std::size_t slots_min = 64;
  struct Slot {
    std::uint32_t place = empty;
    std::uint32_t tag = 0;
  };

  static std::uint64_t hash_of(const Digest& digest) {
    std::uint64_t word = 0;
    std::memcpy(&word, digest.bytes.data(), sizeof word);
    word = (word ^ digest_salt()) * 0x9E37'79B9'7F4A'7C15U;
    return word ^ (word >> 32U);
  }
  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32U);
  }
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(std::uint64_t hash) const { return static_cast<std::size_t>(hash) & mask(); }
  std::size_t next(std::size_t slot) const { return (slot + 1) & mask(); }

  void put(std::uint64_t hash, std::uint32_t place) {
    std::size_t i = home(hash);
    while (slots_[i].place != empty) i = next(i);
    slots_[i] = {place, tag_of(hash)};
  }

  template <class DigestAt>
  void grow(DigestAt digest_at) {
    std::vector<Slot> old(slots_.empty() ? slots_min : 4 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.place != empty) put(hash_of(digest_at(slot.place)), slot.place);
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t count_ = 0;
};

}  // namespace obverse
