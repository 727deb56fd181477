// The capability of a payment processor: it closes windows, says which payouts a bank has rejected,
// explains what a statement left open, divides through fares. It can neither sell nor admit, nor
// say where money goes.
#pragma once

#include <memory>

#include "ledger/server/common_service.h"
#include "ledger/server/desk_commands.h"

namespace obverse {

class ProcessorService final : public rpc::Desk::Server {
 public:
  explicit ProcessorService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> act(ActContext context) override { return obverse::act(caller_, context); }

 private:
  std::shared_ptr<const Caller> caller_;
};

}  // namespace obverse
