#include "ledger/log/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace obverse {
namespace {

[[noreturn]] void fail(const char* action, const std::string& path, int code) {
  throw DiskFault(
      std::string("cannot ") + action + " " + path + ": " + std::generic_category().message(code),
      code);
}

int open_or_fail(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
  if (descriptor < 0) fail("open", path, errno);
  return descriptor;
}

class PosixFile final : public DiskFile {
 public:
  PosixFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override { ::close(descriptor_); }

  void write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n =
          ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write", path_, errno);
      offset += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  std::string read(std::uint64_t offset, std::uint64_t bytes) const override {
    std::string out;  // not made of zeros first: a start reads whole segments
    int code = 0;
    out.resize_and_overwrite(bytes, [&](char* to, std::size_t wanted) {
      std::size_t have = 0;
      while (have < wanted && code == 0) {
        const ssize_t n =
            ::pread(descriptor_, to + have, wanted - have, static_cast<off_t>(offset + have));
        if (n == 0) break;
        if (n > 0) have += static_cast<std::size_t>(n);
        if (n < 0 && errno != EINTR) code = errno;
      }
      return have;
    });
    if (code != 0) fail("read", path_, code);
    return out;
  }

  void sync() override {
    if (::fdatasync(descriptor_) != 0)
      fail("sync", path_, errno);  // never retried: the pages may be gone
  }

  std::uint64_t size() const override {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) fail("look at", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  std::string path_;
  int descriptor_;
};

class PosixLock final : public DiskLock {
 public:
  explicit PosixLock(int descriptor) : descriptor_(descriptor) {}
  PosixLock(const PosixLock&) = delete;
  PosixLock& operator=(const PosixLock&) = delete;
  ~PosixLock() override { ::close(descriptor_); }

 private:
  int descriptor_;
};

class PosixDisk final : public Disk {
 public:
  std::unique_ptr<DiskFile> create(const std::string& path) override {
    return std::make_unique<PosixFile>(path, open_or_fail(path, O_RDWR | O_CREAT | O_TRUNC));
  }
  std::unique_ptr<DiskFile> open(const std::string& path) override {
    return std::make_unique<PosixFile>(path, open_or_fail(path, O_RDWR));
  }
  std::unique_ptr<const DiskFile> open_to_read(const std::string& path) const override {
    return std::make_unique<PosixFile>(path, open_or_fail(path, O_RDONLY));
  }
  bool exists(const std::string& path) const override { return ::access(path.c_str(), F_OK) == 0; }

  std::vector<std::string> list(const std::string& folder) const override {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      names.push_back(entry.path().filename().string());
    if (error && error != std::errc::no_such_file_or_directory) fail("list", folder, error.value());
    std::ranges::sort(names);
    return names;
  }
  void make_folders(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) fail("make", path, error.value());
  }
  void rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) fail("rename", from, errno);
  }
  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) fail("remove", path, errno);
  }
  void sync_folder(const std::string& path) override {
    const int descriptor = open_or_fail(path, O_RDONLY | O_DIRECTORY);
    const int result = ::fsync(descriptor);
    const int code = errno;
    ::close(descriptor);
    if (result != 0) fail("sync", path, code);
  }
  void reserve(const std::string& path, std::uint64_t bytes) override {
    const int descriptor = open_or_fail(path, O_RDWR | O_CREAT);
    const int code = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes));
    ::close(descriptor);
    if (code != 0) fail("reserve", path, code);
  }
  std::uint64_t free_bytes(const std::string& path) const override {
    struct statvfs status{};
    if (::statvfs(path.c_str(), &status) != 0) fail("look at the space of", path, errno);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }
  std::unique_ptr<DiskLock> lock(const std::string& path) override {
    const int descriptor = open_or_fail(path, O_RDWR | O_CREAT);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return std::make_unique<PosixLock>(descriptor);
    const int code = errno;
    ::close(descriptor);
    if (code != EWOULDBLOCK) fail("lock", path, code);
    return nullptr;
  }
};

}  // namespace

Disk& real_disk() {
  static PosixDisk disk;
  return disk;
}

std::string read_whole(const Disk& disk, const std::string& path) {
  const auto file = disk.open_to_read(path);
  return file->read(0, file->size());
}

void write_whole(Disk& disk, const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  {
    const auto file = disk.create(beside);
    file->write(0, bytes);
    file->sync();
  }
  disk.rename(beside, path);
  disk.sync_folder(path.substr(0, path.rfind('/')));
}

}  // namespace obverse
