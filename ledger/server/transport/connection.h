// One terminal's connection, from the end of its handshake to its own: one bootstrap capability
// made for its certificate, deadlines. Lives on one reactor.
#pragma once

#include <capnp/capability.h>
#include <capnp/rpc-twoparty.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/server/transport/connection_limits.h"
#include "ledger/server/transport/guarded.h"
#include "ledger/server/transport/handshake.h"
#include "ledger/server/transport/message_stream.h"
#include "ledger/server/transport/reactor.h"
#include "ledger/server/transport/tls.h"
#include "ledger/server/transport/tls_channel.h"

namespace obverse {

class ServerConnection;

// What the makers of capabilities may say about the connection that they serve. May outlive it.
class ConnectionHandle {
 public:
  ConnectionHandle(Reactor& reactor, std::weak_ptr<ServerConnection> connection,
                   std::string address)
      : reactor_(reactor), connection_(std::move(connection)), address_(std::move(address)) {}
  void logged_in();  // on the connection's reactor: limits widen, the login deadline ends
  void ask_first(std::shared_ptr<Usher>);  // on the connection's reactor
  void cut();                              // any thread, while the reactor lives
  Reactor& reactor() const { return reactor_; }
  const std::string& address() const { return address_; }  // of the peer, without its port

 private:
  Reactor& reactor_;
  std::weak_ptr<ServerConnection> connection_;
  std::string address_;
};

// Called once for each connection, on its reactor; what it throws refuses the connection.
using Bootstrap = std::function<capnp::Capability::Client(const PeerIdentity&,
                                                          std::shared_ptr<ConnectionHandle>)>;

// Judges by what has moved whether a peer is too slow. Pure: time is a parameter.
class Patience {
 public:
  using Time = std::chrono::steady_clock::time_point;
  std::optional<Ending> look(const Progress&, const ListenerLimits&, Time now);

 private:
  std::uint64_t message_ = 0;  // that was partial when last looked, since message_since_
  Time message_since_{};
  std::uint64_t must_be_sent_ = 0;  // the bytes that waited at write_since_ end here; 0: none did
  Time write_since_{};
};

class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  using Time = Patience::Time;
  enum class Stage { begun, open, parting, closed };

  struct Common {  // of all connections of one listener; outlives them
    std::shared_ptr<TlsContext> tls;
    ListenerLimits limits;
    std::shared_ptr<const Incidents> incidents;
    Bootstrap bootstrap;
  };
  struct Events {  // told to the owner, each at most once, never from within a call into this
                   // object by the RPC system
    std::function<void()> admitted;     // has its bootstrap capability
    std::function<void(Ending)> ended;  // nothing is left; let go of this object
  };

  ServerConnection(Reactor&, const Common&, Handshake::Shaken, Time now);
  ~ServerConnection();

  void start(Events);

  void close(Ending);   // soon; the first reason counts
  void close_now();     // at once, when the reactor is ending
  void look(Time now);  // at the deadlines
  void logged_in();
  void ask_first(std::shared_ptr<Usher>);
  const PeerIdentity& identity() const { return identity_; }

 private:
  void open();
  void part(Ending);
  void tear_down();

  Reactor& reactor_;
  const Common& common_;
  std::uint64_t generation_;
  std::shared_ptr<TlsChannel> channel_;
  Events events_;
  Stage stage_ = Stage::begun;
  std::optional<Ending> ending_;
  Time deadline_;
  bool logged_in_ = false;
  std::shared_ptr<Usher> usher_;  // until there is a stream
  Patience patience_;
  PeerIdentity identity_;

  // In this order: the RPC system must go before the network, and that before the stream.
  std::unique_ptr<MessageStream> stream_;
  kj::Own<capnp::TwoPartyVatNetwork> network_;
  kj::Own<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> rpc_;
  kj::Maybe<kj::Promise<void>> disconnected_;
};

}  // namespace obverse
