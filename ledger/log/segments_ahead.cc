#include "ledger/log/segments_ahead.h"

#include <utility>

#include "ledger/log/record.h"

namespace obverse {
namespace {

constexpr std::size_t segments_ahead = 8;

void check(CheckedPiece& piece, const FrameHeader& header, std::string_view bytes) {
  auto entries = decode_frame_body(header, body_of(piece.piece, bytes));
  if (!entries) return;
  piece.entries = *std::move(entries);
  piece.chains.reserve(piece.entries.size());
  Digest chain = header.before;
  Position position = header.first;
  for (const FramedEntry& entry : piece.entries) {
    chain = chain_after(chain, position, entry.payload);
    piece.chains.push_back(chain);
    ++position.value;
  }
  piece.adds_up = chain == header.after;
}

}  // namespace

std::shared_ptr<const CheckedSegment> check_segment(const Disk& disk, const std::string& path) {
  auto out = std::make_shared<CheckedSegment>();
  out->bytes = read_whole(disk, path);
  for (const Piece& piece : scan_segment(out->bytes)) {
    CheckedPiece& checked = out->pieces.emplace_back();
    checked.piece = piece;
    if (piece.good && piece.header) check(checked, *piece.header, out->bytes);
  }
  return out;
}

std::size_t segment_with(const Disk& disk, const std::string& folder,
                         const std::vector<std::uint64_t>& numbers, Position from) {
  for (std::size_t i = numbers.size(); i-- > 0;) {
    const auto file = disk.open_to_read(folder + "/" + segment_name(numbers[i]));
    const auto header = decode_frame_header(file->read(0, frame_header_bytes));
    if (header && header->kind == FrameKind::segment && header->first <= from) return i;
  }
  return 0;
}

SegmentsAhead::SegmentsAhead(const Disk& disk, std::string folder, Position from)
    : disk_(disk), folder_(std::move(folder)), thread_([this, from] { run(from); }) {}

SegmentsAhead::~SegmentsAhead() {
  {
    const Lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<SegmentsAhead::Ready> SegmentsAhead::taken(std::uint64_t number) {
  const Lock lock(mutex_);
  for (;;) {
    while (!done_ && ready_.empty()) changed_.wait(mutex_);
    if (ready_.empty() || ready_.front().number > number) return std::nullopt;
    Ready front = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    if (front.number == number) return front;
  }
}

std::shared_ptr<const CheckedSegment> SegmentsAhead::take(std::uint64_t number) {
  const auto ready = taken(number);
  if (!ready) return check_segment(disk_, folder_ + "/" + segment_name(number));
  if (ready->fault) std::rethrow_exception(ready->fault);
  return ready->segment;
}

void SegmentsAhead::run(Position from) {
  std::vector<std::uint64_t> numbers;
  std::size_t begin = 0;
  try {
    numbers = segment_numbers(disk_, folder_);
    begin = segment_with(disk_, folder_, numbers, from);
  } catch (...) {  // whoever takes meets it again
    numbers.clear();
  }
  for (std::size_t i = begin; i < numbers.size(); ++i) {
    {
      const Lock lock(mutex_);
      while (!over_ && ready_.size() >= segments_ahead) changed_.wait(mutex_);
      if (over_) return;
    }
    Ready next{numbers[i], nullptr, nullptr};
    try {
      next.segment = check_segment(disk_, folder_ + "/" + segment_name(numbers[i]));
    } catch (...) {
      next.fault = std::current_exception();
    }
    const Lock lock(mutex_);
    ready_.push_back(std::move(next));
    changed_.notify_all();
  }
  const Lock lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

}  // namespace obverse
