#include "ledger/wire/event_wire_people.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {
namespace {

using wire::read;

RiderRegistered read(stored::RiderRegistered::Reader in) {
  RiderRegistered out{};
  out.rider.value = in.getRider();
  out.category = known<Category>(in.getCategory());
  return out;
}
CategoryAssigned read(stored::CategoryAssigned::Reader in) {
  CategoryAssigned out{};
  out.rider.value = in.getRider();
  out.category = known<Category>(in.getCategory());
  return out;
}
GuardianLinked read(stored::GuardianLinked::Reader in) {
  GuardianLinked out{};
  out.rider.value = in.getRider();
  out.guardian.value = in.getGuardian();
  return out;
}
ConsentGranted read(stored::ConsentGranted::Reader in) {
  ConsentGranted out{};
  out.rider.value = in.getRider();
  out.purpose = known<Purpose>(in.getPurpose());
  out.party = read(in.getParty());
  out.text_version = in.getTextVersion();
  out.guardian = maybe<RiderId>(in.getGuardian());
  return out;
}
ConsentWithdrawn read(stored::ConsentWithdrawn::Reader in) {
  ConsentWithdrawn out{};
  out.rider.value = in.getRider();
  out.purpose = known<Purpose>(in.getPurpose());
  out.party = read(in.getParty());
  return out;
}
FaceEnrolled read(stored::FaceEnrolled::Reader in) {
  FaceEnrolled out{};
  out.rider.value = in.getRider();
  out.face.value = in.getFace();
  out.model = code(in.getModel());
  out.photos = in.getPhotos();
  out.sealed.bytes = bytes<32>(in.getSealed());
  return out;
}
FaceSuspended read(stored::FaceSuspended::Reader in) {
  FaceSuspended out{};
  out.rider.value = in.getRider();
  out.because = known<Suspension>(in.getBecause());
  return out;
}
FaceReinstated read(stored::FaceReinstated::Reader in) {
  FaceReinstated out{};
  out.rider.value = in.getRider();
  return out;
}
ErasureRequested read(stored::ErasureRequested::Reader in) {
  ErasureRequested out{};
  out.rider.value = in.getRider();
  return out;
}
ErasureDeferred read(stored::ErasureDeferred::Reader in) {
  ErasureDeferred out{};
  out.rider.value = in.getRider();
  return out;
}
FaceErased read(stored::FaceErased::Reader in) {
  FaceErased out{};
  out.rider.value = in.getRider();
  out.face.value = in.getFace();
  return out;
}
ErasureCompleted read(stored::ErasureCompleted::Reader in) {
  ErasureCompleted out{};
  out.rider.value = in.getRider();
  return out;
}
PinSet read(stored::PinSet::Reader in) {
  PinSet out{};
  out.rider.value = in.getRider();
  out.version.value = in.getVersion();
  return out;
}
PinVerified read(stored::PinVerified::Reader in) {
  PinVerified out{};
  out.rider.value = in.getRider();
  out.version.value = in.getVersion();
  out.terminal.value = in.getTerminal();
  return out;
}
PinFailed read(stored::PinFailed::Reader in) {
  PinFailed out{};
  out.rider.value = in.getRider();
  out.terminal.value = in.getTerminal();
  out.failures = in.getFailures();
  return out;
}
PinLocked read(stored::PinLocked::Reader in) {
  PinLocked out{};
  out.rider.value = in.getRider();
  return out;
}
PinReset read(stored::PinReset::Reader in) {
  PinReset out{};
  out.rider.value = in.getRider();
  out.desk.value = in.getDesk();
  return out;
}
FaceRecognised read(stored::FaceRecognised::Reader in) {
  FaceRecognised out{};
  out.evidence = read(in.getEvidence());
  return out;
}
CaptureRejected read(stored::CaptureRejected::Reader in) {
  CaptureRejected out{};
  out.terminal.value = in.getTerminal();
  out.why = known<Capture>(in.getWhy());
  return out;
}
PresentationAttackDetected read(stored::PresentationAttackDetected::Reader in) {
  PresentationAttackDetected out{};
  out.terminal.value = in.getTerminal();
  return out;
}

}  // namespace

void write(stored::Event::Builder event, const RiderRegistered& in) {
  auto out = event.initRiderRegistered();
  out.setRider(in.rider.value);
  out.setCategory(number(in.category));
}
void write(stored::Event::Builder event, const CategoryAssigned& in) {
  auto out = event.initCategoryAssigned();
  out.setRider(in.rider.value);
  out.setCategory(number(in.category));
}
void write(stored::Event::Builder event, const GuardianLinked& in) {
  auto out = event.initGuardianLinked();
  out.setRider(in.rider.value);
  out.setGuardian(in.guardian.value);
}
void write(stored::Event::Builder event, const ConsentGranted& in) {
  auto out = event.initConsentGranted();
  out.setRider(in.rider.value);
  out.setPurpose(number(in.purpose));
  write(out.initParty(), in.party);
  out.setTextVersion(in.text_version);
  write(out.getGuardian(), in.guardian);
}
void write(stored::Event::Builder event, const ConsentWithdrawn& in) {
  auto out = event.initConsentWithdrawn();
  out.setRider(in.rider.value);
  out.setPurpose(number(in.purpose));
  write(out.initParty(), in.party);
}
void write(stored::Event::Builder event, const FaceEnrolled& in) {
  auto out = event.initFaceEnrolled();
  out.setRider(in.rider.value);
  out.setFace(in.face.value);
  out.setModel(text(in.model));
  out.setPhotos(in.photos);
  out.setSealed(data(in.sealed.bytes));
}
void write(stored::Event::Builder event, const FaceSuspended& in) {
  auto out = event.initFaceSuspended();
  out.setRider(in.rider.value);
  out.setBecause(number(in.because));
}
void write(stored::Event::Builder event, const FaceReinstated& in) {
  auto out = event.initFaceReinstated();
  out.setRider(in.rider.value);
}
void write(stored::Event::Builder event, const ErasureRequested& in) {
  auto out = event.initErasureRequested();
  out.setRider(in.rider.value);
}
void write(stored::Event::Builder event, const ErasureDeferred& in) {
  auto out = event.initErasureDeferred();
  out.setRider(in.rider.value);
}
void write(stored::Event::Builder event, const FaceErased& in) {
  auto out = event.initFaceErased();
  out.setRider(in.rider.value);
  out.setFace(in.face.value);
}
void write(stored::Event::Builder event, const ErasureCompleted& in) {
  auto out = event.initErasureCompleted();
  out.setRider(in.rider.value);
}
void write(stored::Event::Builder event, const PinSet& in) {
  auto out = event.initPinSet();
  out.setRider(in.rider.value);
  out.setVersion(in.version.value);
}
void write(stored::Event::Builder event, const PinVerified& in) {
  auto out = event.initPinVerified();
  out.setRider(in.rider.value);
  out.setVersion(in.version.value);
  out.setTerminal(in.terminal.value);
}
void write(stored::Event::Builder event, const PinFailed& in) {
  auto out = event.initPinFailed();
  out.setRider(in.rider.value);
  out.setTerminal(in.terminal.value);
  out.setFailures(in.failures);
}
void write(stored::Event::Builder event, const PinLocked& in) {
  auto out = event.initPinLocked();
  out.setRider(in.rider.value);
}
void write(stored::Event::Builder event, const PinReset& in) {
  auto out = event.initPinReset();
  out.setRider(in.rider.value);
  out.setDesk(in.desk.value);
}
void write(stored::Event::Builder event, const FaceRecognised& in) {
  auto out = event.initFaceRecognised();
  write(out.initEvidence(), in.evidence);
}
void write(stored::Event::Builder event, const CaptureRejected& in) {
  auto out = event.initCaptureRejected();
  out.setTerminal(in.terminal.value);
  out.setWhy(number(in.why));
}
void write(stored::Event::Builder event, const PresentationAttackDetected& in) {
  auto out = event.initPresentationAttackDetected();
  out.setTerminal(in.terminal.value);
}

std::optional<Event> read_people(stored::Event::Reader event) {
  switch (event.which()) {
    case stored::Event::RIDER_REGISTERED:
      return read(event.getRiderRegistered());
    case stored::Event::CATEGORY_ASSIGNED:
      return read(event.getCategoryAssigned());
    case stored::Event::GUARDIAN_LINKED:
      return read(event.getGuardianLinked());
    case stored::Event::CONSENT_GRANTED:
      return read(event.getConsentGranted());
    case stored::Event::CONSENT_WITHDRAWN:
      return read(event.getConsentWithdrawn());
    case stored::Event::FACE_ENROLLED:
      return read(event.getFaceEnrolled());
    case stored::Event::FACE_SUSPENDED:
      return read(event.getFaceSuspended());
    case stored::Event::FACE_REINSTATED:
      return read(event.getFaceReinstated());
    case stored::Event::ERASURE_REQUESTED:
      return read(event.getErasureRequested());
    case stored::Event::ERASURE_DEFERRED:
      return read(event.getErasureDeferred());
    case stored::Event::FACE_ERASED:
      return read(event.getFaceErased());
    case stored::Event::ERASURE_COMPLETED:
      return read(event.getErasureCompleted());
    case stored::Event::PIN_SET:
      return read(event.getPinSet());
    case stored::Event::PIN_VERIFIED:
      return read(event.getPinVerified());
    case stored::Event::PIN_FAILED:
      return read(event.getPinFailed());
    case stored::Event::PIN_LOCKED:
      return read(event.getPinLocked());
    case stored::Event::PIN_RESET:
      return read(event.getPinReset());
    case stored::Event::FACE_RECOGNISED:
      return read(event.getFaceRecognised());
    case stored::Event::CAPTURE_REJECTED:
      return read(event.getCaptureRejected());
    case stored::Event::PRESENTATION_ATTACK_DETECTED:
      return read(event.getPresentationAttackDetected());
    default:
      return std::nullopt;
  }
}

}  // namespace obverse::wire
