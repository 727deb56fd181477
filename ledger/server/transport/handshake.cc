#include "ledger/server/transport/handshake.h"

#include <utility>

namespace obverse {

Handshake::Handshake(const TlsContext& tls, const ListenerLimits& limits,
                     boost::asio::ip::tcp::socket socket, Time now)
    : generation_(tls.generation()),
      channel_(std::make_shared<TlsChannel>(tls, std::move(socket))),
      began_(now),
      deadline_(now + limits.handshake_ms_max) {}

void Handshake::start(Events events) {
  events_ = std::move(events);
  events_.ready_to_step();
}

void Handshake::step() {
  if (stage_ != Stage::shaking) return;
  const auto again = [self = weak_from_this()] {
    const auto handshake = self.lock();
    if (!handshake || handshake->stage_ != Stage::shaking) return;
    handshake->awaited_ = false;
    handshake->events_.ready_to_step();
  };
  switch (channel_->step()) {
    case TlsChannel::Handshake::wants_read:
      awaited_ = true;
      return channel_->when_readable(again);
    case TlsChannel::Handshake::wants_write:
      return channel_->when_writable(again);
    case TlsChannel::Handshake::failed:
      return part(Ending::handshake_failed);
    case TlsChannel::Handshake::done:
      break;
  }
  auto identity = channel_->identity();
  if (!identity) return part(Ending::identity_refused);
  stage_ = Stage::done;
  told_over();
  const auto self = shared_from_this();  // whoever is told lets go
  events_.shaken({std::move(channel_), *std::move(identity), generation_});
}

void Handshake::part(Ending ending) {
  ending_ = ending;
  stage_ = Stage::parting;
  told_over();
  channel_->part([self = weak_from_this()] {
    if (const auto handshake = self.lock()) handshake->close(*handshake->ending_);
  });
}

void Handshake::close(Ending ending) {
  if (stage_ == Stage::done) return;
  stage_ = Stage::done;
  channel_->close();
  told_over();
  const auto self = shared_from_this();
  events_.ended(ending_.value_or(ending));
}

void Handshake::look(Time now) {
  if (now > deadline_) close(Ending::handshake_late);
}

void Handshake::told_over() {
  if (events_.over) std::exchange(events_.over, nullptr)();
}

}  // namespace obverse
