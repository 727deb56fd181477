#include "ledger/client/commands/session.h"

#include <charconv>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace obverse {
namespace {

std::string to_hex(const std::string& bytes) {
  std::ostringstream out;
  for (const char c : bytes)
    out << std::hex << std::setw(2) << std::setfill('0')
        << static_cast<int>(static_cast<unsigned char>(c));
  return out.str();
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

SeenReceipt read_memory(const std::filesystem::path& file) {
  SeenReceipt seen;
  std::ifstream in(file);
  std::string chain;
  if (file.empty() || !(in >> seen.position >> chain)) return {};
  seen.chain = from_hex(chain);
  return seen;
}

// Written beside and renamed, so that a crash leaves the old memory or the new one.
void write_memory(const std::filesystem::path& file, const SeenReceipt& seen) {
  std::filesystem::create_directories(file.parent_path());
  const auto beside = std::filesystem::path(file.string() + ".new");
  std::ofstream(beside) << seen.position << ' ' << to_hex(seen.chain) << '\n';
  std::filesystem::rename(beside, file);
}

void must_hold(bool held, const std::string& role, const char* what, const char* needed) {
  if (held) return;
  throw CommandFailed(Ended::refused,
                      "TERMINAL_NOT_AUTHORISED: this certificate is registered as " + role +
                          ", which " + what + ". Use the certificate of " + needed + ".");
}

std::pair<std::string, std::uint16_t> split_address(const std::string& address) {
  const auto colon = address.rfind(':');
  unsigned port = 0;
  const char* const end = address.data() + address.size();
  if (colon != std::string::npos) {
    const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, port);
    if (error == std::errc() && rest == end && port > 0 && port < 65536)
      return {address.substr(0, colon), static_cast<std::uint16_t>(port)};
  }
  throw CommandFailed(Ended::usage,
                      "--server " + address + " is not HOST:PORT, for example 127.0.0.1:7443");
}

}  // namespace

Session::Session(const Settings& settings, std::shared_ptr<ClientLoop> loop) : settings_(settings) {
  if (!loop) loop = std::make_shared<ClientLoop>();
  const auto [host, port] = split_address(settings.server);
  try {
    connection_ = std::make_unique<Connection>(
        std::move(loop), host, port,
        ClientTls{settings.certificate, settings.key, settings.authority}, settings.server_name);
    log_in(read_memory(settings.memory));
  } catch (const CommandFailed&) {
    throw;
  } catch (const kj::Exception& failure) {
    throw CommandFailed(Ended::unreachable, std::string("the server ended the connection: ") +
                                                failure.getDescription().cStr());
  } catch (const std::exception& failure) {
    throw CommandFailed(Ended::unreachable, failure.what());
  }
}

void Session::log_in(const SeenReceipt& seen) {
  auto request = connection_->bootstrap().castAs<rpc::Entrance>().loginRequest();
  auto hello = request.initHello();
  hello.setSoftware("obverse");
  hello.setHighestPosition(seen.position);
  hello.setHighestChain(
      capnp::Data::Reader(reinterpret_cast<const kj::byte*>(seen.chain.data()), seen.chain.size()));
  login_.emplace(request.send().wait(wait_scope()));
  const auto welcome = login_->getWelcome();
  model_ = welcome.getModel().cStr();
  role_ = welcome.getRole().cStr();
  terminal_ = welcome.getTerminal().cStr();
  dimensions_ = welcome.getDimensions();
  highest_ = seen;
}

rpc::Gate::Client Session::gate() {
  must_hold(login_->hasGate(), role_, "opens no gate", "a gate");
  return login_->getGate();
}

rpc::Checkout::Client Session::checkout() {
  must_hold(login_->hasCheckout(), role_, "cannot sell", "a till");
  return login_->getCheckout();
}

rpc::EnrolmentDesk::Client Session::enrolment() {
  must_hold(login_->hasEnrolment(), role_, "cannot enrol people", "an enrolment desk");
  return login_->getEnrolment();
}

rpc::OperatorDesk::Client Session::operator_desk() {
  must_hold(login_->hasOperator(), role_, "has no operator's rights", "an operator desk");
  return login_->getOperator();
}

rpc::Auditor::Client Session::auditor() {
  must_hold(login_->hasAuditor(), role_, "cannot read the books", "an auditor");
  return login_->getAuditor();
}

void Session::saw(rpc::Receipt::Reader receipt) {
  if (settings_.memory.empty() || receipt.getHeadPosition() < highest_.position) return;
  const auto chain = receipt.getHeadChain();
  highest_ = {receipt.getHeadPosition(),
              std::string(reinterpret_cast<const char*>(chain.begin()), chain.size())};
  write_memory(settings_.memory, highest_);
}

}  // namespace obverse
