#include "ledger/backup/live_tail.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "ledger/log/record.h"
#include "ledger/log/segment.h"

namespace obverse {
namespace {

constexpr std::chrono::milliseconds moment(40);

}  // namespace

struct LiveTail::Segment {
  std::uint64_t number = 0;
  std::string path;
  std::unique_ptr<DiskFile> file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

LiveTail::LiveTail(Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {}

std::unique_ptr<LiveTail::Segment> LiveTail::open(std::uint64_t number) const {
  auto segment = std::make_unique<Segment>();
  segment->number = number;
  segment->path = folder_ + "/" + segment_name(number);
  segment->file = disk_.open(segment->path);
  segment->size = segment->file->size();
  return segment;
}

// The last segment that begins at or before the entry wanted next. Those that are only prepared
// have no header yet.
std::uint64_t LiveTail::first_segment(Position last) const {
  std::uint64_t best = 0;
  for (const std::uint64_t number : segment_numbers(disk_, folder_)) {
    const auto file = disk_.open_to_read(folder_ + "/" + segment_name(number));
    const auto header = decode_frame_header(file->read(0, frame_header_bytes));
    if (header && (best == 0 || header->first.value <= last.value)) best = number;
  }
  return best;
}

void LiveTail::damage(const Segment& segment, const std::string& why) const {
  throw LogDamage(segment.path, segment.offset, {last_.value + 1},
                  segment.path + " at byte " + std::to_string(segment.offset) + ": " + why);
}

void LiveTail::read_after(Position last, const Digest& chain, const Visitor& visit) {
  wanted_ = last;
  wanted_chain_ = chain;
  last_ = {};
  chain_ = {};
  visit_ = &visit;
  held_.clear();
  std::unique_ptr<Segment> newest;
  for (std::uint64_t number = first_segment(last); number != 0; ++number) {
    newest = open(number);
    read_segment(*newest);
    if (!has_begun(number + 1)) break;
    read_segment(*newest);  // what was written since, before the next was begun
  }
  if (newest) settle_newest(*newest);
  if (last_ < last)
    throw LogDamage(folder_, 0, {last_.value + 1},
                    folder_ + ": the log ends at position " + std::to_string(last_.value) +
                        ", before position " + std::to_string(last.value) +
                        " that was read from it before: it was rolled back, or is another one");
}

void LiveTail::give_held() {
  for (KeptEntry& entry : held_) (*visit_)(std::move(entry));
  held_.clear();
}

void LiveTail::settle_newest(Segment& segment) {
  if (held_.empty()) return;
  const auto until = std::chrono::steady_clock::now() + moment;
  const auto followed = [&] {
    return has_begun(segment.number + 1) ||
           decode_frame_header(segment.file->read(segment.offset, frame_header_bytes)).has_value();
  };
  while (!followed() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(moment / 20);
  if (!followed()) segment.file->sync();
  give_held();
}

// A segment is made ahead, full of zeros, and begun by a frame without entries.
bool LiveTail::has_begun(std::uint64_t number) const {
  const std::string path = folder_ + "/" + segment_name(number);
  if (!disk_.exists(path)) return false;
  const auto file = disk_.open_to_read(path);
  return decode_frame_header(file->read(0, frame_header_bytes)).has_value();
}

void LiveTail::read_segment(Segment& segment) {
  while (segment.offset < segment.size) {
    if (read_frame(segment)) continue;
    if (!goes_on_after(segment)) return;
    // Others follow, so it was whole before they were begun: a second look tells.
    if (!read_frame(segment))
      damage(segment,
             "a damaged frame. Way out: stop the server and start it again with the file "
             "check-everything in its log folder, which mends it from the other copy");
  }
}

// Only the frame being written may be bad, and nothing follows that one.
bool LiveTail::goes_on_after(const Segment& segment) const {
  constexpr std::uint64_t stretch = 1U << 20U;
  for (std::uint64_t at = segment.offset + frame_page_bytes; at < segment.size; at += stretch) {
    const std::string bytes = segment.file->read(at, stretch);
    for (std::size_t page = 0; page < bytes.size(); page += frame_page_bytes) {
      const auto header = decode_frame_header(std::string_view(bytes).substr(page));
      if (header && header->first.value > last_.value) return true;
    }
  }
  // A segment is left where no frame of the next batch fits, and the rest of it stays zeros.
  const std::string here = segment.file->read(segment.offset, frame_header_bytes);
  return here.find_first_not_of('\0') != std::string::npos && has_begun(segment.number + 1);
}

bool LiveTail::read_frame(Segment& segment) {
  const auto header = decode_frame_header(segment.file->read(segment.offset, frame_header_bytes));
  if (!header || frame_bytes(header->body_bytes) > segment.size - segment.offset) return false;
  const std::string body =
      segment.file->read(segment.offset + frame_header_bytes, header->body_bytes);
  const auto entries = decode_frame_body(*header, body);
  if (!entries) return false;
  if (last_.value == 0) {  // the first frame read: history begins here, or goes on
    last_ = {header->first.value - 1};
    chain_ = header->before;
    const bool is_other = wanted_ == last_ && chain_ != wanted_chain_;
    if (wanted_ < last_ || is_other)
      damage(segment, "the tail does not begin where what was read before ends");
  }
  if (header->first.value != last_.value + 1 || header->before != chain_)
    damage(segment, "this frame does not continue the one before it");
  give_held();
  for (const FramedEntry& entry : *entries) {
    ++last_.value;
    chain_ = chain_after(chain_, last_, entry.payload);
    if (last_ == wanted_ && chain_ != wanted_chain_)
      damage(segment, "another history than the one that was read before: the log was replaced");
    if (wanted_ < last_) held_.push_back({last_, entry.key, chain_, Bytes(entry.payload)});
  }
  if (chain_ != header->after) damage(segment, "its entries are not those of its chain");
  segment.offset += frame_bytes(header->body_bytes);
  return true;
}

}  // namespace obverse
