// A twin file (twin_file.h) that another process is writing, read piece by piece without a lock:
// the writer does one copy after the other, so at every moment one of them holds a whole piece.
// Changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "ledger/vault/twin_file.h"

namespace obverse {

class TwinReader {
 public:
  // Throws VaultFault where one of them cannot be read.
  TwinReader(std::filesystem::path first, const std::filesystem::path& second);
  TwinReader(const TwinReader&) = delete;
  TwinReader& operator=(const TwinReader&) = delete;
  ~TwinReader();

  std::uint64_t size() const;  // of the longer copy; it may grow

  // The newer of the two copies of a piece that is whole. Beyond the end a copy is zeros. Looks
  // again for a while where neither is whole; then throws VaultFault.
  std::vector<std::byte> piece(std::uint64_t offset, std::size_t size,
                               const TwinFile::Judge& judge) const;

  const std::filesystem::path& first() const { return first_; }

 private:
  std::filesystem::path first_;
  int descriptors_[2] = {-1, -1};
};

// Takes the bytes of a copy in order.
using ByteSink = std::function<void(std::span<const std::byte>)>;

}  // namespace obverse
