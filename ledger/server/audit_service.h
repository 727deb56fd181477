// The capability of an auditor: reading the log and the balances, and nothing else. narrow() gives
// one away that sees less.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "ledger/server/common_service.h"
#include "schemas/audit.capnp.h"

namespace obverse {

class AuditService final : public rpc::Auditor::Server {
 public:
  static constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();
  explicit AuditService(std::shared_ptr<const Caller> caller, std::uint64_t to = everything)
      : caller_(std::move(caller)), to_(to) {}

 protected:
  kj::Promise<void> head(HeadContext) override;
  kj::Promise<void> history(HistoryContext) override;
  kj::Promise<void> balances(BalancesContext) override;
  kj::Promise<void> narrow(NarrowContext) override;

 private:
  std::shared_ptr<const Caller> caller_;
  std::uint64_t to_;  // may read up to this position
};

}  // namespace obverse
