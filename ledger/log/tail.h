// The second copy of every entry: each committed batch as one checksummed frame, synced, in a row
// of preallocated segments. The writer only; reading back is segment.h and survey.h. All segments
// are kept: no archive exists yet.
//
//   segment = frame(kind segment) frame* zeros          ; file NNNNNNNNNNNN.tail, numbered from 1,
//   zero-filled ahead frame   = header body padding                       ; begins at a multiple of
//   4096, padded with zeros to one, so that
//                                                       ; a torn write never touches a frame
//                                                       acknowledged before
//   header  = "obvframe"        8 bytes
//             header-checksum   u32   CRC-32C of the 108 bytes after it
//             kind              u32   1 entries, 2 epoch, 3 closed, 4 segment; only 1 has entries
//             epoch             u64
//             first             u64   position of the first entry; of the next to come where count
//             is 0 count             u32 body-checksum     u32   CRC-32C of the body body-bytes u64
//             keys-before       u64   how many entries before this frame have a key: so many must
//             RocksDB know chain-before      32 bytes, of entry first - 1 chain-after       32
//             bytes, of entry first + count - 1
//   body    = entry{count}
//   entry   = payload-bytes u32, has-key u8 (0 or 1), [key 32 bytes], payload
//   All numbers are little-endian. A frame acknowledges those before it: one is written only when
//   the one before it has been synced in both copies.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <string>

#include "ledger/log/disk.h"
#include "ledger/log/record.h"

namespace obverse {

class Tail {
 public:
  struct Options {
    std::uint64_t segment_bytes = 32U << 20U;
    bool prepare_ahead =
        true;  // fill the next segment with zeros on another thread while this one is in use
  };

  // Goes on at `offset` of segment `number`; a segment that does not exist yet is made (offset 0).
  Tail(Disk& disk, std::string folder, Options options, std::uint64_t number, std::uint64_t offset);
  ~Tail();

  // Before anything of a batch is written: false if the disk has no space for a frame with so long
  // a body, or if the segments would have to grow by more than `spare` bytes for it.
  bool make_room(std::uint64_t body_bytes, std::uint64_t spare);

  // Writes and syncs one frame; there is room. Throws DiskFault: what is on disk is then unknown.
  void write(FrameHeader& header, std::span<const NewEntry> batch);

 private:
  void open_segment(std::uint64_t number, std::uint64_t bytes_min);
  void prepare_next();

  Disk& disk_;
  std::string folder_;
  Options options_;
  std::uint64_t number_;
  std::uint64_t offset_;
  std::uint64_t size_ = 0;
  std::unique_ptr<DiskFile> file_;
  std::future<void> next_;
  std::string buffer_;
};

}  // namespace obverse
