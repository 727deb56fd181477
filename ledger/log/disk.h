// What the log asks of a file system, and no more, so that a test can put a simulated one beneath
// it that forgets un-synced bytes, tears and fails. Paths are plain; whatever goes wrong is thrown
// as a DiskFault.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace obverse {

// A fault of the machine (not damage to our bytes): the process stops, or the caller has nothing
// written yet.
struct DiskFault : std::runtime_error {
  DiskFault(const std::string& what, int code_) : std::runtime_error(what), code(code_) {}
  int code = 0;  // errno
};

class DiskFile {
 public:
  virtual ~DiskFile() = default;
  virtual void write(std::uint64_t offset, std::string_view bytes) = 0;
  virtual std::string read(std::uint64_t offset,
                           std::uint64_t bytes) const = 0;  // fewer only at the end of the file
  virtual void sync() = 0;                                  // data and size are on the medium
  virtual std::uint64_t size() const = 0;
};

// Held as long as it lives.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual std::unique_ptr<DiskFile> create(
      const std::string& path) = 0;  // empty; an old one is emptied
  virtual std::unique_ptr<DiskFile> open(const std::string& path) = 0;  // must exist
  virtual std::unique_ptr<const DiskFile> open_to_read(const std::string& path) const = 0;
  virtual bool exists(const std::string& path) const = 0;
  virtual std::vector<std::string> list(
      const std::string& folder) const = 0;  // names, sorted; none if no such folder
  virtual void make_folders(const std::string& path) = 0;
  virtual void rename(const std::string& from,
                      const std::string& to) = 0;  // a file or a folder; `to` is replaced
  virtual void remove(const std::string& path) = 0;
  virtual void sync_folder(const std::string& path) = 0;
  virtual void reserve(const std::string& path,
                       std::uint64_t bytes) = 0;  // a file that occupies so much
  virtual std::uint64_t free_bytes(const std::string& path) const = 0;
  virtual std::unique_ptr<DiskLock> lock(
      const std::string& path) = 0;  // nothing if another process holds it
};

// The operating system's. One for the whole program: it has no state.
Disk& real_disk();

// Helpers over any disk.
std::string read_whole(const Disk& disk, const std::string& path);
void write_whole(Disk& disk, const std::string& path,
                 std::string_view bytes);  // a synced new file beside, then renamed

}  // namespace obverse
