#include "ledger/log/segment.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

namespace obverse {
namespace {

constexpr std::string_view suffix = ".tail";
constexpr std::size_t digits = 12;

bool all_zeros(std::string_view bytes) {
  if (bytes.empty()) return true;
  return bytes.front() == '\0' &&
         std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

Piece piece_at(std::string_view bytes, std::uint64_t offset) {
  Piece piece{offset, std::min<std::uint64_t>(frame_page_bytes, bytes.size() - offset),
              std::nullopt, false};
  piece.header = decode_frame_header(bytes.substr(offset));
  if (!piece.header) return piece;
  const std::uint64_t left = bytes.size() - offset;
  if (piece.header->body_bytes > left ||
      frame_bytes(piece.header->body_bytes) > left) {  // cut short
    piece.bytes = left;
    return piece;
  }
  piece.bytes = frame_bytes(piece.header->body_bytes);
  const std::uint64_t used = frame_header_bytes + piece.header->body_bytes;
  piece.good = crc32c(bytes.substr(offset + frame_header_bytes, piece.header->body_bytes)) ==
                   piece.header->body_crc &&
               all_zeros(bytes.substr(offset + used, piece.bytes - used));
  return piece;
}

}  // namespace

std::vector<Piece> scan_segment(std::string_view bytes) {
  std::vector<Piece> pieces;
  std::size_t wanted = 0;  // pieces up to and including the last that is not mere zeros
  std::uint64_t end = 0;   // of that
  for (std::uint64_t offset = 0; offset < bytes.size();) {
    const Piece piece = piece_at(bytes, offset);
    const bool joins = !piece.header && !pieces.empty() && !pieces.back().header;
    if (joins) {
      pieces.back().bytes += piece.bytes;
    } else {
      pieces.push_back(piece);
    }
    offset += piece.bytes;
    if (piece.header || !all_zeros(bytes.substr(piece.offset, piece.bytes))) {
      wanted = pieces.size();
      end = offset;
    }
  }
  pieces.resize(wanted);
  if (!pieces.empty()) pieces.back().bytes = end - pieces.back().offset;
  return pieces;
}

std::string_view body_of(const Piece& piece, std::string_view segment) {
  assert(piece.good && piece.header);
  return segment.substr(piece.offset + frame_header_bytes, piece.header->body_bytes);
}

std::string segment_name(std::uint64_t number) {
  const std::string plain = std::to_string(number);
  assert(plain.size() <= digits);
  return std::string(digits - plain.size(), '0').append(plain).append(suffix);
}

std::optional<std::uint64_t> segment_number(std::string_view file_name) {
  if (file_name.size() != digits + suffix.size() || !file_name.ends_with(suffix))
    return std::nullopt;
  const std::string_view plain = file_name.substr(0, digits);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), number);
  if (error != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
  return number;
}

std::vector<std::uint64_t> segment_numbers(const Disk& disk, const std::string& folder) {
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : disk.list(folder))
    if (const auto number = segment_number(name)) numbers.push_back(*number);
  std::ranges::sort(numbers);
  return numbers;
}

void fill_with_zeros(DiskFile& file, std::uint64_t from, std::uint64_t to) {
  const std::string zeros(std::min<std::uint64_t>(to - std::min(from, to), 1U << 20U), '\0');
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t bytes = std::min<std::uint64_t>(zeros.size(), to - at);
    file.write(at, std::string_view(zeros).substr(0, bytes));
    at += bytes;
  }
  file.sync();
}

}  // namespace obverse
