// Letters wait in a vector under a mutex; the first one of a turn posts the turn.
#include "ledger/server/transport/crossing.h"

#include <cassert>

namespace obverse {

Crossing::Crossing(Reactor& reactor) : box_(std::make_shared<Box>(reactor)) {
  reactor.post([&reactor, box = box_] { reactor.at_end([box] { box->close(); }); });
}

std::uint64_t Crossing::Box::add(std::unique_ptr<Slot> slot) {
  slots_.emplace(++tickets_, std::move(slot));
  return tickets_;
}

void Crossing::Box::send(std::uint64_t ticket, Opening opening) {
  const Lock lock(mutex_);
  if (reactor_ == nullptr) return;
  sent_.emplace_back(ticket, std::move(opening));
  if (sent_.size() > 1) return;
  reactor_->post([self = shared_from_this()] { self->open_all(); });
}

void Crossing::Box::open_all() {
  std::vector<std::pair<std::uint64_t, Opening>> sent;
  {
    const Lock lock(mutex_);
    sent.swap(sent_);
  }
  for (auto& [ticket, opening] : sent) {
    const auto slot = slots_.extract(ticket);
    if (!slot.empty()) opening(*slot.mapped());
  }
}

void Crossing::Box::close() {
  {
    const Lock lock(mutex_);
    reactor_ = nullptr;
    sent_.clear();
  }
  slots_.clear();
}

}  // namespace obverse
