#include "ledger/wire/spelling.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace obverse {
namespace {

static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(capnp::word) == 8);

// A place in a segment, and the words there.
using At = const capnp::word*;

std::uint64_t load(At at) {
  std::uint64_t out = 0;
  std::memcpy(&out, at, sizeof out);
  return out;
}

// A pointer's fields: https://capnproto.org/encoding.html
enum class Kind : std::uint8_t { structure, list, far, other };
Kind kind_of(std::uint64_t pointer) { return static_cast<Kind>(pointer & 3U); }
std::ptrdiff_t offset_of(std::uint64_t pointer) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(pointer)) >> 2;
}
std::uint64_t data_words(std::uint64_t pointer) { return pointer >> 32U & 0xFFFFU; }
std::uint64_t pointer_words(std::uint64_t pointer) { return pointer >> 48U; }
std::uint64_t element_code(std::uint64_t pointer) { return pointer >> 32U & 7U; }
std::uint64_t element_count(std::uint64_t pointer) { return pointer >> 35U; }

constexpr std::uint64_t code_pointers = 6, code_structs = 7;
constexpr std::uint64_t empty_structure = 0xFFFF'FFFC;  // points at itself
constexpr std::uint64_t bits_of_code[] = {0, 1, 8, 16, 32, 64};

struct Sizes {
  std::uint64_t data = 0, pointers = 0;
  std::uint64_t words() const { return data + pointers; }
};

Sizes trimmed(At structure, Sizes full) {
  Sizes out = full;
  while (out.data > 0 && load(structure + out.data - 1) == 0) --out.data;
  while (out.pointers > 0 && load(structure + full.data + out.pointers - 1) == 0) --out.pointers;
  return out;
}

class Walk {
 public:
  explicit Walk(kj::ArrayPtr<const capnp::word> words)
      : next_(words.begin() + 1), end_(words.end()) {}

  bool at_end() const { return next_ == end_; }

  // Of one pointer in either, and all that it leads to. `built` leads to what is there.
  bool follow(At built, At given) {
    const std::uint64_t pointer = load(built);
    if (pointer == 0) return load(given) == 0;
    const At target = built + 1 + offset_of(pointer);
    switch (kind_of(pointer)) {
      case Kind::structure:
        return follow_structure(target, {data_words(pointer), pointer_words(pointer)}, given);
      case Kind::list:
        if (element_code(pointer) == code_structs) return follow_structures(target, given);
        return follow_list(target, pointer, given);
      case Kind::far:
      case Kind::other:
        break;
    }
    assert(false);  // one segment, and no capabilities: the builder wrote neither
    return false;
  }

 private:
  // So many words where the object before ends; nothing if there are fewer.
  At claim(std::uint64_t words) {
    if (words > static_cast<std::uint64_t>(end_ - next_)) return nullptr;
    const At claimed = next_;
    next_ += words;
    return claimed;
  }

  // Whether it leads to where the object before ends, and says this besides.
  bool leads_on(At given, std::uint64_t upper, Kind kind) const {
    const auto offset = static_cast<std::uint32_t>(next_ - (given + 1));
    return load(given) == (upper << 32U | offset << 2U | static_cast<std::uint32_t>(kind));
  }

  bool follow_structure(At target, Sizes full, At given) {
    const Sizes sizes = trimmed(target, full);
    if (sizes.words() == 0) return load(given) == empty_structure;
    if (!leads_on(given, sizes.data | sizes.pointers << 16U, Kind::structure)) return false;
    const At mine = claim(sizes.words());
    return mine != nullptr && same_data(target, mine, sizes.data) &&
           follow_all(target + full.data, mine + sizes.data, sizes.pointers);
  }

  bool follow_structures(At tag, At given) {
    const std::uint64_t said = load(tag);
    const std::uint64_t count = (said & 0xFFFF'FFFFU) >> 2U;
    const Sizes full{data_words(said), pointer_words(said)};
    Sizes sizes;
    for (std::uint64_t i = 0; i < count; ++i) {
      const Sizes one = trimmed(tag + 1 + i * full.words(), full);
      sizes = {std::max(sizes.data, one.data), std::max(sizes.pointers, one.pointers)};
    }
    const std::uint64_t words = count * sizes.words();
    if (!leads_on(given, words << 3U | code_structs, Kind::list)) return false;
    const At mine = claim(words + 1);
    if (mine == nullptr) return false;
    if (load(mine) != (sizes.pointers << 48U | sizes.data << 32U | count << 2U)) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      const At theirs = tag + 1 + i * full.words();
      const At here = mine + 1 + i * sizes.words();
      if (!same_data(theirs, here, sizes.data) ||
          !follow_all(theirs + full.data, here + sizes.data, sizes.pointers))
        return false;
    }
    return true;
  }

  bool follow_list(At target, std::uint64_t pointer, At given) {
    if (!leads_on(given, pointer >> 32U, Kind::list)) return false;
    const std::uint64_t count = element_count(pointer);
    const bool of_pointers = element_code(pointer) == code_pointers;
    const std::uint64_t words =
        of_pointers ? count : (count * bits_of_code[element_code(pointer)] + 63) / 64;
    const At mine = claim(words);
    if (mine == nullptr) return false;
    return of_pointers ? follow_all(target, mine, count) : same_data(target, mine, words);
  }

  bool follow_all(At built, At given, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      if (!follow(built + i, given + i)) return false;
    return true;
  }

  static bool same_data(At built, At given, std::uint64_t words) {
    return words == 0 || std::memcmp(built, given, words * sizeof(capnp::word)) == 0;
  }

  At next_;
  At end_;
};

}  // namespace

bool is_canonical_form(kj::ArrayPtr<const capnp::word> words,
                       kj::ArrayPtr<const capnp::word> built) {
  assert(built.size() > 0);
  if (words.size() == 0) return false;
  Walk walk(words);
  return walk.follow(built.begin(), words.begin()) && walk.at_end();
}

}  // namespace obverse
