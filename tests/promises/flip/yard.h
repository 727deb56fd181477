// A worker's own copy of a data directory, made whole again before each case. What nobody touched
// is not written again: that would be most of the time.
#pragma once

#include <filesystem>

#include "tests/promises/flip/premises.h"

namespace obverse::flip {

class Yard {
 public:
  Yard(const Image& whole, std::filesystem::path folder);

  // Whether anything whose path begins so had to be.
  bool make_whole(const std::string& watched = "/");
  const std::filesystem::path& folder() const { return folder_; }

 private:
  const Image& whole_;
  std::filesystem::path folder_;
};

}  // namespace obverse::flip
