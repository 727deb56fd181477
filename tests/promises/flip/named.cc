#include "tests/promises/flip/named.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "ledger/log/segment.h"

namespace obverse::flip {
namespace {

constexpr std::size_t journal_block = 32U << 10U;
constexpr std::size_t journal_header = 7;
constexpr std::uint64_t slot_bytes = 128;
constexpr std::uint64_t frame_header = 96;  // of the vault's records
constexpr std::uint64_t capacity_at = 32;   // in it
constexpr std::uint64_t block_trailer = 5;
constexpr std::uint64_t behind_entries = 1'500;  // of a table: properties, where its blocks stand

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::string number(std::uint64_t value) { return std::to_string(value); }

std::uint64_t number_at(const std::string& words, std::size_t at) {
  std::uint64_t value = 0;
  if (at < words.size()) std::from_chars(words.data() + at, words.data() + words.size(), value);
  return value;
}

// What is between `from` and `to` begins no record: of a journal as RocksDB writes them.
struct Record {
  std::uint64_t from = 0;  // the end of the record before
  std::uint64_t to = 0;
  bool begins = false;  // a batch begins in it
  std::string_view data;
};
std::vector<Record> records_of(std::string_view journal) {
  std::vector<Record> records;
  std::uint64_t end = 0;
  for (std::size_t at = 0; at + journal_header <= journal.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(journal[at + i]); };
    if (journal_block - at % journal_block < journal_header) {
      at = (at / journal_block + 1) * journal_block;
      continue;
    }
    const std::size_t bytes = byte(4) + 256U * byte(5);
    const unsigned type = byte(6);
    const std::size_t header = journal_header + (type > 4 ? 4 : 0);
    if (type == 0 || at + header + bytes > journal.size()) break;
    const bool begins = type % 4 == 1 || type % 4 == 2;
    records.push_back({end, at + header + bytes, begins, journal.substr(at + header, bytes)});
    at += header + bytes;
    end = at;
  }
  return records;
}

// The first entry of every batch, in the order of the log: record index -> position.
std::uint64_t first_position_from(const std::vector<Record>& records, std::size_t record) {
  while (record > 0 && !records[record].begins) --record;
  std::string batches;  // what stands behind: their entries are lost too
  for (; record < records.size(); ++record) batches += records[record].data;
  const std::string entry("\5\1\10\0\0\0\0\0", 8);  // put, family 1, key of 8 bytes: big-endian
  const std::size_t found = batches.find(entry);
  if (found == std::string::npos || found + 11 > batches.size()) return 0;
  std::uint64_t position = 0;
  for (std::size_t i = 3; i < 11; ++i)
    position = position << 8U | static_cast<unsigned char>(batches[found + i]);
  return position;
}

// The frame of a tail's segment that has that byte, or would begin there.
struct Frame {
  std::uint64_t from = 0;
  std::uint64_t position = 0;  // of the first entry, or of the next to come
};
std::optional<Frame> frame_with(const std::vector<Piece>& pieces, std::uint64_t byte) {
  for (const Piece& piece : pieces)
    if (byte < piece.offset + piece.bytes) return Frame{piece.offset, piece.header->first.value};
  return std::nullopt;
}

std::uint64_t vault_unit(const Case& one, const std::string& bytes, std::uint64_t byte) {
  if (part_of(one.path) == Part::keys) return byte / slot_bytes * slot_bytes;
  for (std::uint64_t at = 0; at + frame_header <= bytes.size();) {
    std::uint32_t capacity = 0;
    std::memcpy(&capacity, bytes.data() + at + capacity_at, sizeof capacity);
    const std::uint64_t next = at + frame_header + capacity;
    if (capacity == 0 || byte < next) return at;
    at = next;
  }
  return byte;
}

bool lies_in(const std::vector<std::uint64_t>& offsets, std::uint64_t from, std::uint64_t to) {
  return std::ranges::any_of(offsets,
                             [&](std::uint64_t offset) { return from <= offset && offset <= to; });
}

std::string no_offset(std::uint64_t from, std::uint64_t to) {
  return "no offset from " + number(from) + " to " + number(to) + " is named";
}

std::string no_position(std::uint64_t position) {
  return "position " + number(position) + " is not named";
}

std::uint64_t last_position(const Image& image) {
  std::uint64_t last = 0;
  for (const auto& [path, bytes] : image)
    if (part_of(path) == Part::tail)
      for (const Piece& piece : scan_segment(bytes))
        last = std::max(last, piece.header->first.value + piece.header->count - 1);
  return last;
}

}  // namespace

std::vector<std::uint64_t> offsets_in(const std::string& words, const std::string& file_name) {
  std::vector<std::uint64_t> offsets;
  for (std::size_t at = words.find(file_name); at != std::string::npos;
       at = words.find(file_name, at + 1)) {
    std::string_view rest = std::string_view(words).substr(at + file_name.size());
    if (rest.starts_with(':')) rest.remove_prefix(1);
    constexpr std::string_view before = " at byte ";
    if (rest.starts_with(before))
      offsets.push_back(
          number_at(words, static_cast<std::size_t>(rest.data() - words.data()) + before.size()));
  }
  return offsets;
}

bool says_position(const std::string& words, std::uint64_t position) {
  for (const char* before : {"position ", "positions ", "position is "}) {
    const std::size_t length = std::strlen(before);
    for (std::size_t at = words.find(before); at != std::string::npos;
         at = words.find(before, at + 1))
      if (number_at(words, at + length) == position) return true;
  }
  return false;
}

Named::Named(const Times& times)
    : times_(times),
      first_last_(last_position(times.first)),
      second_last_(last_position(times.second)) {
  for (Entry& entry : entries_of(times.last)) payloads_.push_back(std::move(entry.payload));
  for (const auto& [path, bytes] : times.last)
    if (part_of(path) == Part::tail)
      for (const Piece& piece : scan_segment(bytes))
        if (piece.header->count > 0) last_batch_ = piece.header->first.value;
}

std::uint64_t Named::first_changed(const Case& one) const {
  const std::string& bytes = times_.last.at(one.path);
  const auto apart = [&](std::string_view now, std::string_view then) {
    return static_cast<std::uint64_t>(std::ranges::mismatch(now, then).in1 - now.begin());
  };
  const std::string_view all = bytes;
  switch (one.blow) {
    case Blow::flipped:
    case Blow::both:
      return one.at;
    case Blow::cut: {
      const std::size_t content = bytes.find_first_not_of('\0', one.at);
      const bool is_filled_up = part_of(one.path) == Part::keys ||
                                part_of(one.path) == Part::tail ||
                                part_of(one.path) == Part::records;
      return is_filled_up && content != std::string::npos ? content : one.at;
    }
    case Blow::page_zeroed:
      return std::min<std::uint64_t>(bytes.find_first_not_of('\0', one.at), bytes.size());
    case Blow::page_doubled:
      return one.at + page_bytes + apart(all.substr(one.at + page_bytes), all.substr(one.at));
    case Blow::swapped: {
      const auto [low, high] = std::minmax(one.at, one.other);
      return low + apart(all.substr(low, one.bytes), all.substr(high, one.bytes));
    }
    case Blow::older:
      return apart(all, (one.from == "first" ? times_.first : times_.second).at(one.path));
  }
  return 0;
}

std::string Named::lacks(const Case& one, const std::string& words) const {
  const auto offsets = offsets_in(words, file_name(one.path));
  if (words.find(file_name(one.path)) == std::string::npos) return "the file is not named";
  switch (part_of(one.path)) {
    case Part::tail:
      return lacks_in_tail(one, words);
    case Part::write_ahead:
    case Part::manifest:
      return lacks_in_journal(one, words);
    case Part::table:
      return lacks_in_table(one, words);
    case Part::keys:
    case Part::records:
      return lacks_in_vault(one, words);
    case Part::snapshot: {  // all of it is one unit, named after its position
      if (!lies_in(offsets, 0, first_changed(one))) return no_offset(0, first_changed(one));
      const std::uint64_t position = std::stoull(file_name(one.path));
      return says_position(words, position) ? "" : no_position(position);
    }
    case Part::current:  // without it nothing of RocksDB can be read
      if (!lies_in(offsets, 0, 0)) return no_offset(0, 0);
      return says_position(words, 1) ? "" : no_position(1);
    case Part::own:
    case Part::settings:
    case Part::set:
      break;
  }
  return "";
}

std::string Named::lacks_in_tail(const Case& one, const std::string& words) const {
  const auto pieces = scan_segment(times_.last.at(one.path));
  const std::uint64_t changed = first_changed(one);
  // A frame that is cut in the zeros that pad it is cut.
  const auto frame = frame_with(pieces, one.blow == Blow::cut ? one.at : changed);
  const std::uint64_t from =  // else it hit zeros behind the last frame
      frame            ? frame->from
      : pieces.empty() ? 0
                       : pieces.back().offset + pieces.back().bytes;
  if (!lies_in(offsets_in(words, file_name(one.path)), from, changed))
    return no_offset(from, changed);
  if (!frame) return "";
  return says_position(words, frame->position) ? "" : no_position(frame->position);
}

std::string Named::lacks_in_journal(const Case& one, const std::string& words) const {
  const std::uint64_t changed = first_changed(one);
  const auto records = records_of(times_.last.at(one.path));
  const auto hit = std::ranges::find_if(
      records, [changed](const Record& record) { return changed < record.to; });
  const std::uint64_t from = hit != records.end() ? hit->from
                             : records.empty()    ? 0
                                                  : records.back().to;
  if (!lies_in(offsets_in(words, file_name(one.path)), from, changed))
    return no_offset(from, changed);
  if (part_of(one.path) == Part::manifest)  // what it forgets is a matter of RocksDB's
    return words.find("the first bad position is ") != std::string::npos ||
                   words.find("every entry can be read") != std::string::npos ||
                   words.find("RocksDB lacks position") != std::string::npos
               ? ""
               : "no position is named";
  const std::uint64_t position =
      first_position_from(records, static_cast<std::size_t>(std::distance(records.begin(), hit)));
  return position == 0 || says_position(words, position) ? "" : no_position(position);
}

// RocksDB names the block that it found bad first, not always the first bad one: it must be one of
// the damaged. If the block has entries, the first of them is named; if not, that all can be read;
// if there is no opening it, position 1.
std::string Named::lacks_in_table(const Case& one, const std::string& words) const {
  const std::string& bytes = times_.last.at(one.path);
  const std::uint64_t from = first_changed(one);
  const std::uint64_t to = one.blow == Blow::flipped || one.blow == Blow::cut ? from
                           : one.blow == Blow::swapped
                               ? std::max(one.at, one.other) + one.bytes - 1
                               : std::max(from, one.at + 2 * page_bytes - 1);
  const auto offsets = offsets_in(words, file_name(one.path));
  if (offsets.empty()) return "no offset is named";
  const std::size_t size_at = words.find(" size ");
  const std::uint64_t block = offsets.front();
  const std::uint64_t length = size_at == std::string::npos  // as near as it says
                                   ? bytes.size() - std::min<std::uint64_t>(block, bytes.size())
                                   : number_at(words, size_at + 6) + block_trailer;
  const bool leads_astray = to + behind_entries >= bytes.size();
  if (!leads_astray && (block > to || block + length <= from))
    return "the block of " + number(length) + " bytes at " + number(block) + " is not damaged";
  std::uint64_t first = 0;  // entry in that block
  for (std::size_t i = 0; i < payloads_.size() && first == 0; ++i)
    if (const std::size_t at = bytes.find(payloads_[i]);
        at != std::string::npos && at >= block && at < block + length)
      first = i + 1;
  if (first != 0 && one.blow != Blow::cut)
    return says_position(words, first) ? "" : no_position(first);
  return words.find("the first bad position is ") != std::string::npos ||
                 words.find("every entry can be read") != std::string::npos
             ? ""
             : "no position is named";
}

std::string Named::lacks_in_vault(const Case& one, const std::string& words) const {
  const std::uint64_t changed = first_changed(one);
  const std::uint64_t from = vault_unit(one, times_.last.at(one.path), changed);
  return lies_in(offsets_in(words, file_name(one.path)), from, changed) ? ""
                                                                        : no_offset(from, changed);
}

std::string Named::lacks_end(const Case& one, const std::string& words) const {
  const std::uint64_t last = one.from == "first" ? first_last_ : second_last_;
  return says_position(words, last) || says_position(words, last + 1) ? "" : no_position(last + 1);
}

std::string Named::lacks_refusal(const Case& one, const std::string& words) const {
  const auto pieces = scan_segment(times_.last.at(one.path));
  const auto frame = frame_with(pieces, one.at);
  if (!frame) return "nothing could be damaged there";
  if (!lies_in(offsets_in(words, file_name(one.path)), frame->from, one.at))
    return no_offset(frame->from, one.at);
  const std::string before = "first bad position ";
  const std::size_t at = words.find(before);
  const std::uint64_t position = at == std::string::npos ? 0 : number_at(words, at + before.size());
  return position >= frame->position && position <= one.position ? ""
                                                                 : no_position(frame->position);
}

}  // namespace obverse::flip
