// The whole server in one object: the interior, and around it reactors and a listener. Opens no
// files but the ones TLS needs: log and vault are given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/engine/clock.h"
#include "ledger/log/event_log.h"
#include "ledger/server/config.h"
#include "ledger/server/metrics.h"
#include "ledger/server/transport/listener.h"
#include "ledger/vault/template_vault.h"

namespace obverse {

class Server {
 public:
  // As Interior: recovers, fills the gallery, registers the first operator. Serves nobody yet.
  Server(const Config&, EventLog&, Vault&, Clock&,
         const std::function<void(const std::string& why)>& on_broken = {});
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();  // listens; throws std::runtime_error that names the address and the way out
  void stop();   // ends connections, then the ledger, in good order; returns when all threads have

  // Once started, any thread.
  std::uint16_t port() const;
  std::uint64_t position() const;  // how far the log is durable
  std::uint32_t people() const;    // whose faces can be matched
  const Metrics& metrics() const;
  Listener::Counters connections() const;
  void reload_certificates();  // throws std::runtime_error, and then nothing has changed

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse
