// What callers were told, to and from its stored form. Written by event_wire.cc only.
#pragma once

#include "ledger/model/reply.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Reply::Builder out, const Reply& in);
Reply read(stored::Reply::Reader in);  // throws Malformed

}  // namespace obverse::wire
