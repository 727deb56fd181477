// Entries of a log as records, read and checked by other threads ahead of whoever folds them: one
// thread applies, in order; everything before that needs no order.
#pragma once

#include <exception>
#include <map>
#include <thread>
#include <vector>

#include "ledger/log/event_log.h"
#include "ledger/model/record.h"
#include "threads/lock.h"

namespace obverse {

// A record that was read, and the chain after it.
struct Stored {
  Record record;
  Digest chain;
};

// Neighbouring entries. Every one but the first has been found to continue the chain; the first is
// for whoever knows the chain before it.
struct Chunk {
  std::vector<Stored> records;
  Bytes first_payload;
  Digest first_chain;
  std::exception_ptr fault;  // of the entry after the last
  std::size_t entries = 0;   // so many the log gave
};

inline constexpr std::size_t chunk_entries = 1'024;

// The entries from `from` on, as many as a chunk takes. Positions must be dense, the chain
// unbroken, every payload a record of its own position: else `fault` is the LogDamage.
Chunk chunk_at(const EventLog& log, Position from);

// LogDamage if it is none that this build reads, or of another position.
Record record_of(const StoredEntry& entry);

class Ahead {
 public:
  Ahead(const EventLog& log, Position from);
  ~Ahead();  // what was read ahead in vain is dropped
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  Chunk next();  // in order

 private:
  void run();

  const EventLog& log_;
  const Position from_;
  Mutex mutex_;
  Condition changed_;
  std::map<std::size_t, Chunk> ready_ GUARDED_BY(mutex_);  // by number
  std::size_t begun_ GUARDED_BY(mutex_) = 0;               // chunks that somebody reads or has read
  std::size_t taken_ GUARDED_BY(mutex_) = 0;
  bool over_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace obverse
