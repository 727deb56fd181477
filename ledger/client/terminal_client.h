// What a gate, a till or a command links to reach the server: one TLS 1.3 connection with the
// terminal's certificate, made of Cap'n Proto's own client stack. Blocking where it connects; calls
// are ordinary Cap'n Proto promises. One thread each.
#pragma once

#include <capnp/capability.h>
#include <kj/async-io.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace obverse {

struct ClientTls {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;  // that signed the server's certificate
};

// Says in one sentence what went wrong and what to do about it.
class ConnectionError : public std::runtime_error {
 public:
  enum class Cause {
    files,               // a certificate or key cannot be read
    unreachable,         // nobody answers there
    server_not_trusted,  // another authority's, expired, or of another name
    not_accepted,        // the server refused our certificate, or is full
    late,                // no answer in time
  };
  ConnectionError(Cause cause, const std::string& what) : std::runtime_error(what), cause_(cause) {}
  Cause cause() const { return cause_; }

 private:
  Cause cause_;
};

// A thread's event loop. A thread can have one; connections that share a thread share it.
class ClientLoop {
 public:
  ClientLoop() : io_(kj::setupAsyncIo()) {}
  kj::AsyncIoContext& io() { return io_; }

 private:
  kj::AsyncIoContext io_;
};

class Connection {
 public:
  // Connects, and returns when the server has accepted the certificate; throws ConnectionError.
  // `server_name` is a DNS name that the server's certificate bears. The first form makes the
  // thread's loop: then it is the thread's only one.
  Connection(const std::string& host, std::uint16_t port, const ClientTls&,
             const std::string& server_name);
  Connection(std::shared_ptr<ClientLoop>, const std::string& host, std::uint16_t port,
             const ClientTls&, const std::string& server_name);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  capnp::Capability::Client bootstrap();
  kj::WaitScope& wait_scope();
  kj::Timer& timer();
  const std::shared_ptr<ClientLoop>& loop()
      const;  // for the next connection, after this one was lost

  kj::Promise<void> when_lost();
  bool is_lost();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace obverse
