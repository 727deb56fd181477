// Does what a survey says: makes both copies hold the same chain again. Nothing that was damaged is
// deleted, it is put into the folder `damaged`. Every step can be cut off and done again: the tail
// first, from RocksDB; then RocksDB, from the tail alone.
#pragma once

#include <cstdint>
#include <string>

#include "ledger/log/disk.h"
#include "ledger/log/rocks_store.h"
#include "ledger/log/survey.h"
#include "ledger/log/tail.h"

namespace obverse {

struct TailEnd {
  std::uint64_t number = 1;
  std::uint64_t offset = 0;
};

// Writes damaged segments again and zeroes what is torn. `rocks` is needed for what only RocksDB
// has.
TailEnd repair_segments(Disk& disk, const std::string& tail_folder,
                        const std::string& damaged_folder, const Survey& found,
                        const RocksStore* rocks);

// Appends what only RocksDB has.
void extend_tail(Tail& tail, const Survey& found, const RocksStore& rocks);

// Puts positions `from` to `last` of a good tail into RocksDB. Throws DiskFault.
void fill_store(RocksStore& rocks, const Disk& disk, const std::string& tail_folder, Position from,
                Position last);

// Moves a file or folder into `damaged_folder` under a name that is free, which it gives;
// copy_aside leaves it there.
std::string move_aside(Disk& disk, const std::string& path, const std::string& damaged_folder);
std::string copy_aside(Disk& disk, const std::string& path, const std::string& damaged_folder);

}  // namespace obverse
