// Looks for many secrets at once in bytes that know nothing of them: a raw disk, a process's
// memory. A hit is any 16 bytes in a row of a secret, wherever they begin.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::promises {

using Raw = std::vector<std::uint8_t>;

struct Needle {
  std::string kind;          // "f32", "key"
  std::uint64_t person = 0;  // whose
  Raw bytes;                 // at least 16
};

// Of one search.
struct Found {
  struct Of {
    std::set<std::uint64_t> people;
    std::uint64_t hits = 0;
    std::string first;  // where
  };
  std::map<std::string, Of> kinds;
  std::uint64_t bytes = 0;  // that were looked through

  std::uint64_t people(const std::string& kind) const;
  std::string in_words() const;
};

class Search {
 public:
  // `stride`: a needle's quads of four bytes lie so many bytes apart (a gallery's lanes); 4 is one
  // after the other.
  explicit Search(std::size_t stride = 4) : stride_(stride) {}
  void add(Needle needle);
  void ready();  // after the last one

  Found file(const std::filesystem::path& path) const;
  Found memory(pid_t process) const;  // all that is mapped and can be read

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t needle = 0;
    std::uint32_t offset = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  void look(std::span<const std::uint8_t> bytes, std::size_t from, const std::string& where,
            std::uint64_t base, Found& found) const;
  void look_at(std::span<const std::uint8_t> bytes, std::size_t at, const std::string& where,
               std::uint64_t base, Found& found) const;
  bool matches(std::span<const std::uint8_t> bytes, std::size_t at, const Entry& entry) const;

  std::size_t stride_;
  std::vector<Needle> needles_;
  std::vector<Entry> entries_;  // sorted by key
  unsigned bloom_bits_ = 0;
  std::vector<std::uint8_t> bloom_;
};

}  // namespace obverse::promises
