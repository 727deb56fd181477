#include "ledger/wire/event_wire_people.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {

using wire::read;

void write(stored::Event::Builder event, const FaceRecognised& in) {
  write(event.initFaceRecognised().initEvidence(), in.evidence);
}

std::optional<Event> read_people(stored::Event::Reader event) {
  if (!event.isFaceRecognised()) return std::nullopt;
  return FaceRecognised{read(event.getFaceRecognised().getEvidence())};
}

}  // namespace obverse::wire
