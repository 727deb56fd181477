// Events about people, their faces, PINs and consent, to and from their stored form. Written by
// event_wire.cc only.
#pragma once

#include <optional>

#include "ledger/model/events.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

void write(stored::Event::Builder event, const RiderRegistered& in);
void write(stored::Event::Builder event, const CategoryAssigned& in);
void write(stored::Event::Builder event, const GuardianLinked& in);
void write(stored::Event::Builder event, const ConsentGranted& in);
void write(stored::Event::Builder event, const ConsentWithdrawn& in);
void write(stored::Event::Builder event, const FaceEnrolled& in);
void write(stored::Event::Builder event, const FaceSuspended& in);
void write(stored::Event::Builder event, const FaceReinstated& in);
void write(stored::Event::Builder event, const ErasureRequested& in);
void write(stored::Event::Builder event, const ErasureDeferred& in);
void write(stored::Event::Builder event, const FaceErased& in);
void write(stored::Event::Builder event, const ErasureCompleted& in);
void write(stored::Event::Builder event, const PinSet& in);
void write(stored::Event::Builder event, const PinVerified& in);
void write(stored::Event::Builder event, const PinFailed& in);
void write(stored::Event::Builder event, const PinLocked& in);
void write(stored::Event::Builder event, const PinReset& in);
void write(stored::Event::Builder event, const FaceRecognised& in);
void write(stored::Event::Builder event, const CaptureRejected& in);
void write(stored::Event::Builder event, const PresentationAttackDetected& in);

// Nothing if the event is of another group; throws Malformed.
std::optional<Event> read_people(stored::Event::Reader event);

}  // namespace obverse::wire
