// What a write-ahead log of RocksDB says of itself: where it goes wrong (RocksDB says that it does,
// not where), and which of RocksDB's numbers it holds.
//
//   file   = block of 32 KiB, each: record* zeros           ; a record never crosses a block's end
//   record = checksum u32, bytes u16, type u8, [log u32 where type > 4], data
//   data   = all or a part of a batch: number of its first change u64, changes u32, ...
//   checksum = mask(CRC-32C of type, log and data), mask(c) = (c >> 15 | c << 17) + 0xA282EAD8
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace obverse {

// Offset of the first record whose checksum does not hold or that is cut short; nothing if there is
// none.
std::optional<std::uint64_t> first_bad_record(std::string_view wal);

// RocksDB numbers every change, and never goes back.
struct WalNumbers {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> goes_back;  // offset of the first batch that does
};
// All that one reading of a log, or of a MANIFEST, which has the same form, tells.
struct WalLook {
  std::optional<WalNumbers> numbers;  // of the records before the first bad one, if there is any
  std::uint64_t end = 0;  // behind the last good record; zeros between records end it too
  bool goes_on = false;   // behind that stands something else than zeros
};
WalLook look_at_wal(std::string_view wal);
std::optional<WalNumbers> numbers_of(std::string_view wal);

}  // namespace obverse
