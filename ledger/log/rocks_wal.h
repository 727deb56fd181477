// Where a write-ahead log of RocksDB goes wrong: RocksDB says that it does, not where. Only for the
// words of a report.
//
//   file   = block of 32 KiB, each: record* zeros           ; a record never crosses a block's end
//   record = checksum u32, bytes u16, type u8, [log u32 where type > 4], data
//   checksum = mask(CRC-32C of type, log and data), mask(c) = (c >> 15 | c << 17) + 0xA282EAD8
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace obverse {

// Offset of the first record whose checksum does not hold or that is cut short; nothing if there is
// none.
std::optional<std::uint64_t> first_bad_record(std::string_view wal);

}  // namespace obverse
