// A thread for each reactor. The door opens last and closes first.
#include "ledger/server/server.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <map>
#include <thread>
#include <vector>

#include "ledger/server/common_service.h"
#include "ledger/server/entrance_service.h"
#include "ledger/server/interior.h"
#include "ledger/server/transport/crossing.h"
#include "ledger/server/turnstile.h"

namespace obverse {

struct Server::Parts {
  // A network thread and the way back to it.
  struct Desk {
    Desk() : crossing(reactor) {}
    Reactor reactor;
    Crossing crossing;
  };

  Parts(const Config& settings, EventLog& log, Vault& vault, Clock& clock,
        const std::function<void(const std::string&)>& on_broken)
      : config(settings),
        tls(std::make_shared<TlsContext>(settings.tls)),
        interior(settings, log, vault, clock, on_broken) {
    for (unsigned i = 0; i < config.reactors; ++i) desks.push_back(std::make_unique<Desk>());
  }

  capnp::Capability::Client entrance(const PeerIdentity& peer,
                                     const std::shared_ptr<ConnectionHandle>& connection) {
    Crossing* crossing = nullptr;
    for (const auto& desk : desks) {
      if (&desk->reactor == &connection->reactor()) crossing = &desk->crossing;
    }
    KJ_REQUIRE(crossing != nullptr, "a connection on a reactor that is not ours");
    connection->ask_first(std::make_shared<Turnstile>(interior.household(), peer.certificate));
    return kj::heap<EntranceService>(
        interior.household(), *crossing, peer.certificate,
        [connection] { connection->logged_in(); }, connection->address());
  }

  void start() {
    std::vector<Reactor*> reactors;
    reactors.reserve(desks.size());
    for (const auto& desk : desks) reactors.push_back(&desk->reactor);
    listener = std::make_unique<Listener>(
        reactors,
        boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address(config.address), config.port),
        tls, config.listener,
        [this](const PeerIdentity& peer, const std::shared_ptr<ConnectionHandle>& connection) {
          return entrance(peer, connection);
        },
        std::shared_ptr<const Incidents>(&interior.household().incidents, [](const Incidents*) {}));
    interior.start({.cut =
                        [this](const Digest& certificate) {
                          listener->cut([certificate](const PeerIdentity& peer) {
                            return peer.certificate == certificate;
                          });
                        },
                    .connections = [this] { return listener->counters().open; },
                    .endings = [this] { return endings(); }});
    for (const auto& desk : desks) {
      threads.emplace_back([&reactor = desk->reactor] { reactor.run(); });
    }
  }

  // "connections_ended_login_late"
  std::vector<std::pair<std::string, std::uint64_t>> endings() const {
    std::vector<std::pair<std::string, std::uint64_t>> named;
    const auto counters = listener->counters();
    for (std::size_t i = 0; i < ending_count; ++i) {
      std::string words = "connections_ended_" + std::string(name(static_cast<Ending>(i)));
      std::ranges::replace(words, ' ', '_');
      named.emplace_back(std::move(words), counters.ended[i]);
    }
    return named;
  }

  void stop() {
    if (listener) listener->close();
    interior.stop();
    for (const auto& desk : desks) desk->reactor.stop();
    for (std::thread& thread : threads) {
      if (thread.joinable()) thread.join();
    }
  }

  Config config;
  std::shared_ptr<TlsContext> tls;
  Interior interior;
  std::vector<std::unique_ptr<Desk>> desks;
  std::unique_ptr<Listener> listener;
  std::vector<std::thread> threads;
};

Server::Server(const Config& config, EventLog& log, Vault& vault, Clock& clock,
               const std::function<void(const std::string&)>& on_broken)
    : parts_(std::make_unique<Parts>(config, log, vault, clock, on_broken)) {}

Server::~Server() { stop(); }

void Server::start() { parts_->start(); }

void Server::stop() { parts_->stop(); }

std::uint16_t Server::port() const { return parts_->listener->port(); }

std::uint64_t Server::position() const {
  return parts_->interior.household().ledger.head().position.value;
}

std::uint32_t Server::people() const { return parts_->interior.household().matcher.people(); }

const Metrics& Server::metrics() const { return parts_->interior.metrics(); }

Listener::Counters Server::connections() const { return parts_->listener->counters(); }

// The list holds for who is inside already, too.
void Server::reload_certificates() {
  parts_->tls->reload();
  parts_->listener->cut(
      [tls = parts_->tls](const PeerIdentity& peer) { return tls->is_revoked(peer); });
}

}  // namespace obverse
