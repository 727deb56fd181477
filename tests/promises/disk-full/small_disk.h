// A small file system in memory, of this process and its children alone, that can be filled from
// outside and made larger.
#pragma once

#include <cstdint>
#include <filesystem>

namespace obverse::promises {

class SmallDisk {
 public:
  // Throws std::runtime_error where this process may not mount. Before any thread is started.
  explicit SmallDisk(std::uint64_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t free_bytes() const;
  void leave_free(std::uint64_t bytes);  // somebody else's file takes the rest, or gives it back
  void resize(std::uint64_t bytes);

 private:
  std::filesystem::path path_;
};

}  // namespace obverse::promises
