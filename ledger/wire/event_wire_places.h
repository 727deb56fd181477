// Events about gates and journeys, to and from their stored form. Written by event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const EntryValidated& in);
void write(stored::Event::Builder event, const EntryDenied& in);
void write(stored::Event::Builder event, const PassBackDetected& in);
void write(stored::Event::Builder event, const JourneyOpened& in);
void write(stored::Event::Builder event, const ExitValidated& in);
void write(stored::Event::Builder event, const ExitDenied& in);
void write(stored::Event::Builder event, const FareCalculated& in);
void write(stored::Event::Builder event, const FareCharged& in);
void write(stored::Event::Builder event, const JourneyClosed& in);
void write(stored::Event::Builder event, const JourneyIncomplete& in);
void write(stored::Event::Builder event, const MaximumFareCharged& in);
void write(stored::Event::Builder event, const JourneyCorrected& in);
void write(stored::Event::Builder event, const FareAdjusted& in);

// Nothing if the event is of another group; throws Malformed.
std::optional<Event> read_places(stored::Event::Reader event);

}  // namespace obverse::wire
