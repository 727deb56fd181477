// Two files of the same bytes, written in place one after the other, each synced: a power cut can
// tear one of them, never both. Knows no format: whoever owns the bytes judges which copy of a
// piece is good. Not for several threads at once, except that many may read while none writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace obverse {

class TwinFile {
 public:
  struct Patch {
    std::uint64_t offset;
    std::vector<std::byte> bytes;
  };
  // The piece's generation if it is whole: a later writing of it has a higher one. Nothing if it is
  // damaged. Zeros were never written: generation 0, without asking.
  using Judge = std::function<std::optional<std::uint64_t>(std::span<const std::byte>)>;

  // Opens both, or makes what is missing (mode 0600). A shorter copy is filled up with zeros.
  // Throws VaultFault.
  TwinFile(std::filesystem::path first, std::filesystem::path second);
  TwinFile(TwinFile&&) = delete;
  ~TwinFile();

  std::uint64_t size() const { return size_; }
  void reserve(
      std::uint64_t size);  // bytes on disk, zeros; never shrinks; throws where the disk is full

  // All patches to the first file, sync; then to the second, sync. Throws VaultFault when a write
  // or a sync fails; then what the files hold is known only after opening them anew, and nothing
  // more can be written here.
  void write(std::span<const Patch> patches);

  // Of the first copy, or the second; false where the disk cannot read them.
  [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> bytes) const;
  [[nodiscard]] bool read_second(std::uint64_t offset, std::span<std::byte> bytes) const;

  // Makes both copies of a piece the better one, and gives it. Throws VaultFault, naming both, if
  // neither is whole.
  std::vector<std::byte> settle(std::uint64_t offset, std::size_t size, const Judge& judge);

  const std::filesystem::path& first() const { return first_.path; }
  const std::vector<std::string>& findings() const {
    return findings_;
  }  // what was mended, file and offset

 private:
  struct File {
    std::filesystem::path path;
    int descriptor = -1;
  };
  static File open_file(std::filesystem::path path);
  void write_one(const File& file, std::span<const Patch> patches);
  void mend(const File& file, std::uint64_t offset, std::span<const std::byte> bytes,
            const std::string& why);

  File first_;
  File second_;
  std::uint64_t size_ = 0;
  bool broken_ = false;
  std::vector<std::string> findings_;
};

bool all_zero(std::span<const std::byte> bytes);

// Reads both copies front to back in large blocks, comparing.
class TwinScan {
 public:
  explicit TwinScan(const TwinFile& file) : file_(file) {}
  TwinScan(const TwinScan&) = delete;
  TwinScan& operator=(const TwinScan&) = delete;
  ~TwinScan();  // wipes what it read: keys are among it

  // Whether both copies could be read and hold the same there. Offsets should rise.
  bool same(std::uint64_t offset, std::size_t size);
  // The first copy's bytes, after same() said yes to them; good until the next call.
  std::span<const std::byte> bytes(std::uint64_t offset, std::size_t size) const;
  void forget() { loaded_ = 0; }  // the files were written since

 private:
  void load(std::uint64_t offset, std::size_t size);
  const TwinFile& file_;
  std::vector<std::byte> first_;
  std::vector<std::byte> second_;
  std::uint64_t begin_ = 0;
  std::size_t loaded_ = 0;
};

}  // namespace obverse
