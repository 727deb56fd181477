// Events about who takes part, to and from their stored form. Written by event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const OperatorRegistered& in);
void write(stored::Event::Builder event, const MerchantRegistered& in);
void write(stored::Event::Builder event, const TerminalRegistered& in);
void write(stored::Event::Builder event, const TerminalRevoked& in);
void write(stored::Event::Builder event, const TariffPublished& in);
void write(stored::Event::Builder event, const PolicyPublished& in);

// Nothing if the event is of another group; throws Malformed.
std::optional<Event> read_operations(stored::Event::Reader event);

}  // namespace obverse::wire
