// Reads both copies of a log side by side, changes nothing, and says what is true: the longest
// valid chain that either holds, where each copy falls short of it, and what has to be done. Where
// a position is good in neither copy although something proves that it was acknowledged, it throws
// LogDamage.
//
// A torn tail is a bad stretch of the tail that nothing good follows, whose entries RocksDB does
// not have either, and beyond everything that is proved to have been acknowledged. Proof of
// acknowledgement of all before position p: a good frame header with first = p (a frame is written
// only when the one before it is synced in both copies), an entry of RocksDB at p or later, a
// snapshot at p - 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/disk.h"
#include "ledger/log/event_log.h"
#include "ledger/log/rocks_journals.h"
#include "ledger/log/rocks_store.h"
#include "ledger/log/segment.h"
#include "ledger/log/segments_ahead.h"
#include "ledger/log/verified_entries.h"

namespace obverse {

struct SurveyInput {
  const Disk& disk;
  std::string tail_folder;
  std::string rocks_folder;           // to name it
  const RocksStore* rocks = nullptr;  // absent if RocksDB could not be opened
  StoreDamage rocks_refusal;          // why it could not
  std::vector<Snapshot> snapshots;    // newest first; only position and chain are looked at
  bool everything =
      false;  // from position 1, and every key; else from the newest snapshot's segment
  std::optional<Position> until;            // a running log: what lies beyond is not looked at
  SegmentsAhead* ahead = nullptr;           // who reads the tail; absent: the survey itself
  VerifiedEntries* verified = nullptr;      // gets every entry of the tail that is part of the log
  const RocksJournals* journals = nullptr;  // of before RocksDB was opened, if anybody looked
};

// What a segment is to consist of.
struct SegmentPart {
  Piece piece;           // a good frame, or
  Position first, last;  // entries that are only in RocksDB: first is 0 for a frame
  std::uint64_t epoch = 0;
  std::uint64_t keys_before = 0;
  Digest chain_before;
};

struct SegmentPlan {
  std::uint64_t number = 0;
  std::uint64_t size = 0;
  bool rewrite = false;
  std::vector<SegmentPart> parts;
};

struct Finding {
  std::string file;
  std::uint64_t offset = 0;
  Position first;  // the first position concerned
  std::string words;
};

struct Survey {
  Head head;           // the end of the longest valid chain; the highest epoch seen
  Position tail_last;  // the tail holds the chain up to here once the segments are rewritten
  std::uint64_t tail_keys = 0;  // so many of those entries have a key
  Digest tail_chain;
  std::uint64_t keys = 0;                    // of the whole chain
  std::optional<Position> rocks_short_from;  // RocksDB lacks the chain from here on
  bool rocks_rebuild = false;                // RocksDB holds something wrong, or cannot be opened
  std::vector<SegmentPlan> segments;         // those that were looked at
  std::uint64_t end_number = 1;              // where the tail goes on
  std::uint64_t end_offset = 0;
  std::uint64_t torn_bytes = 0;   // behind it: to be zeroed
  bool partial = false;           // began at a snapshot
  bool damaged = false;           // something acknowledged was found bad in one copy
  std::vector<Finding> findings;  // all of it, for the operator

  bool needs_repair() const {
    return damaged || torn_bytes != 0 || rocks_rebuild || rocks_short_from || tail_last < head.last;
  }
};

Survey survey(const SurveyInput& input);

}  // namespace obverse
