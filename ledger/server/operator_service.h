// The capability of an operator's desk: who takes part, tariffs, policy, corrections. It can
// neither sell nor admit.
#pragma once

#include <memory>

#include "ledger/server/common_service.h"
#include "ledger/server/desk_commands.h"
#include "schemas/operator.capnp.h"

namespace obverse {

class OperatorService final : public rpc::OperatorDesk::Server {
 public:
  explicit OperatorService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> act(ActContext context) override { return obverse::act(caller_, context); }
  kj::Promise<void> registerOperator(RegisterOperatorContext) override;
  kj::Promise<void> registerMerchant(RegisterMerchantContext) override;
  kj::Promise<void> registerTerminal(RegisterTerminalContext) override;
  kj::Promise<void> revokeTerminal(RevokeTerminalContext) override;
  kj::Promise<void> publishTariff(PublishTariffContext) override;
  kj::Promise<void> publishPolicy(PublishPolicyContext) override;
  kj::Promise<void> policy(PolicyContext) override;
  kj::Promise<void> correctJourney(CorrectJourneyContext) override;
  kj::Promise<void> status(StatusContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
};

}  // namespace obverse
