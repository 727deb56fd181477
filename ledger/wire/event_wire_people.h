// The event about people that every request leaves, to and from its stored form; the others are
// plain. Written by event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const FaceRecognised& in);

// Nothing if the event is another; throws Malformed.
std::optional<Event> read_people(stored::Event::Reader event);

}  // namespace obverse::wire
