// Segments of the tail as a start reads them: checked by another thread, ahead of whoever takes
// them, and given as entries. What is written here is honest, or lies under sound checksums, or has
// a bit changed, as an input says.
#include <filesystem>
#include <map>

#include "ledger/log/segments_ahead.h"
#include "ledger/log/verified_entries.h"
#include "tests/fuzz/target.h"

namespace obverse::fuzz {
namespace {

// What was written where.
struct Written {
  std::map<std::uint64_t, Position> firsts;                        // of each segment, by number
  std::map<std::pair<std::uint64_t, std::uint64_t>, bool> honest;  // frames, by segment and offset
  std::map<Position, StoredEntry> entries;
};

class Writer {
 public:
  Writer(Tap& tap, std::string folder) : tap_(tap), folder_(std::move(folder)) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    next_.first = {1 + tap_.pick(1)};
  }

  Written write() {
    const std::uint64_t segments = 1 + tap_.pick(2);
    for (std::uint64_t number = 1; number <= segments; ++number) write_segment(2 * number);
    return std::move(written_);
  }

 private:
  void write_segment(std::uint64_t number) {
    std::string bytes, frame;
    FrameHeader opening = segment_header(next_);
    encode_frame(opening, {}, bytes);
    written_.firsts[number] = next_.first;
    for (std::uint64_t frames = tap_.pick(4); frames > 0; --frames) {
      const std::uint64_t what = tap_.pick(7);
      std::vector<NewEntry> batch(tap_.pick(4));
      for (NewEntry& entry : batch) entry.payload = tap_.bytes(tap_.pick(80));
      FrameHeader header = next_;
      header.before = next_.after;
      Digest chain = header.before;
      const bool changed = what == 1;
      for (const NewEntry& entry : batch) {
        chain = chain_after(chain, next_.first, entry.payload);
        if (!changed && what != 0)
          written_.entries[next_.first] = {next_.first, Bytes(entry.payload), chain};
        ++next_.first.value;
      }
      next_.after = header.after = chain;
      if (what == 0) header.after.bytes[tap_.pick(31)] ^= 1;  // and its checksum is sound
      encode_frame(header, batch, frame);
      if (changed) {
        const std::size_t bit = tap_.pick(8 * (frame_header_bytes + header.body_bytes) - 1);
        frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ (1 << (bit % 8)));
      } else {
        written_.honest[{number, bytes.size()}] = what != 0;
      }
      bytes += frame;
    }
    write_whole(real_disk(), folder_ + "/" + segment_name(number), bytes);
  }

  Tap& tap_;
  const std::string folder_;
  FrameHeader next_;
  Written written_;
};

// Every piece adds up that is honest, and no other that was written whole; those are taken over.
void judge(const Written& written, std::uint64_t number,
           const std::shared_ptr<const CheckedSegment>& segment, VerifiedEntries& verified) {
  for (const CheckedPiece& piece : segment->pieces) {
    const bool adds_up = is_broken_as("ahead-believes") ? piece.piece.good : piece.adds_up;
    hold(!adds_up || piece.piece.good, "what is damaged does not add up");
    const auto known = written.honest.find({number, piece.piece.offset});
    if (known == written.honest.end()) continue;
    hold(piece.piece.good, "what was written whole is found");
    hold(adds_up == known->second, "a piece adds up if its header says what its entries come to");
    hold(piece.chains.size() == piece.entries.size(), "with a chain after each entry");
    if (piece.adds_up) verified.add(segment, piece);
  }
}

// Entries as they were written, without a gap, and as many as there are.
void hold_entries(const Written& written, const VerifiedEntries& verified, Position from,
                  std::size_t entries_max, Position last) {
  auto next = written.entries.find(from);
  std::size_t expected = 0;
  auto read = verified.read(from, entries_max, last);
  if (is_broken_as("ahead-next-entry") && !read.empty()) read.erase(read.begin());
  for (Position at = from; next != written.entries.end() && expected < entries_max; ++at.value) {
    if (next->first != at || last < at) break;
    hold(expected < read.size(), "every entry is given");
    hold(read[expected++] == next->second, "an entry is given as it was written");
    ++next;
  }
  hold(read.size() == expected, "and nothing more");
}

void tail_ahead(Input input) {
  Tap tap(input);
  const std::string folder = (scratch() / "ahead").string();
  const Position from{tap.pick(12)}, last{tap.pick(20)};
  const std::size_t entries_max = tap.pick(12);
  const std::uint64_t skipped = tap.pick(7);
  const Written written = Writer(tap, folder).write();
  const auto numbers = segment_numbers(real_disk(), folder);
  hold(numbers.size() == written.firsts.size(), "every segment is found");
  std::size_t begin = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (written.firsts.at(numbers[i]) <= from) begin = i;
  hold(segment_with(real_disk(), folder, numbers, from) == begin, "and where a reader begins");
  SegmentsAhead ahead(real_disk(), folder, from);
  VerifiedEntries verified;
  bool whole = true;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if ((skipped >> i & 1U) != 0) {
      whole = false;
      continue;
    }
    const auto segment = ahead.take(numbers[i]);
    hold(segment->bytes == read_whole(real_disk(), folder + "/" + segment_name(numbers[i])),
         "a segment is the bytes of its file");
    judge(written, numbers[i], segment, verified);
  }
  if (whole) hold_entries(written, verified, from, entries_max, last);
}

std::vector<std::string> tail_ahead_seeds() {
  std::vector<std::string> out;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const std::string head{'\1', static_cast<char>(9 + seed), '\x0b', '\0'};
    out.push_back(head + noise(seed + 600, 20 + 60 * seed));
  }
  return out;
}

}  // namespace

std::vector<Target> tail_targets() {
  return {{"tail_ahead",
           "entries are given as they were written, and only what adds up",
           2'048,
           tail_ahead,
           tail_ahead_seeds,
           {"ahead-believes", "ahead-next-entry"},
           150}};
}

}  // namespace obverse::fuzz
