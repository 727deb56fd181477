// Speaks to the operating system below the functions that live.cc puts in its place.
#include "tests/promises/crash/disk/platter.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/promises/crash/disk/beneath.h"

namespace obverse::mortal {
namespace {

[[noreturn]] void give_up(const char* what, const std::string& path) {
  std::fprintf(stderr, "the platter cannot %s %s\n", what, path.c_str());
  std::abort();
}

bool within(const std::string& path, const std::string& folder) {
  return path.starts_with(folder + "/");
}

}  // namespace

Inode::~Inode() {
  if (descriptor_ >= 0) beneath().close(descriptor_);
}

void Inode::wrote(std::uint64_t offset, std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ < 0) return;
  const bool zeros = std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
  waiting_.push_back({zeros ? Change::Kind::zeros : Change::Kind::bytes, offset, bytes.size(),
                      zeros ? std::string() : std::string(bytes)});
}

void Inode::resized(std::uint64_t size, bool only_grows) {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ < 0) return;
  waiting_.push_back({only_grows ? Change::Kind::size_at_least : Change::Kind::size, size, 0, {}});
}

void Inode::sync() {
  const std::scoped_lock lock(mutex_);
  for (const Change& change : waiting_) put(change);
  waiting_.clear();
}

// Zeros are holes on the platter: what is prepared ahead costs nothing to copy.
void Inode::put(const Change& change) const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) give_up("look at", path_);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const auto resize = [this](std::uint64_t to) {
    if (beneath().ftruncate(descriptor_, static_cast<off_t>(to)) != 0) give_up("resize", path_);
  };
  switch (change.kind) {
    case Change::Kind::bytes: {
      std::string_view rest = change.bytes;
      auto at = static_cast<off_t>(change.offset);
      while (!rest.empty()) {
        const ssize_t n = beneath().pwrite(descriptor_, rest.data(), rest.size(), at);
        if (n <= 0) give_up("write", path_);
        rest.remove_prefix(static_cast<std::size_t>(n));
        at += n;
      }
      return;
    }
    case Change::Kind::zeros:
      if (change.offset < size &&
          beneath().fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                              static_cast<off_t>(change.offset),
                              static_cast<off_t>(change.count)) != 0)
        give_up("clear", path_);
      if (change.offset + change.count > size) resize(change.offset + change.count);
      return;
    case Change::Kind::size:
      return resize(change.offset);
    case Change::Kind::size_at_least:
      if (change.offset > size) resize(change.offset);
  }
}

Platter::Platter(std::string folder) : folder_(std::move(folder)) {
  beneath().mkdir((folder_ + "/limbo").c_str(), 0700);
  beneath().mkdir((folder_ + "/tree").c_str(), 0700);
}

std::shared_ptr<Inode> Platter::made(const std::string& at, int flags) {
  return std::make_shared<Inode>(beneath().open(at.c_str(), flags | O_RDWR | O_CLOEXEC, 0600), at);
}

std::shared_ptr<Inode> Platter::opened(const std::string& path, ino_t number) {
  const std::scoped_lock lock(mutex_);
  auto& inode = inodes_[number];
  if (!inode) inode = made(in_tree(path), 0);
  return inode;
}

std::shared_ptr<Inode> Platter::created(const std::string& path, ino_t number) {
  const std::scoped_lock lock(mutex_);
  const std::string at =
      folder_ + "/limbo/" + std::to_string(::getpid()) + "-" + std::to_string(++made_);
  auto inode = made(at, O_CREAT | O_EXCL);
  inodes_[number] = inode;
  waiting_.push_back({Change::Kind::put, path, at});
  return inode;
}

void Platter::folder_made(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({Change::Kind::folder, path, ""});
}

void Platter::renamed(const std::string& from, const std::string& to) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({Change::Kind::rename, from, to});
}

void Platter::removed(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({Change::Kind::remove, path, ""});
}

void Platter::sync_folder(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  const auto touches = [&path](const Change& change) {
    return within(change.path, path) ||
           (change.kind == Change::Kind::rename && within(change.to, path));
  };
  const auto last = std::find_if(waiting_.rbegin(), waiting_.rend(), touches).base();
  for (auto each = waiting_.begin(); each != last; ++each) apply(*each);
  waiting_.erase(waiting_.begin(), last);
}

// A name whose bytes nobody tracked (RocksDB's own log) is not there, and that is all.
void Platter::apply(const Change& change) const {
  const std::string path = in_tree(change.path);
  switch (change.kind) {
    case Change::Kind::put:
      beneath().unlink(path.c_str());
      if (beneath().link(change.to.c_str(), path.c_str()) != 0) give_up("name", path);
      return;
    case Change::Kind::folder:
      beneath().mkdir(path.c_str(), 0700);
      return;
    case Change::Kind::rename:
      beneath().rename(path.c_str(), in_tree(change.to).c_str());
      return;
    case Change::Kind::remove:
      beneath().unlink(path.c_str());
  }
}

}  // namespace obverse::mortal
