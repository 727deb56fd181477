// Where an auditor's history comes from: a copy of a data directory, or a live server. Either way
// it is read, never written, and every link of the chain is computed again here.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "ledger/client/terminal_client.h"
#include "ledger/log/event_log.h"

namespace obverse {

// The history cannot be had, or is not whole. what() says why and what to do.
struct SourceFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct LiveServer {
  std::string host;
  std::uint16_t port = 0;
  ClientTls tls;
  std::string name = "obversed";
};

// Opens a copy; what is in use by a running server must be copied, or asked of the server.
std::unique_ptr<const EventLog> history_of(const std::filesystem::path& directory);

// Asks a server for everything, with an auditor's certificate. Each record's chain is held against
// the server's word, and the end against its head. `progress` is told how many records have come.
std::unique_ptr<const EventLog> history_of(const LiveServer&, void (*progress)(std::uint64_t));

}  // namespace obverse
