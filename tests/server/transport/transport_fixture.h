// What the transport tests share: certificates in a folder of their own, a real listener on
// loopback with a service that knows nothing of the product, and a peer that can misbehave because
// it speaks TLS and framing by hand.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ledger/client/terminal_client.h"
#include "ledger/server/transport/listener.h"
#include "ledger/vault/certificates.h"
#include "tests/server/transport/echo.capnp.h"

namespace obverse {

// A folder that goes away, with an authority, a server's certificate and an empty revocation list.
class Papers {
 public:
  Papers();
  ~Papers();
  Papers(const Papers&) = delete;
  Papers& operator=(const Papers&) = delete;

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  ClientTls terminal(const std::string& name, int days = 1);  // issues it the first time
  ClientTls of_another_authority();
  TlsFiles server() const;
  AuthorityFiles authority() const { return {file("authority.crt"), file("authority.key")}; }
  void revoke_terminal(const std::string& name);

 private:
  std::filesystem::path folder_;
};

// What the service of a House has done; shared by all of its connections and read by tests.
struct Deeds {
  std::mutex mutex;
  std::int64_t paid = 0;                  // by Till.pay
  std::atomic<bool> answers_wait{false};  // Till.pay: hold the answers until let go; one reactor
  std::vector<kj::Own<kj::PromiseFulfiller<void>>> held;  // touched on that reactor's thread only
  std::atomic<int> begun{0};                              // Till.pay
  std::atomic<int> done{0};
  std::atomic<int> entrances{0};  // bootstrap objects made
  std::atomic<int> entrances_gone{0};
  std::vector<std::pair<std::string, std::string>> incidents;
  std::vector<std::thread::id> threads;  // on which bootstrap objects were made
};

// A listener and its reactors, each on a thread of its own.
class House {
 public:
  explicit House(Papers&, ListenerLimits = {}, std::size_t reactors = 1);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  std::uint16_t port() const { return listener_->port(); }
  Listener& listener() { return *listener_; }
  TlsContext& tls() { return *tls_; }
  Deeds& deeds() { return deeds_; }
  Reactor& reactor(std::size_t number = 0) { return *reactors_[number]; }
  void let_go();  // of the answers that wait
  void stop();    // the reactors, and waits for their threads
  std::uint64_t ended(Ending ending) const { return listener_->counters().of(ending); }

 private:
  Deeds deeds_;
  std::shared_ptr<TlsContext> tls_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::thread> threads_;
};

// Waits until it holds. The bound is only there so that a broken build ends: nothing is measured by
// it.
bool eventually(const std::function<bool()>&);

// A blocking TLS client made of OpenSSL alone.
class RawPeer {
 public:
  struct Options {
    int version_max = TLS1_3_VERSION;
    SSL_SESSION* offer = nullptr;  // a session to resume
    bool with_certificate = true;
    bool offer_key = false;        // a pre-shared key that the server never gave out
    const char* groups = nullptr;  // of the key exchange; otherwise OpenSSL's own
    std::function<void()> before_handshake = [] {};
  };
  RawPeer(std::uint16_t port, const ClientTls&, Options);
  RawPeer(std::uint16_t port, const ClientTls&);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool shaken() const { return shaken_; }  // this side believes that the handshake is over
  SSL* session() { return session_; }
  int socket() const { return socket_; }
  // How many bytes went before the peer took no more for `patience`, or the connection ended.
  std::size_t send(std::span<const std::byte>,
                   std::chrono::milliseconds patience = std::chrono::seconds(20));
  bool is_ended();  // blocks until something comes: true if that is the end; else it was read and
                    // forgotten
  bool wait_for_end();  // reads and forgets until the end; false after a very long time
  std::vector<std::byte> receive();  // what comes next; empty at the end
  void half_close();
  void reset();  // closes with RST

 private:
  void limit_time(std::chrono::milliseconds);
  int socket_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* session_ = nullptr;
  bool shaken_ = false;
};

// A plain TCP connection, for peers that never get as far as TLS.
int connect_plain(std::uint16_t port);
bool is_closed(int socket);  // blocks until the other side closes; false after a very long time

// Messages in the standard framing.
using Bytes = std::vector<std::byte>;
Bytes bootstrap_message(std::uint32_t question);
Bytes echo_message(std::uint32_t question, std::uint32_t bootstrap, std::size_t payload);
Bytes pay_message(std::uint32_t question, std::uint32_t login, std::int64_t amount);
Bytes login_message(std::uint32_t question, std::uint32_t bootstrap);
Bytes finish_message(std::uint32_t question);
void append(Bytes& to, const Bytes& more);

}  // namespace obverse
