#include "tests/promises/disk-full/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace obverse::promises {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

std::string size_words(std::uint64_t bytes) {
  return "size=" + std::to_string(bytes) + ",mode=0700";
}

}  // namespace

SmallDisk::SmallDisk(std::uint64_t bytes) {
  if (unshare(CLONE_NEWNS) != 0) fail("no mounts of its own");
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) fail("mounts stay shared");
  std::string pattern = (std::filesystem::temp_directory_path() / "obverse-disk-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) fail("no temporary folder");
  path_ = pattern;
  if (mount("none", path_.c_str(), "tmpfs", 0, size_words(bytes).c_str()) != 0) {
    const int why = errno;
    std::filesystem::remove(path_);
    errno = why;
    fail("no file system of its own");
  }
}

SmallDisk::~SmallDisk() {
  if (umount2(path_.c_str(), MNT_DETACH) == 0) std::filesystem::remove(path_);
}

std::uint64_t SmallDisk::free_bytes() const {
  struct statvfs about{};
  if (statvfs(path_.c_str(), &about) != 0) fail("no free space to be read");
  return std::uint64_t{about.f_bavail} * about.f_frsize;
}

void SmallDisk::leave_free(std::uint64_t bytes) {
  const std::string file = (path_ / "somebody-else").string();
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) fail("no file of somebody else");
  const off_t size = lseek(descriptor, 0, SEEK_END);
  const auto free = static_cast<off_t>(free_bytes());
  const off_t wanted = size + free - static_cast<off_t>(bytes);
  int status = 0;
  if (wanted < size) {
    status = ftruncate(descriptor, wanted < 0 ? 0 : wanted);
  } else if (wanted > size) {
    // Whoever else writes meanwhile may be faster: then there is less to take.
    while ((status = posix_fallocate(descriptor, size, wanted - size)) == ENOSPC &&
           free_bytes() > 0)
      if (posix_fallocate(descriptor, lseek(descriptor, 0, SEEK_END),
                          static_cast<off_t>(free_bytes())) == 0)
        break;
    status = 0;
  }
  close(descriptor);
  if (status != 0) fail("the file of somebody else cannot be resized");
}

void SmallDisk::resize(std::uint64_t bytes) {
  if (mount("none", path_.c_str(), "tmpfs", MS_REMOUNT, size_words(bytes).c_str()) != 0)
    fail("the file system cannot be resized");
}

}  // namespace obverse::promises
