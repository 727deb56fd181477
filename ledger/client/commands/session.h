// A logged-in connection: the capabilities this certificate was given, and the memory of the
// highest receipt seen, by which a server that was rolled back is noticed.
#pragma once

#include <memory>
#include <string>

#include "ledger/client/commands/settings.h"
#include "ledger/client/terminal_client.h"
#include "schemas/desk.capnp.h"
#include "schemas/terminal.capnp.h"

namespace obverse {

struct SeenReceipt {
  std::uint64_t position = 0;
  std::string chain;  // 32 bytes, binary
  std::string mark;   // the ledger's own, by which it knows what it gave
};

class Session {
 public:
  // Connects and logs in; throws CommandFailed with the cause and the way out, also where the
  // server refuses to serve.
  // Sessions of one thread share a loop: give the second one the loop of the first.
  explicit Session(const Settings&, std::shared_ptr<ClientLoop> = nullptr);

  // Each throws CommandFailed where the certificate's role does not hold the capability.
  rpc::Gate::Client gate();
  rpc::Checkout::Client checkout();
  rpc::EnrolmentDesk::Client enrolment();
  rpc::OperatorDesk::Client operator_desk();
  rpc::Auditor::Client auditor();
  rpc::Desk::Client desk();  // whichever desk this is

  const std::shared_ptr<ClientLoop>& loop() const { return connection_->loop(); }
  kj::WaitScope& wait_scope() { return connection_->wait_scope(); }
  const std::string& model() const { return model_; }
  std::size_t dimensions() const { return dimensions_; }
  const std::string& role() const { return role_; }
  const std::string& terminal() const { return terminal_; }

  // Remembers the receipt if it is the highest seen.
  void saw(rpc::Receipt::Reader);

 private:
  void log_in(const SeenReceipt&);

  Settings settings_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<capnp::Response<rpc::Entrance::LoginResults>> login_;
  std::string model_, role_, terminal_;
  std::size_t dimensions_ = 0;
  SeenReceipt highest_;
};

}  // namespace obverse
