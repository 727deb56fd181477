// Loaded into a server before the C library, this stands in front of what it asks of files: the
// shipped binary, with its own RocksDB, tail and vault, dies at named points (points.h) and loses
// what was not synced (platter.h). Without settings it changes nothing.
//
//   OBVERSE_DISK_ROOT      the data directory; files elsewhere are left alone
//   OBVERSE_DIE_AT         a named point, and which passing of it
//   OBVERSE_DISK_PLATTER   what is synced is kept there; without it a sync is the real one
//   OBVERSE_DISK_LIES      kinds of files, comma-separated, and "names": their syncs do nothing
//
// Files made with fopen (RocksDB's own LOG) are never on the platter: nobody may rely on them.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/promises/crash/disk/beneath.h"
#include "tests/promises/crash/disk/platter.h"
#include "tests/promises/crash/disk/points.h"

namespace obverse::mortal {

const Beneath& beneath() {
  static const Beneath functions = [] {
    Beneath found{};
    const auto take = [](auto& function, const char* name) {
      function =
          reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(RTLD_NEXT, name));
    };
    take(found.open, "open");
    take(found.close, "close");
    take(found.write, "write");
    take(found.pwrite, "pwrite");
    take(found.ftruncate, "ftruncate");
    take(found.fallocate, "fallocate");
    take(found.posix_fallocate, "posix_fallocate");
    take(found.fsync, "fsync");
    take(found.fdatasync, "fdatasync");
    take(found.rename, "rename");
    take(found.unlink, "unlink");
    take(found.link, "link");
    take(found.mkdir, "mkdir");
    take(found.clock_gettime, "clock_gettime");
    return found;
  }();
  return functions;
}

namespace {

struct Handle {
  std::string path;  // below the data directory
  std::string_view kind;
  std::shared_ptr<Inode> inode;  // none without a platter, and for a folder
  bool is_folder = false;
};

class Live {
 public:
  Live() {
    const auto setting = [](const char* name) {
      const char* const words = std::getenv(name);
      return std::string(words == nullptr ? "" : words);
    };
    root_ = setting("OBVERSE_DISK_ROOT");
    lies_ = "," + setting("OBVERSE_DISK_LIES") + ",";
    if (const std::string at = setting("OBVERSE_DISK_PLATTER"); !at.empty())
      platter = std::make_unique<Platter>(at);
  }

  std::optional<std::string> below_root(const char* path) const {
    std::string plain;
    for (const char* c = path; *c != '\0'; ++c)
      if (*c != '/' || plain.empty() || plain.back() != '/') plain.push_back(*c);
    if (root_.empty() || !plain.starts_with(root_)) return std::nullopt;
    plain.erase(0, root_.size());
    if (!plain.empty() && plain.front() != '/') return std::nullopt;
    return plain;
  }

  void opened(int descriptor, const std::string& path, int flags, bool is_new) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return;
    auto handle = std::make_shared<Handle>(Handle{path, kind_of(path), nullptr, false});
    handle->is_folder = S_ISDIR(status.st_mode);
    if (platter && !handle->is_folder && (is_new || (flags & O_ACCMODE) != O_RDONLY)) {
      handle->inode =
          is_new ? platter->created(path, status.st_ino) : platter->opened(path, status.st_ino);
      if (!is_new && (flags & O_TRUNC) != 0) handle->inode->resized(0, false);
    }
    const std::scoped_lock lock(mutex_);
    handles_[descriptor] = std::move(handle);
  }
  std::shared_ptr<Handle> handle(int descriptor) {
    const std::scoped_lock lock(mutex_);
    const auto found = handles_.find(descriptor);
    return found == handles_.end() ? nullptr : found->second;
  }
  void closed(int descriptor) {
    const std::scoped_lock lock(mutex_);
    handles_.erase(descriptor);
  }
  bool lies_about(std::string_view kind) const {
    return !kind.empty() && lies_.find("," + std::string(kind) + ",") != std::string::npos;
  }

  std::unique_ptr<Platter> platter;
  Death death;
  std::atomic<bool> owes_answers{false};  // something was synced into the log since one left

 private:
  std::mutex mutex_;
  std::string root_, lies_;
  std::map<int, std::shared_ptr<Handle>> handles_;
};

Live& live() {
  static auto* const only = new Live;  // outlives every destructor that still writes
  return *only;
}

thread_local bool is_writer = false;  // it has written to the write-ahead log

template <class Write>
ssize_t written(int descriptor, const void* bytes, Write write) {
  const auto file = live().handle(descriptor);
  if (!file) return write().first;
  if (file->kind == "wal") is_writer = true;
  live().death.pass("before", file->kind, "write");
  const auto [count, offset] = write();
  if (count > 0 && file->inode)
    file->inode->wrote(static_cast<std::uint64_t>(offset),
                       {static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
  live().death.pass("after", file->kind, "write");
  return count;
}

int synced(int descriptor, int (*sync)(int)) {
  const auto file = live().handle(descriptor);
  if (!file) return sync(descriptor);
  live().death.pass("before", file->kind, "sync");
  if (!live().platter) {
    if (sync(descriptor) != 0) return -1;
  } else if (file->is_folder) {
    if (!live().lies_about("names")) live().platter->sync_folder(file->path);
  } else if (file->inode && !live().lies_about(file->kind)) {
    file->inode->sync();
  }
  if (file->kind == "wal" || file->kind == "tail") live().owes_answers = true;
  live().death.pass("after", file->kind, "sync");
  return 0;
}

bool is_socket(int descriptor) {
  struct stat status{};
  return ::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace
}  // namespace obverse::mortal

using obverse::mortal::beneath;
using obverse::mortal::live;

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  const auto below = live().below_root(path);
  if (!below) return beneath().open(path, flags, mode);
  const bool was_there = ::access(path, F_OK) == 0;
  const int descriptor = beneath().open(path, flags, mode);
  if (descriptor >= 0) live().opened(descriptor, *below, flags, !was_there);
  return descriptor;
}

int close(int descriptor) {
  live().closed(descriptor);
  return beneath().close(descriptor);
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  const bool answers = live().owes_answers && obverse::mortal::is_socket(descriptor) &&
                       live().owes_answers.exchange(false);
  if (answers) live().death.pass("before", "answer", "");
  const ssize_t result = obverse::mortal::written(descriptor, bytes, [&] {
    const ssize_t n = beneath().write(descriptor, bytes, count);
    const off_t end = n > 0 ? ::lseek(descriptor, 0, SEEK_CUR) : 0;
    return std::pair(n, end - n);
  });
  if (answers) live().death.pass("after", "answer", "");
  return result;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  return obverse::mortal::written(descriptor, bytes, [&] {
    return std::pair(beneath().pwrite(descriptor, bytes, count, offset), offset);
  });
}

int ftruncate(int descriptor, off_t size) noexcept {
  const auto file = live().handle(descriptor);
  const int result = beneath().ftruncate(descriptor, size);
  if (result == 0 && file && file->inode)
    file->inode->resized(static_cast<std::uint64_t>(size), false);
  return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t count) {
  const auto file = live().handle(descriptor);
  const int result = beneath().posix_fallocate(descriptor, offset, count);
  if (result == 0 && file && file->inode)
    file->inode->resized(static_cast<std::uint64_t>(offset + count), true);
  return result;
}

// Space that is reserved behind the end of a file says nothing of its bytes, and costs much in a
// file system in memory.
int fallocate(int descriptor, int mode, off_t offset, off_t count) {
  const bool only_reserves = (mode & FALLOC_FL_KEEP_SIZE) != 0 && live().handle(descriptor);
  return only_reserves ? 0 : beneath().fallocate(descriptor, mode, offset, count);
}

int fsync(int descriptor) { return obverse::mortal::synced(descriptor, beneath().fsync); }

int fdatasync(int descriptor) { return obverse::mortal::synced(descriptor, beneath().fdatasync); }

int rename(const char* from, const char* to) noexcept {
  const auto below = live().below_root(to);
  const std::string_view kind = below ? obverse::mortal::kind_of(*below) : std::string_view();
  live().death.pass("before", kind, "rename");
  const int result = beneath().rename(from, to);
  if (result == 0 && live().platter && below)
    live().platter->renamed(live().below_root(from).value_or(""), *below);
  live().death.pass("after", kind, "rename");
  return result;
}

int unlink(const char* path) noexcept {
  const auto below = live().below_root(path);
  const int result = beneath().unlink(path);
  if (result == 0 && live().platter && below) live().platter->removed(*below);
  return result;
}

int mkdir(const char* path, mode_t mode) noexcept {
  const auto below = live().below_root(path);
  const int result = beneath().mkdir(path, mode);
  if (result == 0 && live().platter && below) live().platter->folder_made(*below);
  return result;
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (obverse::mortal::is_writer && clock == CLOCK_REALTIME)
    live().death.pass("before", "apply", "");
  return beneath().clock_gettime(clock, time);
}
}
