#include "ledger/log/tail_reader.h"

#include <utility>

#include "ledger/log/record.h"

namespace obverse {

TailReader::TailReader(const Disk& disk, std::string folder)
    : disk_(disk), folder_(std::move(folder)) {
  for (const std::uint64_t number : segment_numbers(disk_, folder_)) {
    const auto file = disk_.open_to_read(folder_ + "/" + segment_name(number));
    const auto header = decode_frame_header(file->read(0, frame_header_bytes));
    if (header)
      segments_[header->first.value] =
          number;  // a later one with the same first has entries, if any has
  }
}

void TailReader::load(std::uint64_t number) const {
  if (loaded_.number == number) return;
  loaded_.bytes = read_whole(disk_, folder_ + "/" + segment_name(number));
  loaded_.pieces = scan_segment(loaded_.bytes);
  loaded_.number = number;
}

std::vector<KeptEntry> TailReader::read(Position from, std::size_t entries_max) const {
  const Lock lock(mutex_);
  std::vector<KeptEntry> out;
  auto segment = segments_.upper_bound(from.value);
  if (segment != segments_.begin()) --segment;
  for (; segment != segments_.end() && out.size() < entries_max; ++segment) {
    load(segment->second);
    for (const Piece& piece : loaded_.pieces) {
      if (!piece.header || piece.header->first.value + piece.header->count <= from.value) continue;
      if (out.size() == entries_max) break;
      const std::string file = folder_ + "/" + segment_name(segment->second);
      if (!piece.good)
        throw LogDamage(file, piece.offset, piece.header->first, file + ": a frame is damaged");
      const auto framed = decode_frame_body(*piece.header, body_of(piece, loaded_.bytes));
      if (!framed)
        throw LogDamage(file, piece.offset, piece.header->first, file + ": a frame is damaged");
      Digest chain = piece.header->before;
      Position position = piece.header->first;
      for (const FramedEntry& entry : *framed) {
        chain = chain_after(chain, position, entry.payload);
        if (position >= from && out.size() < entries_max)
          out.push_back({position, entry.key, chain, Bytes(entry.payload)});
        ++position.value;
      }
    }
  }
  return out;
}

}  // namespace obverse
