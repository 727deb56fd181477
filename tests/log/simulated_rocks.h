// RocksDB's own file system and clock over a simulated disk.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "ledger/log/rocks_log.h"
#include "tests/log/simulated_disk.h"

namespace obverse {

// `keeps_options`: whether RocksDB may write its own note of its options, which it writes at every
// opening, reads once to compare, and never again. Without it it goes on, and opens sooner.
std::unique_ptr<rocksdb::Env> simulated_env(SimulatedDisk& disk, bool keeps_options = true);

// A small log all of which lies on `disk`, whose env must be the one given.
RocksLogOptions simulated_options(SimulatedDisk& disk, rocksdb::Env& env);

// The same for one thread: nothing happens but what the caller does, so that a seed gives the same
// operations of the disk every time. The tail is written before RocksDB, or after it.
RocksLogOptions one_thread_options(SimulatedDisk& disk, rocksdb::Env& env, bool tail_first);

}  // namespace obverse
