// A Door accepts on the first reactor; a Lane keeps the connections of one reactor. Handshakes of a
// lane take turns: one step, about a millisecond of CPU, then everybody who is ready, then the next
// step. When too many are in progress, the oldest of those that have not said hello give way: a
// terminal says it at once, and who never does cannot keep the others out.
#include "ledger/server/transport/listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csignal>
#include <deque>
#include <set>
#include <stdexcept>
#include <utility>

namespace obverse {
namespace {

using boost::asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds sweep_ms{100};
constexpr std::chrono::milliseconds accept_again_ms{50};
constexpr int backlog = 4'096;
constexpr int accepts_in_a_row_max = 16;

struct Tally {
  std::atomic<std::uint64_t> accepted{0}, handshakes{0}, open{0}, admitted{0}, paused{0};
  std::array<std::atomic<std::uint64_t>, ending_count> ended{};
};

// A descriptor on its way to its reactor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

// --- the connections of one reactor --------------------------------------------------------------

class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(Reactor& reactor, const ServerConnection::Common& common, Tally& tally,
       std::function<void()> on_shaken)
      : reactor_(reactor),
        common_(common),
        tally_(tally),
        on_shaken_(std::move(on_shaken)),
        sweep_(std::in_place, reactor.io()) {}

  void take(tcp protocol, Descriptor& descriptor) {
    if (closed_) return shaken_and_gone(Ending::by_server);
    tcp::socket socket(reactor_.io());
    boost::system::error_code error;
    const int number = descriptor.release();
    socket.assign(protocol, number, error);
    if (error) {
      ::close(number);
      return shaken_and_gone(Ending::by_peer);
    }
    socket.non_blocking(true, error);
    socket.set_option(tcp::no_delay(true), error);
    const auto connection =
        std::make_shared<ServerConnection>(reactor_, common_, std::move(socket), Clock::now());
    connections_.insert(connection);
    silent_.push_back(connection);
    auto* name = connection.get();
    connection->start({
        .ready_to_step = [this, name] { queue_step(name->shared_from_this()); },
        .shaken = [this, name] { shaken(name->stage() == ServerConnection::Stage::open); },
        .ended = [this, name](Ending ending) { forget(name->shared_from_this(), ending); },
    });
    sweep_later();
  }

  void cut(const std::function<bool(const PeerIdentity&)>& fits) {
    for (const auto& connection : connections_) {
      if (connection->identity() && fits(*connection->identity())) connection->close(Ending::cut);
    }
  }

  void displace(std::size_t most) {
    while (most > 0 && !silent_.empty()) {
      const auto oldest = silent_.front().lock();
      if (oldest && oldest->may_be_silent()) {
        if (!oldest->is_silent()) return;  // its turn comes, and with it this again
        oldest->close(Ending::displaced);
        --most;
      }
      silent_.pop_front();
    }
  }

  void close() {
    closed_ = true;
    for (const auto& connection : connections_) connection->close(Ending::by_server);
  }

  // The reactor ends: nothing can be posted any more.
  void close_now() {
    closed_ = true;
    sweep_.reset();
    steps_.clear();
    for (const auto& connection : std::set(connections_)) connection->close_now();
    connections_.clear();
  }

 private:
  void queue_step(std::shared_ptr<ServerConnection> connection) {
    steps_.push_back(std::move(connection));
    if (!std::exchange(stepping_, true)) post_step();
  }

  void post_step() {
    boost::asio::post(reactor_.io(), [self = shared_from_this()] {
      if (self->steps_.empty()) {
        self->stepping_ = false;
        return;
      }
      const auto connection = std::move(self->steps_.front());
      self->steps_.pop_front();
      connection->step();
      const bool crowded = self->tally_.handshakes >= self->common_.limits.handshakes_max;
      if (crowded && connection->is_silent()) self->displace(1);
      self->post_step();
    });
  }

  void shaken(bool admitted) {
    if (admitted) ++tally_.admitted;
    --tally_.handshakes;
    on_shaken_();
  }

  void shaken_and_gone(Ending ending) {
    shaken(false);
    gone(ending);
  }

  void gone(Ending ending) {
    --tally_.open;
    ++tally_.ended[static_cast<std::size_t>(ending)];
  }

  void forget(const std::shared_ptr<ServerConnection>& connection, Ending ending) {
    connections_.erase(connection);
    gone(ending);
  }

  void sweep_later() {
    if (sweeping_ || connections_.empty() || !sweep_) return;
    sweeping_ = true;
    sweep_->expires_after(sweep_ms);
    sweep_->async_wait([self = shared_from_this()](const auto&) {
      self->sweeping_ = false;
      const auto now = Clock::now();
      for (const auto& connection : self->connections_) connection->look(now);
      std::erase_if(self->silent_, [](const auto& one) {
        const auto connection = one.lock();
        return !connection || !connection->may_be_silent();
      });
      self->sweep_later();
    });
  }

  Reactor& reactor_;
  const ServerConnection::Common& common_;
  Tally& tally_;
  std::function<void()> on_shaken_;
  std::set<std::shared_ptr<ServerConnection>> connections_;
  std::deque<std::weak_ptr<ServerConnection>> silent_;  // by age; some are not silent any more
  std::deque<std::shared_ptr<ServerConnection>> steps_;
  std::optional<boost::asio::steady_timer> sweep_;  // gone before its reactor is
  bool stepping_ = false;
  bool sweeping_ = false;
  bool closed_ = false;
};

tcp::acceptor open_acceptor(boost::asio::io_context& io, const tcp::endpoint& endpoint) {
  const int number =
      ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  tcp::acceptor acceptor(io);
  boost::system::error_code error;
  if (number < 0) {
    error.assign(errno, boost::system::system_category());
  } else {
    acceptor.assign(endpoint.protocol(), number, error);
    if (error) ::close(number);
  }
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(backlog, error);
  if (!error) acceptor.non_blocking(true, error);
  if (!error) return acceptor;
  throw std::runtime_error("cannot listen on " + endpoint.address().to_string() + " port " +
                           std::to_string(endpoint.port()) + ": " + error.message() +
                           "; choose another address or port, or stop who has it");
}

}  // namespace

// --- the acceptor --------------------------------------------------------------------------------

class Listener::Door : public std::enable_shared_from_this<Door> {
 public:
  Door(std::vector<Reactor*> reactors, const tcp::endpoint& endpoint,
       ServerConnection::Common common)
      : common_(std::move(common)),
        reactors_(std::move(reactors)),
        acceptor_(open_acceptor(reactors_.at(0)->io(), endpoint)),
        endpoint_(acceptor_->local_endpoint()),
        retry_(std::in_place, reactors_.at(0)->io()) {}

  void start() {
    for (Reactor* reactor : reactors_) {
      auto lane = std::make_shared<Lane>(*reactor, common_, tally_, [this] { go_on(); });
      lanes_.push_back(lane);
      reactor->post([self = shared_from_this(), reactor, lane] {
        reactor->at_end([self, lane] { lane->close_now(); });
      });
    }
    reactors_[0]->post([self = shared_from_this()] {
      self->reactors_[0]->at_end([self] { self->stop(); });
      self->wait();
    });
  }

  std::uint16_t port() const { return endpoint_.port(); }

  void close() {
    reactors_[0]->post([self = shared_from_this()] { self->stop(); });
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      reactors_[i]->post([lane = lanes_[i]] { lane->close(); });
    }
  }

  void cut(const std::function<bool(const PeerIdentity&)>& fits) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      reactors_[i]->post([self = shared_from_this(), lane = lanes_[i], fits] { lane->cut(fits); });
    }
  }

  Counters counters() const {
    Counters now{.accepted = tally_.accepted,
                 .handshakes = tally_.handshakes,
                 .open = tally_.open,
                 .admitted = tally_.admitted,
                 .paused = tally_.paused};
    std::copy(tally_.ended.begin(), tally_.ended.end(), now.ended.begin());
    return now;
  }

 private:
  void stop() {
    stopped_ = true;
    acceptor_.reset();
    retry_.reset();
  }

  void wait() {
    if (stopped_) return;
    acceptor_->async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](const auto& error) {
      if (!error) self->accept();
    });
  }

  void accept() {
    for (int i = 0; i < accepts_in_a_row_max && !stopped_; ++i) {
      if (must_pause()) return;
      // accept4, because Asio's own accept leaves the descriptor open over an exec.
      Descriptor descriptor(
          ::accept4(acceptor_->native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      const int cause = errno;
      if (descriptor.is_open()) {
        hand_over(descriptor.release());
      } else if (cause == EMFILE || cause == ENFILE || cause == ENOBUFS || cause == ENOMEM) {
        return accept_later();
      } else if (cause == EAGAIN || cause == EWOULDBLOCK) {
        break;
      }
    }
    wait();
  }

  // True: whoever finishes the next handshake calls go_on(), and some are made to.
  bool must_pause() {
    if (tally_.handshakes < common_.limits.handshakes_max) return false;
    ++tally_.paused;
    paused_ = true;
    const std::size_t some =
        std::min<std::size_t>(accepts_in_a_row_max, common_.limits.handshakes_max / 8 + 1);
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      reactors_[i]->post([lane = lanes_[i], some] { lane->displace(some); });
    // One may have finished before it could see the flag.
    return tally_.handshakes >= common_.limits.handshakes_max || !paused_.exchange(false);
  }

  void go_on() {
    if (!paused_.exchange(false)) return;
    reactors_[0]->post([self = shared_from_this()] { self->wait(); });
  }

  void accept_later() {
    retry_->expires_after(accept_again_ms);
    retry_->async_wait([self = shared_from_this()](const auto& error) {
      if (!error) self->wait();
    });
  }

  void hand_over(int number) {
    auto descriptor = std::make_shared<Descriptor>(number);
    ++tally_.accepted;
    if (tally_.open >= common_.limits.connections_max) {
      ++tally_.ended[static_cast<std::size_t>(Ending::full)];
      return;
    }
    ++tally_.open;
    ++tally_.handshakes;
    const std::size_t lane = next_lane_++ % lanes_.size();
    reactors_[lane]->post([self = shared_from_this(), lane = lanes_[lane], descriptor] {
      lane->take(self->endpoint_.protocol(), *descriptor);
    });
  }

  const ServerConnection::Common common_;
  std::vector<Reactor*> reactors_;
  Tally tally_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::optional<tcp::acceptor> acceptor_;  // both gone before their reactor is
  tcp::endpoint endpoint_;
  std::optional<boost::asio::steady_timer> retry_;
  std::size_t next_lane_ = 0;
  std::atomic<bool> paused_{false};
  bool stopped_ = false;
};

Listener::Listener(std::vector<Reactor*> reactors, tcp::endpoint endpoint,
                   std::shared_ptr<TlsContext> tls, const ListenerLimits& limits,
                   Bootstrap bootstrap, std::shared_ptr<const Incidents> incidents) {
  std::signal(SIGPIPE, SIG_IGN);
  door_ = std::make_shared<Door>(
      std::move(reactors), endpoint,
      ServerConnection::Common{std::move(tls), limits, std::move(incidents), std::move(bootstrap)});
  door_->start();
}

Listener::~Listener() { door_->close(); }

std::uint16_t Listener::port() const { return door_->port(); }

void Listener::close() { door_->close(); }

void Listener::cut(std::function<bool(const PeerIdentity&)> fits) { door_->cut(fits); }

Listener::Counters Listener::counters() const { return door_->counters(); }

}  // namespace obverse
