#include "ledger/log/tail.h"

#include <cassert>
#include <cerrno>
#include <utility>

#include "ledger/log/segment.h"

namespace obverse {
namespace {

// The file of a segment, zero-filled at least up to `bytes` and known to its folder.
std::unique_ptr<DiskFile> prepared(Disk& disk, const std::string& folder, std::uint64_t number,
                                   std::uint64_t bytes) {
  const std::string path = folder + "/" + segment_name(number);
  const bool is_new = !disk.exists(path);
  auto file = is_new ? disk.create(path) : disk.open(path);
  const std::uint64_t size = file->size();
  if (size < bytes) fill_with_zeros(*file, size, bytes);
  if (is_new) disk.sync_folder(folder);
  return file;
}

std::uint64_t bytes_of(const Disk& disk, const std::string& folder, std::uint64_t number) {
  const std::string path = folder + "/" + segment_name(number);
  return disk.exists(path) ? disk.open_to_read(path)->size() : 0;
}

}  // namespace

Tail::Tail(Disk& disk, std::string folder, Options options, std::uint64_t number,
           std::uint64_t offset)
    : disk_(disk), folder_(std::move(folder)), options_(options), number_(number), offset_(offset) {
  assert(offset % frame_page_bytes == 0);
  open_segment(number, options_.segment_bytes);
}

Tail::~Tail() {
  if (next_.valid()) next_.wait();
}

void Tail::open_segment(std::uint64_t number, std::uint64_t bytes_min) {
  file_ = prepared(disk_, folder_, number, bytes_min);
  size_ = file_->size();
  number_ = number;
}

void Tail::prepare_next() {
  next_ = std::async(std::launch::async, [this, number = number_ + 1] {
    try {
      prepared(disk_, folder_, number, options_.segment_bytes);
    } catch (const DiskFault&) {
      return;  // nothing is lost: make_room tries again, and answers for it
    }
  });
}

bool Tail::make_room(std::uint64_t body, std::uint64_t spare) {
  const std::uint64_t needed = frame_bytes(body) + (offset_ == 0 ? frame_page_bytes : 0);
  if (offset_ + needed <= size_) {
    if (options_.prepare_ahead && !next_.valid() && offset_ > size_ / 2 &&
        spare >= options_.segment_bytes)
      prepare_next();
    return true;
  }
  if (next_.valid()) next_.get();
  try {
    // A segment that nothing was written to yet can still grow.
    const std::uint64_t number = offset_ == 0 ? number_ : number_ + 1;
    const std::uint64_t bytes =
        std::max(options_.segment_bytes, frame_page_bytes + frame_bytes(body));
    const std::uint64_t there = bytes_of(disk_, folder_, number);
    if (bytes > there && bytes - there > spare) return false;
    open_segment(number, bytes);
  } catch (const DiskFault& fault) {
    if (fault.code == ENOSPC) return false;
    throw;
  }
  offset_ = 0;
  return true;
}

void Tail::write(FrameHeader& header, std::span<const NewEntry> batch) {
  if (offset_ == 0) {
    FrameHeader opening = segment_header(header);
    encode_frame(opening, {}, buffer_);
    file_->write(0, buffer_);
    offset_ = buffer_.size();
  }
  encode_frame(header, batch, buffer_);
  assert(offset_ + buffer_.size() <= size_);
  file_->write(offset_, buffer_);
  file_->sync();
  offset_ += buffer_.size();
}

}  // namespace obverse
