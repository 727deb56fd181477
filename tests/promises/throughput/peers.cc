#include "tests/promises/throughput/peers.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "ledger/log/record.h"
#include "ledger/log/segment.h"

namespace obverse::promises {
namespace {

constexpr std::uint64_t file_bytes = 32U << 20U;

}  // namespace

void Peer::round(const std::vector<NewEntry>& entries, std::size_t in_a_commit, double seconds) {
  const std::size_t size = std::min(in_a_commit, entries.size());
  const auto begin = std::chrono::steady_clock::now();
  double spent = 0;
  for (std::size_t from = 0; spent < seconds; from += size) {
    if (from + size > entries.size()) from = 0;
    commit(std::span(entries).subspan(from, size));
    entries_ += size;
    spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  seconds_ += spent;
}

RawRocks::RawRocks(const std::string& folder) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* db = nullptr;
  if (!rocksdb::DB::Open(options, folder, &db).ok())
    throw std::runtime_error("RocksDB does not open");
  db_.reset(db);
}

RawRocks::~RawRocks() = default;

void RawRocks::commit(std::span<const NewEntry> batch) {
  rocksdb::WriteBatch writes;
  for (const NewEntry& entry : batch) {
    ++position_;
    std::array<char, 8> key{};
    for (std::size_t byte = 0; byte < key.size(); ++byte)
      key.at(byte) = static_cast<char>(position_ >> (56 - 8 * byte));
    writes.Put(rocksdb::Slice(key.data(), key.size()), entry.payload);
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (!db_->Write(synced, &writes).ok()) throw std::runtime_error("RocksDB did not write");
}

TwoFiles::TwoFiles(const std::string& folder) {
  std::filesystem::create_directories(folder);
  growing_ = real_disk().create(folder + "/growing");
  filled_ = real_disk().create(folder + "/filled");
  fill_with_zeros(*filled_, 0, file_bytes);
}

void TwoFiles::commit(std::span<const NewEntry> batch) {
  FrameHeader header;
  encode_frame(header, batch, frame_);
  if (offset_ + frame_.size() > file_bytes) offset_ = 0;
  beside_.start([this] {
    filled_->write(offset_, frame_);
    filled_->sync();
  });
  // As long as the record itself: a write-ahead log is not padded to a page.
  const std::string_view bare =
      std::string_view(frame_).substr(0, frame_header_bytes + header.body_bytes);
  growing_->write(grown_, bare);
  growing_->sync();
  beside_.wait();
  grown_ += bare.size();
  offset_ += frame_.size();
}

}  // namespace obverse::promises
