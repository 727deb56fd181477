// One file of the tail as bytes: what frames are in it, and which stretches are none. It judges
// bytes only; whether a bad stretch is a torn tail or damage is for the survey to say. The grammar
// is at the top of tail.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/record.h"

namespace obverse {

struct Piece {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t bytes = 0;
  std::optional<FrameHeader> header;  // present where the header at `offset` is good
  bool good = false;  // header and body are; otherwise nobody knows what this stretch was
};

// Frames and bad stretches in the order of the file; what is all zeros up to the end is neither.
// Zeros before a later frame are a bad stretch: frames follow each other without a gap.
std::vector<Piece> scan_segment(std::string_view bytes);

// The body of a good piece.
std::string_view body_of(const Piece& piece, std::string_view segment);

std::string segment_name(std::uint64_t number);  // 12 digits and ".tail"
std::optional<std::uint64_t> segment_number(
    std::string_view file_name);  // nothing for any other name
std::vector<std::uint64_t> segment_numbers(const Disk& disk,
                                           const std::string& folder);  // ascending

// Zeros from `from` to `to`, synced: a preallocated file, whose later writes change no metadata.
void fill_with_zeros(DiskFile& file, std::uint64_t from, std::uint64_t to);

}  // namespace obverse
