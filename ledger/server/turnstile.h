// Tells a terminal BUSY before its call is even decoded: one for each connection. What it lets
// through, Caller::present counts.
#pragma once

#include <memory>

#include "ledger/server/common_service.h"
#include "ledger/server/transport/usher.h"

namespace obverse {

class Turnstile final : public Usher {
 public:
  Turnstile(Household& house, const Digest& certificate);
  kj::Maybe<kj::Array<capnp::word>> turn_away(capnp::rpc::Call::Reader) override;

 private:
  Household& house_;
  std::shared_ptr<Admission::Share> share_;
};

}  // namespace obverse
