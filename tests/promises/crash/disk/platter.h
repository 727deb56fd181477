// The medium below a disk whose power can be cut: what was synced, and nothing else. Written bytes
// and changed names wait in the memory of the process until their file or folder is synced; with
// the process they are gone.
//
//   PLATTER/tree/    what is there after a power cut          PLATTER/limbo/   synced bytes whose
//                                                             name is not
//
// Names are kept as a journalling file system keeps them: syncing a folder keeps every change up to
// the last one of that folder.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace obverse::mortal {

class Inode {
 public:
  Inode(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~Inode();
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;

  void wrote(std::uint64_t offset, std::string_view bytes);
  void resized(std::uint64_t size, bool only_grows);
  void sync();  // what waits is on the platter when it returns
  const std::string& path() const { return path_; }

 private:
  struct Change {
    enum class Kind : std::uint8_t { bytes, zeros, size, size_at_least } kind;
    std::uint64_t offset = 0;  // or the size
    std::uint64_t count = 0;
    std::string bytes;
  };
  void put(const Change& change) const;

  std::mutex mutex_;
  std::vector<Change> waiting_;
  int descriptor_;    // on the platter; -1: a file that nobody keeps
  std::string path_;  // on the platter, where it was made
};

class Platter {
 public:
  explicit Platter(std::string folder);

  // `path` is below the data directory and begins with '/'; `number` is the live file's inode.
  std::shared_ptr<Inode> opened(const std::string& path, ino_t number);
  std::shared_ptr<Inode> created(const std::string& path, ino_t number);
  void folder_made(const std::string& path);
  void renamed(const std::string& from, const std::string& to);
  void removed(const std::string& path);
  void sync_folder(const std::string& path);

 private:
  struct Change {
    enum class Kind : std::uint8_t { put, folder, rename, remove } kind;
    std::string path, to;  // of put: `to` is where the bytes are
  };
  void apply(const Change& change) const;
  std::shared_ptr<Inode> made(const std::string& at, int flags);
  std::string in_tree(const std::string& path) const { return folder_ + "/tree" + path; }

  std::mutex mutex_;
  std::string folder_;
  std::map<ino_t, std::shared_ptr<Inode>> inodes_;
  std::vector<Change> waiting_;
  std::uint64_t made_ = 0;
};

}  // namespace obverse::mortal
