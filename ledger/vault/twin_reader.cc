#include "ledger/vault/twin_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "ledger/vault/fault.h"

namespace obverse {
namespace {

constexpr int looks_max = 200;
constexpr std::chrono::milliseconds between_looks(5);

// Zeros where the file ends. Nothing where the disk cannot read it.
std::optional<std::vector<std::byte>> read_at(int descriptor, std::uint64_t offset,
                                              std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t have = 0; have < size;) {
    const ssize_t n =
        ::pread(descriptor, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace

TwinReader::TwinReader(std::filesystem::path first, const std::filesystem::path& second)
    : first_(std::move(first)) {
  int* descriptor = descriptors_;
  for (const auto& path : {first_, second}) {
    *descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*descriptor++ >= 0) continue;
    const std::string why = reason("cannot be read");
    for (const int open : descriptors_)
      if (open >= 0) ::close(open);
    throw VaultFault(path, why, "run this as the server's user, with the server's data directory");
  }
}

TwinReader::~TwinReader() {
  for (const int descriptor : descriptors_) ::close(descriptor);
}

std::uint64_t TwinReader::size() const {
  std::uint64_t longest = 0;
  for (const int descriptor : descriptors_) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0)
      throw VaultFault(first_, "cannot be measured", "check the disk");
    longest = std::max(longest, static_cast<std::uint64_t>(status.st_size));
  }
  return longest;
}

std::vector<std::byte> TwinReader::piece(std::uint64_t offset, std::size_t size,
                                         const TwinFile::Judge& judge) const {
  for (int look = 0; look < looks_max; ++look) {
    std::optional<std::vector<std::byte>> best;
    std::uint64_t generation = 0;
    for (const int descriptor : descriptors_) {
      auto bytes = read_at(descriptor, offset, size);
      if (!bytes) continue;
      const auto found = all_zero(*bytes) ? std::optional<std::uint64_t>(0) : judge(*bytes);
      if (!found || (best && *found <= generation)) continue;
      generation = *found;
      best = std::move(bytes);
    }
    if (best) return *std::move(best);
    std::this_thread::sleep_for(between_looks);
  }
  throw VaultFault(first_, offset, "damaged, and so is its twin",
                   "start the server: it mends what one copy can mend, and says what it cannot");
}

}  // namespace obverse
