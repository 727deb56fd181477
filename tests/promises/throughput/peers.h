// What the engine is compared with, on the same disk and of the same bytes: RocksDB alone, and the
// two files alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ledger/log/beside.h"
#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"

namespace rocksdb {
class DB;
}

namespace obverse::promises {

// One commit after the other, for so long; how many entries a second became durable.
class Peer {
 public:
  virtual ~Peer() = default;
  void round(const std::vector<NewEntry>& entries, std::size_t in_a_commit, double seconds);
  double rate() const { return seconds_ > 0 ? static_cast<double>(entries_) / seconds_ : 0; }

 protected:
  virtual void commit(std::span<const NewEntry> batch) = 0;

 private:
  double seconds_ = 0;
  std::uint64_t entries_ = 0;
};

// RocksDB as it comes: one synced batch, one column family, no second copy, no chain.
class RawRocks final : public Peer {
 public:
  explicit RawRocks(const std::string& folder);
  ~RawRocks() override;

 private:
  void commit(std::span<const NewEntry> batch) override;

  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t position_ = 0;
};

// The frames of the tail written by two threads into two files and synced: one that grows, as a
// write-ahead log does, and one that was filled with zeros before, as a tail segment is.
class TwoFiles final : public Peer {
 public:
  explicit TwoFiles(const std::string& folder);

 private:
  void commit(std::span<const NewEntry> batch) override;

  std::unique_ptr<DiskFile> growing_;
  std::unique_ptr<DiskFile> filled_;
  Beside beside_{"second file"};
  std::string frame_;
  std::uint64_t grown_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace obverse::promises
