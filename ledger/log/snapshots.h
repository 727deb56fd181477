// The snapshots of a log, one file each: a cache that may be thrown away at any time. Written
// beside, synced, renamed.
//
//   file = "obvsnap1" 8 bytes, checksum 32 bytes (SHA-256 of all after it), at u64, chain 32 bytes,
//          stamp-bytes u64, state-bytes u64, stamp, state          ; little-endian; file
//          NNNNNNNNNNNNNNNNNNNN.snapshot
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"

namespace obverse {

std::string encode_snapshot(const Snapshot& snapshot);
std::optional<Snapshot> decode_snapshot(
    std::string_view bytes);  // nothing if a single bit is not what it was

struct FoundSnapshots {
  std::vector<Snapshot> good;      // newest first
  std::vector<std::string> words;  // about those that were left out
};

FoundSnapshots find_snapshots(const Disk& disk, const std::string& folder);

// Of the newest by its name, unread: 0 if there is none.
Position newest_snapshot_place(const Disk& disk, const std::string& folder);

// Durable on return. The newest two files stay.
void store_snapshot(Disk& disk, const std::string& folder, const Snapshot& snapshot);

}  // namespace obverse
