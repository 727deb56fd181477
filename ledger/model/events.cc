#include "ledger/model/events.h"

namespace obverse {

Event::Event() = default;
Event::Event(const Event&) = default;
Event::Event(Event&&) noexcept = default;
Event& Event::operator=(const Event&) = default;
Event& Event::operator=(Event&&) noexcept = default;
Event::~Event() = default;

bool operator==(const Event& one, const Event& other) {
  return static_cast<const EventKinds&>(one) == static_cast<const EventKinds&>(other);
}

}  // namespace obverse
