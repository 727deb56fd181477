// A disk of our own: an ext4 volume in one file, mounted through a loop device. The file is the raw
// disk, with everything that was ever deleted and not written over.
#pragma once

#include <filesystem>
#include <string>

namespace obverse::promises {

class Volume {
 public:
  // In memory (/dev/shm) where there is room: what is searched is the same, and it is soon done.
  explicit Volume(std::uint64_t mib);
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  ~Volume();

  // Otherwise why() says what is missing.
  bool mounted() const { return mounted_; }
  const std::string& why() const { return why_; }
  std::filesystem::path root() const { return folder_ / "mounted"; }
  // After everything has been written to it.
  std::filesystem::path image() const;

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
  std::string why_;
};

}  // namespace obverse::promises
