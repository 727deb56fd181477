// The capability of an enrolment desk: people, consent, faces, PINs, wallets, loads. It names no
// till and opens no gate. What is secret goes into the vault first, and then its event is asked
// for.
#pragma once

#include <memory>

#include "ledger/server/common_service.h"
#include "ledger/server/desk_commands.h"
#include "schemas/enrolment.capnp.h"

namespace obverse {

class EnrolmentService final : public rpc::EnrolmentDesk::Server {
 public:
  explicit EnrolmentService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> act(ActContext context) override { return obverse::act(caller_, context); }
  kj::Promise<void> register_(RegisterContext) override;
  kj::Promise<void> consent(ConsentContext) override;
  kj::Promise<void> withdraw(WithdrawContext) override;
  kj::Promise<void> enrol(EnrolContext) override;
  kj::Promise<void> suspend(SuspendContext) override;
  kj::Promise<void> reinstate(ReinstateContext) override;
  kj::Promise<void> erase(EraseContext) override;
  kj::Promise<void> setPin(SetPinContext) override;
  kj::Promise<void> resetPin(ResetPinContext) override;
  kj::Promise<void> openWallet(OpenWalletContext) override;
  kj::Promise<void> load(LoadContext) override;
  kj::Promise<void> person(PersonContext) override;
  kj::Promise<void> assignCategory(AssignCategoryContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
};

}  // namespace obverse
