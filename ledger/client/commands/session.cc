#include "ledger/client/commands/session.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iomanip>
#include <optional>
#include <sstream>

namespace obverse {
namespace {

capnp::Data::Reader data(const std::string& bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

std::string text(capnp::Data::Reader bytes) {
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

std::string to_hex(const std::string& bytes) {
  std::ostringstream out;
  for (const char c : bytes)
    out << std::hex << std::setw(2) << std::setfill('0')
        << static_cast<int>(static_cast<unsigned char>(c));
  return out.str();
}

// Nothing unless it is an even number of digits 0-9 a-f.
std::optional<std::string> from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* const at = digits.data() + i;
    const auto [end, error] =
        std::from_chars(at, at + std::min<std::size_t>(2, digits.size() - i), value, 16);
    if (error != std::errc() || end != at + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// A memory that cannot be read is not taken for none: then a rollback would go unnoticed.
SeenReceipt read_memory(const std::filesystem::path& file) {
  if (file.empty() || !std::filesystem::exists(file)) return {};
  std::ifstream in(file);
  SeenReceipt seen;
  std::string chain, mark;
  const bool is_whole = static_cast<bool>(in >> seen.position >> chain);
  in >> mark;  // a memory of before marks has none
  const auto chain_bytes = from_hex(chain), mark_bytes = from_hex(mark);
  if (!is_whole || !chain_bytes || !mark_bytes)
    throw CommandFailed(Ended::usage, "--memory " + file.string() +
                                          ": is not what this command wrote there; name another "
                                          "file, or delete it to begin anew");
  seen.chain = *chain_bytes;
  seen.mark = *mark_bytes;
  return seen;
}

// Written beside and renamed, so that a crash leaves the old memory or the new one.
void write_memory(const std::filesystem::path& file, const SeenReceipt& seen) {
  std::filesystem::create_directories(file.parent_path());
  const auto beside = std::filesystem::path(file.string() + ".new");
  std::ofstream(beside) << seen.position << ' ' << to_hex(seen.chain) << ' ' << to_hex(seen.mark)
                        << '\n';
  std::filesystem::rename(beside, file);
}

void must_hold(bool held, const std::string& role, const char* what, const char* needed) {
  if (held) return;
  throw CommandFailed(Ended::refused,
                      "TERMINAL_NOT_AUTHORISED: this certificate is registered as " + role +
                          ", which " + what + ". Use the certificate of " + needed + ".");
}

void must_be_named(const Settings& settings) {
  for (const auto& [name, file] : {std::pair{"--certificate", &settings.certificate},
                                   {"--key", &settings.key},
                                   {"--authority", &settings.authority}})
    if (file->empty())
      throw CommandFailed(Ended::usage, std::string(name) +
                                            " is missing: name the file, here or in the "
                                            "environment (see obverse --help)");
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
  must_be_named(settings);
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
  hello.setHighestChain(data(seen.chain));
  hello.setHighestMark(data(seen.mark));
  login_ = std::make_unique<capnp::Response<rpc::Entrance::LoginResults>>(
      request.send().wait(wait_scope()));
  if (login_->hasRefused()) {
    const auto refused = login_->getRefused();
    throw CommandFailed(Ended::refused, std::string(refused.getReason().cStr()) + ": " +
                                            refused.getCause().cStr() + "; " +
                                            refused.getWayOut().cStr());
  }
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

rpc::Desk::Client Session::desk() {
  if (login_->hasOperator()) return login_->getOperator();
  if (login_->hasProcessor()) return login_->getProcessor();
  must_hold(login_->hasEnrolment(), role_, "is no desk", "a desk");
  return login_->getEnrolment();
}

rpc::Auditor::Client Session::auditor() {
  must_hold(login_->hasAuditor(), role_, "cannot read the books", "an auditor");
  return login_->getAuditor();
}

void Session::saw(rpc::Receipt::Reader receipt) {
  if (settings_.memory.empty() || receipt.getHeadPosition() < highest_.position) return;
  highest_ = {receipt.getHeadPosition(), text(receipt.getHeadChain()), text(receipt.getMark())};
  write_memory(settings_.memory, highest_);
}

}  // namespace obverse
