// The log in a directory that nobody may write to: a copy, of a server that crashed too, or
// another's. It changes nothing and takes no lock, so what it reads must not be in use by a running
// server.
#pragma once

#include <memory>
#include <string>

#include "ledger/log/event_log.h"
#include "ledger/log/rocks_log.h"

namespace obverse {

// Verifies the chain as RocksLog does at opening (an auditor sets options.verify_all, so that all
// of it is). Reads from RocksDB, or from the tail where RocksDB falls short; report() says which
// and why. Throws LogDamage where neither holds the whole chain by itself (a server started on the
// directory would join the two), and DiskFault. verify() throws LogDamage if either copy is not
// whole.
std::unique_ptr<const EventLog> open_read_only(const std::string& directory,
                                               const RocksLogOptions& options = {});

}  // namespace obverse
