// The policy, to and from its stored form: its local time may be behind UTC, which no other
// duration may. Written by event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const PolicyPublished& in);

// Nothing if the event is another; throws Malformed.
std::optional<Event> read_operations(stored::Event::Reader event);

}  // namespace obverse::wire
