// In place means in place only where the file system and the disk keep it so: a copy-on-write file
// system or a worn flash block may hold old bytes for a while. What they hold is wrapped by an
// epoch key, and epochs are rolled.
#include "ledger/vault/twin_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "ledger/vault/fault.h"
#include "ledger/vault/secret_bytes.h"

namespace obverse {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20U;

bool read_all(int descriptor, std::uint64_t offset, std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool write_all(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// A new name is on disk only when its directory is.
void sync_directory(const std::filesystem::path& file) {
  const auto directory = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const std::string why = reason("cannot be synced");
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw VaultFault(directory, why, "check the disk");
}

}  // namespace

bool all_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

TwinFile::File TwinFile::open_file(std::filesystem::path path) {
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    throw VaultFault(path, reason("cannot be opened"), "check its owner and the disk");
  }
  return {std::move(path), descriptor};
}

TwinFile::TwinFile(std::filesystem::path first, std::filesystem::path second)
    : first_(open_file(std::move(first))) {
  try {
    second_ = open_file(std::move(second));
    struct stat one{};
    struct stat two{};
    if (::fstat(first_.descriptor, &one) != 0 || ::fstat(second_.descriptor, &two) != 0) {
      throw VaultFault(first_.path, reason("cannot be measured"), "check the disk");
    }
    sync_directory(first_.path);
    if (one.st_size != two.st_size)
      reserve(static_cast<std::uint64_t>(std::max(one.st_size, two.st_size)));
    size_ = static_cast<std::uint64_t>(std::max(one.st_size, two.st_size));
  } catch (...) {
    ::close(first_.descriptor);
    if (second_.descriptor >= 0) ::close(second_.descriptor);
    throw;
  }
}

TwinFile::~TwinFile() {
  ::close(first_.descriptor);
  ::close(second_.descriptor);
}

void TwinFile::reserve(std::uint64_t size) {
  if (size <= size_) return;
  for (const File* file : {&first_, &second_}) {
    const int error = ::posix_fallocate(file->descriptor, 0, static_cast<off_t>(size));
    if (error != 0) {
      errno = error;
      throw VaultFault(file->path, reason("cannot grow"),
                       "make room on the disk; nothing was lost");
    }
    if (::fsync(file->descriptor) != 0) {
      broken_ = true;
      throw VaultFault(file->path, reason("cannot be synced"), "stop, check the disk, start again");
    }
  }
  size_ = size;
}

void TwinFile::write_one(const File& file, std::span<const Patch> patches) {
  bool written = true;
  for (const Patch& patch : patches) {
    assert(patch.offset + patch.bytes.size() <= size_);
    written = written && write_all(file.descriptor, patch.offset, patch.bytes);
  }
  // A failed sync is never tried again: the kernel may have dropped the pages and would then say
  // yes.
  if (!written || ::fdatasync(file.descriptor) != 0) {
    broken_ = true;
    throw VaultFault(file.path, reason("cannot be written"), "stop, check the disk, start again");
  }
}

void TwinFile::write(std::span<const Patch> patches) {
  if (patches.empty()) return;
  if (broken_) throw VaultFault(first_.path, "an earlier write failed", "start again");
  write_one(first_, patches);
  write_one(second_, patches);
}

bool TwinFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  return read_all(first_.descriptor, offset, bytes);
}

bool TwinFile::read_second(std::uint64_t offset, std::span<std::byte> bytes) const {
  return read_all(second_.descriptor, offset, bytes);
}

void TwinFile::mend(const File& file, std::uint64_t offset, std::span<const std::byte> bytes,
                    const std::string& why) {
  findings_.push_back(file.path.string() + ": at byte " + std::to_string(offset) + ": " + why);
  const Patch patch{offset, {bytes.begin(), bytes.end()}};
  write_one(file, {&patch, 1});
}

std::vector<std::byte> TwinFile::settle(std::uint64_t offset, std::size_t size,
                                        const Judge& judge) {
  std::vector<std::byte> one(size);
  std::vector<std::byte> two(size);
  const auto generation = [&judge](bool readable, std::span<const std::byte> bytes) {
    if (!readable) return std::optional<std::uint64_t>();
    return all_zero(bytes) ? std::optional<std::uint64_t>(0) : judge(bytes);
  };
  const auto in_first = generation(read(offset, one), one);
  const auto in_second = generation(read_second(offset, two), two);
  if ((!in_first && !in_second) || (in_first == in_second && one != two)) {
    throw VaultFault(first_.path, offset, "damaged, and so is " + second_.path.string(),
                     "restore one of the two from a backup");
  }
  if (one == two) return one;
  const bool keep_first = in_first && (!in_second || *in_first > *in_second);
  const std::string other = (keep_first ? first_ : second_).path.filename().string();
  // Only the first copy can be ahead by a power cut; whatever else differs was damaged.
  const std::string why = keep_first && in_second ? "an interrupted write was completed from "
                                                  : "damage or a torn write was mended from ";
  mend(keep_first ? second_ : first_, offset, keep_first ? one : two, why + other);
  return keep_first ? one : two;
}

TwinScan::~TwinScan() {
  wipe(first_);
  wipe(second_);
}

void TwinScan::load(std::uint64_t offset, std::size_t size) {
  const std::uint64_t left = file_.size() - offset;
  loaded_ = static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size, block_bytes), left));
  begin_ = offset;
  first_.resize(loaded_);
  second_.resize(loaded_);
  if (!file_.read(begin_, first_) || !file_.read_second(begin_, second_)) loaded_ = 0;
}

bool TwinScan::same(std::uint64_t offset, std::size_t size) {
  assert(offset + size <= file_.size());
  if (offset < begin_ || offset + size > begin_ + loaded_) load(offset, size);
  if (loaded_ < size) return false;
  const auto at = static_cast<std::ptrdiff_t>(offset - begin_);
  const auto to = at + static_cast<std::ptrdiff_t>(size);
  return std::equal(first_.begin() + at, first_.begin() + to, second_.begin() + at);
}

std::span<const std::byte> TwinScan::bytes(std::uint64_t offset, std::size_t size) const {
  assert(offset >= begin_ && offset + size <= begin_ + loaded_);
  return std::span(first_).subspan(static_cast<std::size_t>(offset - begin_), size);
}

}  // namespace obverse
