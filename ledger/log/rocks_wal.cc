#include "ledger/log/rocks_wal.h"

#include <algorithm>

#include "ledger/log/record.h"

namespace obverse {
namespace {

constexpr std::size_t block_bytes = 32U << 10U;
constexpr std::size_t header_bytes = 7;

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15U | crc << 17U) + 0xA282EAD8U; }

}  // namespace

std::optional<std::uint64_t> first_bad_record(std::string_view wal) {
  for (std::size_t at = 0; at < wal.size();) {
    const std::size_t left = std::min(block_bytes - at % block_bytes, wal.size() - at);
    std::string_view record = wal.substr(at, left);
    const bool zeros =
        std::ranges::all_of(record.substr(0, header_bytes), [](char byte) { return byte == '\0'; });
    if (zeros) {  // the rest of the block, or space that was reserved
      at += left;
      continue;
    }
    if (left < header_bytes) return at;
    const std::uint32_t checksum = take_u32(record);
    const std::size_t bytes =
        static_cast<unsigned char>(record[0]) + 256U * static_cast<unsigned char>(record[1]);
    const std::size_t log_bytes = record[2] > 4 ? 4 : 0;
    record.remove_prefix(2);
    if (record.size() < 1 + log_bytes + bytes) return at;
    if (masked(crc32c(record.substr(0, 1 + log_bytes + bytes))) != checksum) return at;
    at += header_bytes + log_bytes + bytes;
  }
  return std::nullopt;
}

}  // namespace obverse
