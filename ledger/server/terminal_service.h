// The capabilities of a gate and of a till. A gate can only admit, a till can only sell, and for
// the merchant it was registered with.
#pragma once

#include <memory>

#include "ledger/server/common_service.h"
#include "schemas/terminal.capnp.h"

namespace obverse {

class GateService final : public rpc::Gate::Server {
 public:
  explicit GateService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> enter(EnterContext) override;
  kj::Promise<void> leave(LeaveContext) override;
  kj::Promise<void> status(StatusContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
};

class CheckoutService final : public rpc::Checkout::Server {
 public:
  explicit CheckoutService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> pay(PayContext) override;
  kj::Promise<void> authorise(AuthoriseContext) override;
  kj::Promise<void> capture(CaptureContext) override;
  kj::Promise<void> voidPurchase(VoidPurchaseContext) override;
  kj::Promise<void> reverse(ReverseContext) override;
  kj::Promise<void> refund(RefundContext) override;
  kj::Promise<void> status(StatusContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
};

class SessionService final : public rpc::Session::Server {
 public:
  explicit SessionService(std::shared_ptr<const Caller> caller) : caller_(std::move(caller)) {}

 protected:
  kj::Promise<void> ping(PingContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
};

}  // namespace obverse
