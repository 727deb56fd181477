// Segments of the tail as bytes that were checked by themselves: the frames, and what the entries
// of each come to from the chain that its header names. That needs neither the other copy nor what
// stands before, so a start has it done by another thread while RocksDB opens. Whether frames
// follow each other is for the survey to say.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/segment.h"
#include "threads/lock.h"

namespace obverse {

struct CheckedPiece {
  Piece piece;
  std::vector<FramedEntry> entries;  // of a good piece; they point into the segment's bytes
  std::vector<Digest> chains;        // after each of them, if the one before is as the header says
  bool adds_up = false;              // the last is as the header says too
};

struct CheckedSegment {
  std::string bytes;
  std::vector<CheckedPiece> pieces;
};

std::shared_ptr<const CheckedSegment> check_segment(const Disk& disk, const std::string& path);

// The segments of a tail in the order of their numbers, a few of them ahead of whoever takes them.
class SegmentsAhead {
 public:
  // From the last segment on that begins at or before `from`; from the first if there is none.
  SegmentsAhead(const Disk& disk, std::string folder, Position from);
  ~SegmentsAhead();
  SegmentsAhead(const SegmentsAhead&) = delete;
  SegmentsAhead& operator=(const SegmentsAhead&) = delete;

  // This one, which is none before the last that was taken. Throws what reading it threw.
  std::shared_ptr<const CheckedSegment> take(std::uint64_t number);

 private:
  struct Ready {
    std::uint64_t number = 0;
    std::shared_ptr<const CheckedSegment> segment;
    std::exception_ptr fault;
  };
  void run(Position from);
  std::optional<Ready> taken(std::uint64_t number);

  const Disk& disk_;
  const std::string folder_;
  Mutex mutex_;
  Condition changed_;
  std::deque<Ready> ready_ GUARDED_BY(mutex_);
  bool over_ GUARDED_BY(mutex_) = false;  // nobody wants more
  bool done_ GUARDED_BY(mutex_) = false;  // there is no more
  std::thread thread_;
};

// Index in `numbers` of the segment where a reader begins who wants position `from`.
std::size_t segment_with(const Disk& disk, const std::string& folder,
                         const std::vector<std::uint64_t>& numbers, Position from);

}  // namespace obverse
