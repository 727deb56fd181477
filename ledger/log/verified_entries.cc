#include "ledger/log/verified_entries.h"

#include <algorithm>
#include <cassert>

namespace obverse {
namespace {

Position first_of(const CheckedPiece* piece) {
  const std::optional<FrameHeader>& header = piece->piece.header;
  assert(header);
  return header->first;
}

}  // namespace

void VerifiedEntries::add(const std::shared_ptr<const CheckedSegment>& segment,
                          const CheckedPiece& piece) {
  assert(piece.adds_up);
  if (piece.entries.empty()) return;
  if (segments_.empty() || segments_.back() != segment) {
    if (bytes_ + segment->bytes.size() > bytes_max_) {
      bytes_ = bytes_max_;  // nothing after it either
      return;
    }
    bytes_ += segment->bytes.size();
    segments_.push_back(segment);
  }
  assert(pieces_.empty() || first_of(pieces_.back()) < first_of(&piece));
  pieces_.push_back(&piece);
}

std::vector<StoredEntry> VerifiedEntries::read(Position from, std::size_t entries_max,
                                               Position last) const {
  std::vector<StoredEntry> out;
  auto at = std::ranges::upper_bound(pieces_, from, {}, first_of);
  if (at == pieces_.begin()) return out;
  Position next = from;
  for (--at; at != pieces_.end() && out.size() < entries_max && next <= last; ++at) {
    const CheckedPiece& piece = **at;
    if (first_of(*at) > next) break;
    const std::size_t begin = next.value - first_of(*at).value;
    for (std::size_t i = begin; i < piece.entries.size(); ++i) {
      if (out.size() == entries_max || next > last) break;
      // What a piece says of the chain before it is its own word.
      out.push_back({next, Bytes(piece.entries[i].payload), piece.chains[i], i > 0});
      ++next.value;
    }
  }
  return out;
}

}  // namespace obverse
