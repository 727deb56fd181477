// The door: accepts and shakes hands on a thread of its own that gives way to all others, so that a
// storm of callers does not starve who is inside; bounds how many shake hands at once; spreads
// connections over the reactors in turn, and watches their deadlines. Knows
// nothing of what the capabilities mean.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ledger/server/transport/connection.h"
#include "ledger/server/transport/connection_limits.h"
#include "ledger/server/transport/guarded.h"
#include "ledger/server/transport/reactor.h"
#include "ledger/server/transport/tls.h"

namespace obverse {

class Listener {
 public:
  struct Counters {
    std::uint64_t accepted = 0;
    std::uint64_t handshakes = 0;  // in progress now
    std::uint64_t open = 0;        // now, with and without handshake
    std::uint64_t admitted = 0;    // were given a bootstrap capability, ever
    std::uint64_t paused = 0;      // times that accepting waited for handshakes to finish
    std::array<std::uint64_t, ending_count> ended{};
    std::uint64_t of(Ending ending) const { return ended[static_cast<std::size_t>(ending)]; }
  };

  // Listens at once; throws std::runtime_error that names the address and the way out. The reactors
  // outlive their own run(); the listener outlives every run(). Ignores SIGPIPE for the whole
  // process: OpenSSL writes with write(2).
  Listener(std::vector<Reactor*>, const boost::asio::ip::tcp::endpoint&,
           std::shared_ptr<TlsContext>, const ListenerLimits&, Bootstrap,
           std::shared_ptr<const Incidents> = std::make_shared<Incidents>());
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // All of these from any thread.
  std::uint16_t port() const;
  void close();  // accepts no more, and ends what is open
  // Ends the connections whose holder fits, within one turn of each reactor; `fits` is called on
  // every reactor's thread.
  void cut(const std::function<bool(const PeerIdentity&)>& fits);
  Counters counters() const;

 private:
  class Door;
  std::unique_ptr<Door> door_;
};

}  // namespace obverse
