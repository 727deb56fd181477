// Whether what a start says names the damage: the file, an offset that leads to it, and the first
// position that it has spoilt, where it spoilt any. How near an offset must be is set by the part:
// it may not lie behind the damage, nor before the checksummed unit that has it.
#pragma once

#include <string>
#include <vector>

#include "tests/promises/flip/damage.h"

namespace obverse::flip {

class Named {
 public:
  explicit Named(const Times& times);

  // Of a blow to one file: why not, empty if all is named.
  std::string lacks(const Case& one, const std::string& words) const;
  // Of a set of files that were put back: the position after the last that they hold.
  std::string lacks_end(const Case& one, const std::string& words) const;
  // Of damage in both copies, which is refused.
  std::string lacks_refusal(const Case& one, const std::string& words) const;

  std::uint64_t last_batch() const { return last_batch_; }  // its first position

 private:
  std::string lacks_in_tail(const Case& one, const std::string& words) const;
  std::string lacks_in_journal(const Case& one, const std::string& words) const;
  std::string lacks_in_table(const Case& one, const std::string& words) const;
  std::string lacks_in_vault(const Case& one, const std::string& words) const;
  std::uint64_t first_changed(const Case& one) const;

  const Times& times_;
  std::vector<std::string> payloads_;               // of all entries; the first is of position 1
  std::uint64_t first_last_ = 0, second_last_ = 0;  // positions at the end of those times
  std::uint64_t last_batch_ = 0;
};

// The offsets that stand behind the name of a file: "NAME at byte N", or with a colon between.
std::vector<std::uint64_t> offsets_in(const std::string& words, const std::string& file_name);
// Whether a position is said to be the first bad one, or a row of them begins with it.
bool says_position(const std::string& words, std::uint64_t position);

}  // namespace obverse::flip
