#include "tests/promises/crash/shared/power.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace obverse::mortal {
namespace {

namespace files = std::filesystem;
constexpr std::size_t sector = 512;
constexpr std::size_t block = std::size_t{1} << 16U;

class File {
 public:
  File(const files::path& path, int flags) : descriptor_(::open(path.c_str(), flags, 0600)) {
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + path.string());
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  off_t size() const { return ::lseek(descriptor_, 0, SEEK_END); }
  off_t next(off_t from, int what) const { return ::lseek(descriptor_, from, what); }
  std::vector<char> read(off_t at, std::size_t bytes) const {
    std::vector<char> out(bytes);
    const ssize_t n = ::pread(descriptor_, out.data(), bytes, at);
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
  }
  void write(off_t at, const std::vector<char>& bytes) const {
    if (::pwrite(descriptor_, bytes.data(), bytes.size(), at) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("cannot write");
  }
  void resize(off_t size) const {
    if (::ftruncate(descriptor_, size) != 0) throw std::runtime_error("cannot resize");
  }

 private:
  int descriptor_;
};

// Holes stay holes.
void copy_with_holes(const files::path& from, const files::path& to) {
  const File source(from, O_RDONLY);
  const File target(to, O_RDWR | O_CREAT | O_TRUNC);
  const off_t size = source.size();
  target.resize(size);
  for (off_t at = 0; at < size;) {
    const off_t begin = source.next(at, SEEK_DATA);
    if (begin < 0) return;
    const off_t end = source.next(begin, SEEK_HOLE);
    for (off_t here = begin; here < end;) {
      const auto bytes = source.read(here, std::min(block, static_cast<std::size_t>(end - here)));
      if (bytes.empty()) throw std::runtime_error("cannot read " + from.string());
      target.write(here, bytes);
      here += static_cast<off_t>(bytes.size());
    }
    at = end;
  }
}

// What is written in place or at the end, and never replaced under its name.
bool can_tear(const files::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".log") || name.ends_with(".tail") || name.starts_with("MANIFEST-") ||
         name.starts_with("keys.") || name.starts_with("records.");
}

void tear(const files::path& kept, const files::path& written, std::mt19937_64& random) {
  const File platter(kept, O_RDWR);
  const File live(written, O_RDONLY);
  const off_t kept_size = platter.size();
  const off_t end = live.size();
  off_t size = kept_size;
  if (end > size) size += static_cast<off_t>(random() % static_cast<std::uint64_t>(end - size + 1));
  if (size > kept_size) platter.resize(size);
  for (off_t at = 0; at < size; at += static_cast<off_t>(block)) {
    const off_t data = live.next(at, SEEK_DATA);
    if (data < 0) return;
    if (data >= at + static_cast<off_t>(block)) continue;
    const auto bytes = std::min(block, static_cast<std::size_t>(size - at));
    auto was = platter.read(at, bytes);
    auto is = live.read(at, bytes);
    is.resize(was.size());
    if (was == is) continue;
    for (std::size_t from = 0; from < was.size(); from += sector) {
      const auto to = std::min(from + sector, was.size());
      const auto begin = is.begin() + static_cast<std::ptrdiff_t>(from);
      const auto stop = is.begin() + static_cast<std::ptrdiff_t>(to);
      const auto old = was.begin() + static_cast<std::ptrdiff_t>(from);
      if (std::equal(begin, stop, old)) continue;
      const std::uint64_t fate = random() % 16;
      if (fate == 0) std::generate(begin, stop, [&] { return static_cast<char>(random()); });
      if (fate == 0 || fate >= 8) std::copy(begin, stop, old);
    }
    platter.write(at, was);
  }
}

}  // namespace

void power_returns(const files::path& live, const files::path& platter, bool tears,
                   std::mt19937_64& random) {
  const files::path tree = platter / "tree";
  if (tears && files::exists(tree)) {
    for (const auto& each : files::recursive_directory_iterator(tree)) {
      if (!each.is_regular_file() || !can_tear(each.path())) continue;
      const files::path written = live / files::relative(each.path(), tree);
      if (files::exists(written)) tear(each.path(), written, random);
    }
  }
  files::remove_all(live);
  files::create_directories(live);
  files::remove_all(platter / "limbo");
  if (files::exists(tree)) copy_folder(tree, live);
}

void copy_folder(const files::path& from, const files::path& to) {
  files::create_directories(to);
  for (const auto& each : files::recursive_directory_iterator(from)) {
    const files::path there = to / files::relative(each.path(), from);
    if (each.is_directory()) {
      files::create_directories(there);
    } else {
      copy_with_holes(each.path(), there);
    }
  }
}

}  // namespace obverse::mortal
