// A caller at the door: the TLS handshake and its deadline, and where it fails, the parting. Lives
// on the loop of the door; what it makes goes on to a reactor.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/server/transport/connection_limits.h"
#include "ledger/server/transport/tls.h"
#include "ledger/server/transport/tls_channel.h"

namespace obverse {

class Handshake : public std::enable_shared_from_this<Handshake> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Shaken {
    std::shared_ptr<TlsChannel> channel;
    PeerIdentity identity;
    std::uint64_t generation = 0;  // of the TlsContext under which it began
  };
  struct Events {                         // told to the owner, each at most once but the first
    std::function<void()> ready_to_step;  // step() may go on; after every step that waited
    std::function<void()> over;           // no work is left, well or badly
    std::function<void(Shaken)> shaken;   // let go of this object
    std::function<void(Ending)> ended;    // nothing is left; let go of this object
  };

  Handshake(const TlsContext&, const ListenerLimits&, boost::asio::ip::tcp::socket, Time now);

  void start(Events);
  void step();          // a piece of it, up to a millisecond of CPU
  void close(Ending);   // at once; the first reason counts
  void look(Time now);  // at the deadline

  // It has not said a whole hello; and was given the chance to.
  bool may_be_silent() const { return stage_ == Stage::shaking && !channel_->has_begun(); }
  bool is_silent() const { return may_be_silent() && channel_->was_waited_for(); }
  // It has begun, and it is the peer's turn to speak.
  bool is_awaited() const { return stage_ == Stage::shaking && channel_->has_begun() && awaited_; }
  bool is_older_than(std::chrono::milliseconds age, Time now) const { return now > began_ + age; }

 private:
  enum class Stage { shaking, parting, done };
  void part(Ending);
  void told_over();

  const std::uint64_t generation_;
  std::shared_ptr<TlsChannel> channel_;
  Events events_;
  Stage stage_ = Stage::shaking;
  std::optional<Ending> ending_;
  bool awaited_ = false;  // the peer: for what it says next
  Time began_;
  Time deadline_;
};

}  // namespace obverse
