// A Door accepts and shakes hands; a Lane keeps the connections of one reactor. When too many shake
// hands at once, the oldest of those that have not said hello give way: a terminal says it at once,
// and who never does cannot keep the others out.
#include "ledger/server/transport/listener.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csignal>
#include <deque>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace obverse {
namespace {

using boost::asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds sweep_ms{100};
constexpr std::chrono::milliseconds accept_again_ms{50};
// At a full door: how long a silent one has to say hello while others dawdle, and from what age a
// begun one dawdles while it is waited for.
constexpr std::chrono::milliseconds hello_ms{50};
constexpr std::chrono::milliseconds dawdling_ms{250};
constexpr int backlog = 4'096;
constexpr int accepts_in_a_row_max = 16;
constexpr int door_niceness = 10;

struct Tally {
  std::atomic<std::uint64_t> accepted{0}, handshakes{0}, open{0}, admitted{0}, paused{0};
  std::array<std::atomic<std::uint64_t>, ending_count> ended{};
  void ends(Ending ending) {
    --open;
    ++this->ended[static_cast<std::size_t>(ending)];
  }
};

// --- the connections of one reactor --------------------------------------------------------------

class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(Reactor& reactor, const ServerConnection::Common& common, Tally& tally)
      : reactor_(reactor), common_(common), tally_(tally), sweep_(std::in_place, reactor.io()) {}

  Reactor& reactor() { return reactor_; }

  void take(Handshake::Shaken shaken) {
    if (closed_) return tally_.ends(Ending::by_server);
    const auto connection =
        std::make_shared<ServerConnection>(reactor_, common_, std::move(shaken), Clock::now());
    connections_.insert(connection);
    auto* name = connection.get();
    connection->start({
        .admitted = [this] { ++tally_.admitted; },
        .ended = [this, name](Ending ending) { forget(name->shared_from_this(), ending); },
    });
    sweep_later();
  }

  void cut(const std::function<bool(const PeerIdentity&)>& fits) {
    for (const auto& connection : connections_)
      if (fits(connection->identity())) connection->close(Ending::cut);
  }

  void close() {
    closed_ = true;
    for (const auto& connection : connections_) connection->close(Ending::by_server);
  }

  // The reactor ends: nothing can be posted any more.
  void close_now() {
    closed_ = true;
    sweep_.reset();
    for (const auto& connection : std::set(connections_)) connection->close_now();
    connections_.clear();
  }

 private:
  void forget(const std::shared_ptr<ServerConnection>& connection, Ending ending) {
    connections_.erase(connection);
    tally_.ends(ending);
  }

  void sweep_later() {
    if (sweeping_ || connections_.empty() || !sweep_) return;
    sweeping_ = true;
    sweep_->expires_after(sweep_ms);
    sweep_->async_wait([self = shared_from_this()](const auto&) {
      self->sweeping_ = false;
      const auto now = Clock::now();
      for (const auto& connection : self->connections_) connection->look(now);
      self->sweep_later();
    });
  }

  Reactor& reactor_;
  const ServerConnection::Common& common_;
  Tally& tally_;
  std::set<std::shared_ptr<ServerConnection>> connections_;
  std::optional<boost::asio::steady_timer> sweep_;  // gone before its reactor is
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

// --- the door ------------------------------------------------------------------------------------

// On a thread of its own, which gives way to all others: what storms the door gets what those
// inside leave of the processors. So all of this is for that thread, but where it says otherwise.
class Listener::Door {
 public:
  Door(std::vector<Reactor*> reactors, const tcp::endpoint& endpoint,
       ServerConnection::Common common)
      : common_(std::move(common)),
        reactors_(std::move(reactors)),
        acceptor_(std::in_place, open_acceptor(io_, endpoint)),
        endpoint_(acceptor_->local_endpoint()),
        retry_(io_),
        sweep_(io_) {
    for (Reactor* reactor : reactors_) {
      auto lane = std::make_shared<Lane>(*reactor, common_, tally_);
      lanes_.push_back(lane);
      reactor->post([this, reactor, lane] {
        reactor->at_end([this, lane] {
          stop();
          lane->close_now();
        });
      });
    }
    boost::asio::post(io_, [this] {
      wait();
      sweep();
    });
    thread_ = std::thread([this] { run(); });
  }

  ~Door() {
    stop();
    for (const auto& lane : lanes_) lane->reactor().post([lane] { lane->close(); });
    thread_.join();
  }

  // These from any thread.
  std::uint16_t port() const { return endpoint_.port(); }
  void close() {
    stop();
    for (const auto& lane : lanes_) lane->reactor().post([lane] { lane->close(); });
  }
  void cut(const std::function<bool(const PeerIdentity&)>& fits) {
    for (const auto& lane : lanes_) lane->reactor().post([lane, fits] { lane->cut(fits); });
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
  void run() {
    ::pthread_setname_np(::pthread_self(), "door");
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), door_niceness));
    io_.run();
  }

  void stop() {  // any thread
    boost::asio::post(io_, [this] {
      stopped_ = true;
      acceptor_.reset();
      retry_.cancel();
      sweep_.cancel();
      for (const auto& one : std::set(handshakes_)) one->close(Ending::by_server);
      guard_.reset();
    });
  }

  void wait() {
    if (stopped_ || waiting_ || !acceptor_) return;
    waiting_ = true;
    acceptor_->async_wait(tcp::acceptor::wait_read, [this](const auto& error) {
      waiting_ = false;
      if (!error) accept();
    });
  }

  void accept() {
    if (!acceptor_) return;
    tcp::acceptor& acceptor = *acceptor_;
    for (int i = 0; i < accepts_in_a_row_max && !stopped_; ++i) {
      if (must_pause()) return;
      // accept4, because Asio's own accept leaves the descriptor open over an exec.
      const int number =
          ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      const int cause = errno;
      if (number >= 0) {
        begin(number);
      } else if (cause == EMFILE || cause == ENFILE || cause == ENOBUFS || cause == ENOMEM) {
        return accept_later();
      } else if (cause == EAGAIN || cause == EWOULDBLOCK) {
        break;
      }
    }
    wait();
  }

  // True: the next handshake that is over goes on, and some are made to be.
  bool must_pause() {
    if (tally_.handshakes < common_.limits.handshakes_max) return false;
    ++tally_.paused;
    paused_ = true;
    displace(std::min<std::size_t>(accepts_in_a_row_max, common_.limits.handshakes_max / 8 + 1));
    return paused_;
  }

  void accept_later() {
    retry_.expires_after(accept_again_ms);
    retry_.async_wait([this](const auto& error) {
      if (!error) wait();
    });
  }

  void begin(int number) {
    tcp::socket socket(io_);
    boost::system::error_code error;
    socket.assign(endpoint_.protocol(), number, error);
    if (error) ::close(number);
    ++tally_.accepted;
    if (error || tally_.open >= common_.limits.connections_max) {
      ++tally_.ended[static_cast<std::size_t>(error ? Ending::by_peer : Ending::full)];
      return;
    }
    socket.non_blocking(true, error);
    socket.set_option(tcp::no_delay(true), error);
    ++tally_.open;
    ++tally_.handshakes;
    const auto one =
        std::make_shared<Handshake>(*common_.tls, common_.limits, std::move(socket), Clock::now());
    handshakes_.insert(one);
    silent_.push_back(one);
    auto* name = one.get();
    one->start({
        .ready_to_step = [this, name] { queue_step(name->shared_from_this()); },
        .over = [this] { go_on(); },
        .shaken =
            [this, name](Handshake::Shaken shaken) {
              handshakes_.erase(name->shared_from_this());
              hand_over(std::move(shaken));
            },
        .ended =
            [this, name](Ending ending) {
              handshakes_.erase(name->shared_from_this());
              tally_.ends(ending);
            },
    });
  }

  void hand_over(Handshake::Shaken shaken) {
    const auto& lane = lanes_[next_lane_++ % lanes_.size()];
    if (stopped_ || !shaken.channel->move_to(lane->reactor().io()))
      return tally_.ends(stopped_ ? Ending::by_server : Ending::by_peer);
    lane->reactor().post(
        [lane, shaken = std::move(shaken)]() mutable { lane->take(std::move(shaken)); });
  }

  void go_on() {
    --tally_.handshakes;
    if (std::exchange(paused_, false)) wait();
  }

  // Handshakes take turns: one step, about a millisecond of CPU, then everybody who is ready.
  void queue_step(std::shared_ptr<Handshake> handshake) {
    steps_.push_back(std::move(handshake));
    if (!std::exchange(stepping_, true)) post_step();
  }

  void post_step() {
    boost::asio::post(io_, [this] {
      if (steps_.empty()) {
        stepping_ = false;
        return;
      }
      const auto handshake = std::move(steps_.front());
      steps_.pop_front();
      handshake->step();
      const bool crowded = tally_.handshakes >= common_.limits.handshakes_max;
      if (crowded && (handshake->is_silent() || (paused_ && handshake->is_awaited()))) displace(1);
      post_step();
    });
  }

  // Who gives way where the door is full: the oldest silent one that had its time to say hello;
  // else the oldest that dawdles in its handshake; else the oldest silent one all the same.
  void displace(std::size_t most) {
    const auto now = Clock::now();
    for (; most > 0; --most) {
      const auto silent = oldest_silent();
      if (silent && !silent->is_silent()) return;  // its turn comes, and with it this again
      const bool had_its_time = silent && silent->is_older_than(hello_ms, now);
      auto goes = had_its_time ? silent : oldest_dawdler(now);
      if (!goes) goes = silent;
      if (!goes) return;
      goes->close(Ending::displaced);
    }
  }

  std::shared_ptr<Handshake> oldest_silent() {
    for (; !silent_.empty(); silent_.pop_front()) {
      auto oldest = silent_.front().lock();
      if (!oldest) continue;
      if (oldest->may_be_silent()) return oldest;
      begun_.push_back(oldest);
    }
    return nullptr;
  }

  std::shared_ptr<Handshake> oldest_dawdler(Clock::time_point now) const {
    for (const auto& one : begun_) {
      auto handshake = one.lock();
      if (handshake && handshake->is_awaited() && handshake->is_older_than(dawdling_ms, now))
        return handshake;
    }
    return nullptr;
  }

  void sweep() {
    if (stopped_) return;
    const auto now = Clock::now();
    for (const auto& one : std::set(handshakes_)) one->look(now);
    std::erase_if(silent_, [this](const auto& one) {
      const auto handshake = one.lock();
      if (handshake && !handshake->may_be_silent()) begun_.push_back(handshake);
      return !handshake || !handshake->may_be_silent();
    });
    std::erase_if(begun_, [](const auto& one) { return one.expired(); });
    if (paused_) displace(1);
    sweep_.expires_after(sweep_ms);
    sweep_.async_wait([this](const auto& error) {
      if (!error) sweep();
    });
  }

  const ServerConnection::Common common_;
  const std::vector<Reactor*> reactors_;
  Tally tally_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      io_.get_executor()};
  std::optional<tcp::acceptor> acceptor_;
  const tcp::endpoint endpoint_;
  boost::asio::steady_timer retry_, sweep_;
  std::set<std::shared_ptr<Handshake>> handshakes_;  // and those that part
  std::deque<std::weak_ptr<Handshake>> silent_;      // by age; some are not silent any more
  std::deque<std::weak_ptr<Handshake>> begun_;       // as they were found among them
  std::deque<std::shared_ptr<Handshake>> steps_;
  std::size_t next_lane_ = 0;
  bool stepping_ = false, waiting_ = false, paused_ = false, stopped_ = false;
  std::thread thread_;
};

Listener::Listener(std::vector<Reactor*> reactors, const tcp::endpoint& endpoint,
                   std::shared_ptr<TlsContext> tls, const ListenerLimits& limits,
                   Bootstrap bootstrap, std::shared_ptr<const Incidents> incidents) {
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR)
    throw std::runtime_error("SIGPIPE cannot be ignored");
  door_ = std::make_unique<Door>(
      std::move(reactors), endpoint,
      ServerConnection::Common{std::move(tls), limits, std::move(incidents), std::move(bootstrap)});
}

Listener::~Listener() = default;

std::uint16_t Listener::port() const { return door_->port(); }

void Listener::close() { door_->close(); }

void Listener::cut(const std::function<bool(const PeerIdentity&)>& fits) { door_->cut(fits); }

Listener::Counters Listener::counters() const { return door_->counters(); }

}  // namespace obverse
