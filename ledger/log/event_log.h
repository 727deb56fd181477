// The port of the log: append a batch, read from a position, find by key, keep a snapshot. It says
// what the engine needs, not how a store works. An entry is one decision, opaque bytes here;
// positions are dense from 1. chain_n = SHA-256(chain_{n-1} || n as u64 little-endian ||
// payload_n), chain_0 = 32 zero bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/model/digest.h"
#include "ledger/model/ids.h"

namespace obverse {

using Bytes = std::string;  // binary

// The last committed entry, as the holder of an epoch knows it.
struct Head {
  std::uint64_t epoch = 0;
  Position last;
  Digest chain;
  friend bool operator==(const Head&, const Head&) = default;
};

struct NewEntry {
  Bytes payload;
  std::optional<Digest>
      key;  // find() gives the entry's position under it for ever. A key is used once: the
            // caller asks find() first; a second use is the caller's bug
  bool from_reserve = false;  // may use the space that a log keeps below its watermark: see append
};

struct StoredEntry {
  Position position;
  Bytes payload;
  Digest chain;  // after this entry
  bool follows =
      false;  // the log has itself computed `chain` from the entry before, over this payload
  friend bool operator==(const StoredEntry& one, const StoredEntry& other) {
    return one.position == other.position && one.payload == other.payload &&
           one.chain == other.chain;
  }
};

enum class Appended : std::uint8_t {
  committed,  // on disk in every copy; the head has moved
  fenced,     // another acquire came after ours, or the head is not the log's: nothing was written
  unknown,  // a write or a sync failed. The log refuses everything after: stop, and read the truth
            // at the next start
  disk_full,  // refused before anything was written: less free space than the watermark, or the
              // reserve below it is used up too
};

// A cache of the state at a position. The stamp names the state's format.
struct Snapshot {
  Position at;
  Digest chain;
  std::string stamp;
  Bytes state;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// What is on disk can be neither trusted nor repaired from another copy. what() names the way out.
struct LogDamage : std::runtime_error {
  LogDamage(std::string file_, std::uint64_t offset_, Position first_bad_, const std::string& why)
      : std::runtime_error(why), file(std::move(file_)), offset(offset_), first_bad(first_bad_) {}
  std::string file;
  std::uint64_t offset = 0;  // bytes from the start of the file
  Position first_bad;        // the first position that could not be read
};

// One writer calls acquire and append; any thread calls keep_snapshot and the const functions at
// any time. Left out on purpose until an archive exists: archived(node) and truncate(below). On one
// machine without an archive nothing may be forgotten, so the one could only say "nothing" and the
// other only refuse.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Raises the epoch, durably: whoever held an older head is fenced from now on.
  virtual Head acquire() = 0;

  // One batch, all or nothing, one sync. Not empty. On `committed` the head has moved past the
  // batch, and `chains`, if wanted, has the chain after each of its entries. Under the watermark
  // only a batch whose every entry is from_reserve is still taken.
  virtual Appended append(Head& head, std::span<const NewEntry> batch,
                          std::vector<Digest>* chains = nullptr) = 0;

  // Committed entries only, in order, from `from` (which is at least 1) on; empty beyond the end.
  virtual std::vector<StoredEntry> read(Position from, std::size_t entries_max) const = 0;

  // The committed entry that was appended with this key.
  virtual std::optional<Position> find(const Digest& key) const = 0;

  // Atomic, durable on return; the newest two are kept.
  virtual void keep_snapshot(const Snapshot& snapshot) = 0;

  // Newest first. Damaged ones, and those that are not of this log's chain, are left out and
  // reported.
  virtual std::vector<Snapshot> snapshots() const = 0;

  // Reads everything again in every copy; throws LogDamage at the first byte that is not what it
  // was.
  virtual void verify() const = 0;

  // What recovery found and repaired, in words, for the operator.
  virtual std::vector<std::string> report() const = 0;
};

}  // namespace obverse
