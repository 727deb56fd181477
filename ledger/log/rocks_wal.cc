#include "ledger/log/rocks_wal.h"

#include <algorithm>

#include "ledger/log/record.h"

namespace obverse {
namespace {

constexpr std::size_t block_bytes = 32U << 10U;
constexpr std::size_t header_bytes = 7;
constexpr std::size_t batch_header_bytes = 12;

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15U | crc << 17U) + 0xA282EAD8U; }

enum class Part : std::uint8_t { whole = 1, first = 2, middle = 3, last = 4 };  // + 4: with a log

struct Found {
  std::size_t at = 0;  // of the record, or of what is none
  bool good = false;
  Part part = Part::whole;
  std::string_view data;
};

// The records of a log, up to the first bad one.
class Records {
 public:
  explicit Records(std::string_view wal) : wal_(wal) {}

  std::optional<Found> next() {
    for (;;) {
      const std::size_t left = std::min(block_bytes - at_ % block_bytes, wal_.size() - at_);
      if (left == 0) return std::nullopt;
      const std::string_view record = wal_.substr(at_, left);
      const bool zeros = std::ranges::all_of(record.substr(0, header_bytes),
                                             [](char byte) { return byte == '\0'; });
      if (!zeros) return one(record);
      at_ += left;  // the rest of the block, or space that was reserved
    }
  }

 private:
  Found one(std::string_view record) {
    Found found{at_, false, Part::whole, {}};
    if (record.size() < header_bytes) return found;
    const std::uint32_t checksum = take_u32(record);
    const std::size_t bytes =
        static_cast<unsigned char>(record[0]) + 256U * static_cast<unsigned char>(record[1]);
    const std::size_t log_bytes = record[2] > 4 ? 4 : 0;
    record.remove_prefix(2);
    if (record.size() < 1 + log_bytes + bytes) return found;
    if (masked(crc32c(record.substr(0, 1 + log_bytes + bytes))) != checksum) return found;
    found.good = true;
    found.part = static_cast<Part>(record[0] - (log_bytes != 0 ? 4 : 0));
    found.data = record.substr(1 + log_bytes, bytes);
    at_ += header_bytes + log_bytes + bytes;
    return found;
  }

  std::string_view wal_;
  std::size_t at_ = 0;
};

// The changes of the batch that begins in this record, if one does.
void count(const Found& found, std::optional<WalNumbers>& numbers) {
  const bool begins = found.part == Part::whole || found.part == Part::first;
  if (!begins || found.data.size() < batch_header_bytes) return;
  std::string_view batch = found.data;
  const std::uint64_t first = take_u64(batch);
  const std::uint64_t changes = take_u32(batch);
  if (changes == 0) return;
  if (!numbers) numbers = WalNumbers{first, 0, std::nullopt};
  if (first <= numbers->last && !numbers->goes_back) numbers->goes_back = found.at;
  numbers->last = std::max(numbers->last, first + changes - 1);
}

}  // namespace

std::optional<std::uint64_t> first_bad_record(std::string_view wal) {
  Records records(wal);
  while (const auto found = records.next())
    if (!found->good) return found->at;
  return std::nullopt;
}

WalLook look_at_wal(std::string_view wal) {
  WalLook look;
  Records records(wal);
  while (const auto found = records.next()) {
    if (!look.goes_on) {
      const bool is_gap = found->at - look.end >= header_bytes;  // no block's end: nobody reserves
      look.goes_on = is_gap || !found->good;
      if (!found->good && !is_gap) look.end = found->at;
      if (!look.goes_on)
        look.end = static_cast<std::uint64_t>(found->data.data() - wal.data()) + found->data.size();
    }
    if (!found->good) break;
    count(*found, look.numbers);
  }
  return look;
}

std::optional<WalNumbers> numbers_of(std::string_view wal) { return look_at_wal(wal).numbers; }

}  // namespace obverse
