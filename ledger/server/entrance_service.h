// The first object of every connection: login looks up whose the certificate is, and hands out what
// that role may hold, and nothing else. A server that was rolled back lets nobody in.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ledger/server/common_service.h"
#include "schemas/terminal.capnp.h"

namespace obverse {

class EntranceService final : public rpc::Entrance::Server {
 public:
  // `logged_in` is called once, when the certificate was found good.
  EntranceService(Household& house, Crossing& crossing, Digest certificate,
                  std::function<void()> logged_in, std::string address = {})
      : house_(house),
        crossing_(crossing),
        certificate_(certificate),
        logged_in_(std::move(logged_in)),
        address_(std::move(address)) {}

 protected:
  kj::Promise<void> login(LoginContext) override;

 private:
  bool refuse_rollback(rpc::Hello::Reader, Role, LoginContext&);

  Household& house_;
  Crossing& crossing_;
  Digest certificate_;
  std::function<void()> logged_in_;
  std::string address_;  // from where the connection comes
};

}  // namespace obverse
