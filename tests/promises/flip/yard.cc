#include "tests/promises/flip/yard.h"

#include <fcntl.h>

#include <cerrno>
#include <fstream>
#include <vector>

// RocksDB reserves megabytes for files of a few kilobytes. It is a hint, which in memory takes more
// time than all the rest of a case: here no file system knows it.
extern "C" int fallocate(int, int, off_t, off_t) {
  errno = EOPNOTSUPP;
  return -1;
}

namespace obverse::flip {
namespace {

// What no writer of today sets: the clock of a file system is too coarse to tell two writes apart.
const std::filesystem::file_time_type untouched{};

}  // namespace

Yard::Yard(const Image& whole, std::filesystem::path folder)
    : whole_(whole), folder_(std::move(folder)) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
}

bool Yard::make_whole(const std::string& watched) {
  bool touched = false;
  std::filesystem::remove_all(folder_ / "log" / "damaged");  // it only grows
  std::vector<std::filesystem::path> strange;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = entry.path().lexically_relative(folder_).string();
    if (whole_.contains(path)) continue;
    strange.push_back(entry.path());
    touched = touched || path.starts_with(watched);
  }
  for (const auto& path : strange) std::filesystem::remove(path);
  for (const auto& [path, bytes] : whole_) {
    std::error_code none;
    if (std::filesystem::last_write_time(folder_ / path, none) == untouched && !none) continue;
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << bytes;
    std::filesystem::last_write_time(folder_ / path, untouched);
    touched = touched || path.starts_with(watched);
  }
  return touched;
}

}  // namespace obverse::flip
