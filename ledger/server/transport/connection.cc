// See the header. Teardown is always posted: the RPC system must not be destroyed by one of its own
// callbacks.
#include "ledger/server/transport/connection.h"

#include <spdlog/spdlog.h>

#include <cassert>
#include <exception>
#include <utility>

namespace obverse {
namespace {

capnp::ReaderOptions network_options(const ListenerLimits& limits) {
  capnp::ReaderOptions options;
  // Caps what is sent. What is received has tighter limits, which the message stream sets for each
  // message.
  options.traversalLimitInWords = limits.message_bytes_max / sizeof(capnp::word);
  options.nestingLimit = limits.nesting_max;
  return options;
}

}  // namespace

void ConnectionHandle::logged_in() {
  if (const auto connection = connection_.lock()) connection->logged_in();
}

void ConnectionHandle::ask_first(std::shared_ptr<Usher> usher) {
  if (const auto connection = connection_.lock()) connection->ask_first(std::move(usher));
}

void ConnectionHandle::cut() {
  reactor_.post([connection = connection_] {
    if (const auto alive = connection.lock()) alive->close(Ending::cut);
  });
}

std::optional<Ending> Patience::look(const Progress& progress, const ListenerLimits& limits,
                                     Time now) {
  if (progress.partial_message != message_) {
    message_ = progress.partial_message;
    message_since_ = now;
  }
  if (message_ != 0 && now - message_since_ > limits.message_ms_max) return Ending::message_late;
  if (progress.sent_bytes == progress.queued_bytes) {
    must_be_sent_ = 0;
  } else if (must_be_sent_ == 0 || progress.sent_bytes >= must_be_sent_) {
    must_be_sent_ = progress.queued_bytes;
    write_since_ = now;
  }
  if (must_be_sent_ != 0 && now - write_since_ > limits.write_ms_max) return Ending::write_late;
  return std::nullopt;
}

ServerConnection::ServerConnection(Reactor& reactor, const Common& common, Handshake::Shaken shaken,
                                   Time now)
    : reactor_(reactor),
      common_(common),
      generation_(shaken.generation),
      channel_(std::move(shaken.channel)),
      deadline_(now + common.limits.handshake_ms_max),
      identity_(std::move(shaken.identity)) {}

ServerConnection::~ServerConnection() = default;

void ServerConnection::start(Events events) {
  events_ = std::move(events);
  if (generation_ != common_.tls->generation()) return part(Ending::outdated);
  open();
}

void ServerConnection::open() {
  const auto handle =
      std::make_shared<ConnectionHandle>(reactor_, weak_from_this(), channel_->address());
  kj::Maybe<capnp::Capability::Client> bootstrap;
  auto refused =
      kj::runCatchingExceptions([&] { bootstrap = common_.bootstrap(identity_, handle); });
  KJ_IF_MAYBE (cause, refused) {
    common_.incidents->bare(*cause);
    return part(Ending::identity_refused);
  }
  stage_ = Stage::open;
  deadline_ = std::chrono::steady_clock::now() + common_.limits.login_ms_max;
  stream_ = std::make_unique<MessageStream>(reactor_, channel_, common_.limits, common_.incidents,
                                            [this](Ending ending) { close(ending); });
  if (logged_in_) stream_->widen();
  if (usher_) stream_->ask_first(std::exchange(usher_, nullptr));
  network_ = kj::heap<capnp::TwoPartyVatNetwork>(*stream_, capnp::rpc::twoparty::Side::SERVER,
                                                 network_options(common_.limits));
  auto system = capnp::makeRpcServer(*network_, kj::mv(KJ_ASSERT_NONNULL(bootstrap)));
  system.setFlowLimit(common_.limits.calls_bytes_max / sizeof(capnp::word));
  rpc_ = kj::heap<capnp::RpcSystem<capnp::rpc::twoparty::VatId>>(kj::mv(system));
  disconnected_ = network_->onDisconnect()
                      .then([this] { close(Ending::by_peer); },
                            [this](kj::Exception&&) { close(Ending::by_peer); })
                      .eagerlyEvaluate(nullptr);
  events_.admitted();
}

// Within the time that it had for its handshake.
void ServerConnection::part(Ending ending) {
  ending_ = ending;
  stage_ = Stage::parting;
  channel_->part([self = weak_from_this()] {
    const auto connection = self.lock();
    if (connection && connection->stage_ == Stage::parting) connection->close(*connection->ending_);
  });
}

void ServerConnection::close(Ending ending) {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  if (!ending_) ending_ = ending;
  channel_->close();
  reactor_.post([self = shared_from_this()] { self->tear_down(); });
}

void ServerConnection::close_now() {
  stage_ = Stage::closed;
  if (!ending_) ending_ = Ending::by_server;
  channel_->close();
  tear_down();
}

void ServerConnection::tear_down() {
  // A service's destructor may throw; the others are still let go of.
  const auto drop = [](auto& thing) {
    auto thrown = kj::runCatchingExceptions([&] { thing = nullptr; });
    if (thrown != nullptr) spdlog::error("a connection's end threw an exception");
  };
  drop(disconnected_);
  drop(rpc_);
  drop(network_);
  drop(stream_);
  assert(ending_);
  if (events_.ended) std::exchange(events_.ended, nullptr)(*ending_);
}

void ServerConnection::look(Time now) {
  if (stage_ == Stage::parting && ending_ && now > deadline_) return close(*ending_);
  if (stage_ != Stage::open) return;
  if (!logged_in_ && now > deadline_) return close(Ending::login_late);
  const auto late = patience_.look(stream_->progress(), common_.limits, now);
  if (late) close(*late);
}

void ServerConnection::logged_in() {
  logged_in_ = true;
  if (stream_) stream_->widen();
}

void ServerConnection::ask_first(std::shared_ptr<Usher> usher) {
  if (stream_) return stream_->ask_first(std::move(usher));
  usher_ = std::move(usher);
}

}  // namespace obverse
