// Everything of the server that is not network: the ledger and its writer's thread, the gallery
// that follows it, the pools, and what the capabilities share. Tests and benchmarks use it without
// a listener.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/engine/clock.h"
#include "ledger/log/event_log.h"
#include "ledger/server/config.h"
#include "ledger/server/metrics.h"
#include "ledger/vault/template_vault.h"

namespace obverse {

struct Household;

class Interior {
 public:
  struct Outward {  // what only the network knows
    std::function<void(const Digest& certificate)> cut;
    std::function<std::uint64_t()> connections;
    // How connections ended so far, by name.
    std::function<std::vector<std::pair<std::string, std::uint64_t>>()> endings = {};
  };

  // Recovers, fills the gallery, registers the first operator where there is none. Throws where log
  // or vault cannot be used. `on_broken`: the ledger can do nothing any more, or an erasure could
  // not be done; unset, the process ends.
  Interior(const Config&, EventLog&, Vault&, Clock&,
           const std::function<void(const std::string& why)>& on_broken = {});
  ~Interior();  // stops
  Interior(const Interior&) = delete;
  Interior& operator=(const Interior&) = delete;

  void start(Outward);  // from here on the ledger decides
  void stop();          // what waits is told so; returns when the threads have ended

  Household& household();
  const Metrics& metrics() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse
