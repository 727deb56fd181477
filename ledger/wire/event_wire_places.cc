#include "ledger/wire/event_wire_places.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {
namespace {

using wire::read;

EntryValidated read(stored::EntryValidated::Reader in) {
  EntryValidated out{};
  out.rider.value = in.getRider();
  out.gate.value = in.getGate();
  out.station.value = in.getStation();
  return out;
}
EntryDenied read(stored::EntryDenied::Reader in) {
  EntryDenied out{};
  out.rider = maybe<RiderId>(in.getRider());
  out.gate.value = in.getGate();
  out.refusal = known<Refusal>(in.getRefusal());
  return out;
}
PassBackDetected read(stored::PassBackDetected::Reader in) {
  PassBackDetected out{};
  out.rider.value = in.getRider();
  out.gate.value = in.getGate();
  out.journey.value = in.getJourney();
  return out;
}
JourneyOpened read(stored::JourneyOpened::Reader in) {
  JourneyOpened out{};
  out.journey.value = in.getJourney();
  out.rider.value = in.getRider();
  out.transit.value = in.getTransit();
  out.tariff.value = in.getTariff();
  out.category = known<Category>(in.getCategory());
  out.entry.value = in.getEntry();
  out.hold.value = in.getHold();
  out.at = instant(in.getAt());
  out.deadline = instant(in.getDeadline());
  return out;
}
ExitValidated read(stored::ExitValidated::Reader in) {
  ExitValidated out{};
  out.rider.value = in.getRider();
  out.gate.value = in.getGate();
  out.station.value = in.getStation();
  return out;
}
ExitDenied read(stored::ExitDenied::Reader in) {
  ExitDenied out{};
  out.rider = maybe<RiderId>(in.getRider());
  out.gate.value = in.getGate();
  out.refusal = known<Refusal>(in.getRefusal());
  return out;
}
FareCalculated read(stored::FareCalculated::Reader in) {
  FareCalculated out{};
  out.journey.value = in.getJourney();
  out.fare = read(in.getFare());
  out.surcharge_minor = in.getSurchargeMinor();
  out.metres = in.getMetres();
  out.section = in.getSection();
  out.tariff.value = in.getTariff();
  return out;
}
FareCharged read(stored::FareCharged::Reader in) {
  FareCharged out{};
  out.journey.value = in.getJourney();
  out.amount = read(in.getAmount());
  return out;
}
JourneyClosed read(stored::JourneyClosed::Reader in) {
  JourneyClosed out{};
  out.journey.value = in.getJourney();
  out.exit.value = in.getExit();
  out.fare = read(in.getFare());
  out.at = instant(in.getAt());
  return out;
}
JourneyIncomplete read(stored::JourneyIncomplete::Reader in) {
  JourneyIncomplete out{};
  out.journey.value = in.getJourney();
  out.at = instant(in.getAt());
  return out;
}
MaximumFareCharged read(stored::MaximumFareCharged::Reader in) {
  MaximumFareCharged out{};
  out.journey.value = in.getJourney();
  out.amount = read(in.getAmount());
  return out;
}
JourneyCorrected read(stored::JourneyCorrected::Reader in) {
  JourneyCorrected out{};
  out.journey.value = in.getJourney();
  out.exit.value = in.getExit();
  out.fare = read(in.getFare());
  out.desk.value = in.getDesk();
  return out;
}
FareAdjusted read(stored::FareAdjusted::Reader in) {
  FareAdjusted out{};
  out.journey.value = in.getJourney();
  out.from = read(in.getFrom());
  out.to = read(in.getTo());
  return out;
}

}  // namespace

void write(stored::Event::Builder event, const EntryValidated& in) {
  auto out = event.initEntryValidated();
  out.setRider(in.rider.value);
  out.setGate(in.gate.value);
  out.setStation(in.station.value);
}
void write(stored::Event::Builder event, const EntryDenied& in) {
  auto out = event.initEntryDenied();
  write(out.getRider(), in.rider);
  out.setGate(in.gate.value);
  out.setRefusal(number(in.refusal));
}
void write(stored::Event::Builder event, const PassBackDetected& in) {
  auto out = event.initPassBackDetected();
  out.setRider(in.rider.value);
  out.setGate(in.gate.value);
  out.setJourney(in.journey.value);
}
void write(stored::Event::Builder event, const JourneyOpened& in) {
  auto out = event.initJourneyOpened();
  out.setJourney(in.journey.value);
  out.setRider(in.rider.value);
  out.setTransit(in.transit.value);
  out.setTariff(in.tariff.value);
  out.setCategory(number(in.category));
  out.setEntry(in.entry.value);
  out.setHold(in.hold.value);
  out.setAt(number(in.at));
  out.setDeadline(number(in.deadline));
}
void write(stored::Event::Builder event, const ExitValidated& in) {
  auto out = event.initExitValidated();
  out.setRider(in.rider.value);
  out.setGate(in.gate.value);
  out.setStation(in.station.value);
}
void write(stored::Event::Builder event, const ExitDenied& in) {
  auto out = event.initExitDenied();
  write(out.getRider(), in.rider);
  out.setGate(in.gate.value);
  out.setRefusal(number(in.refusal));
}
void write(stored::Event::Builder event, const FareCalculated& in) {
  auto out = event.initFareCalculated();
  out.setJourney(in.journey.value);
  write(out.initFare(), in.fare);
  out.setSurchargeMinor(in.surcharge_minor);
  out.setMetres(in.metres);
  out.setSection(in.section);
  out.setTariff(in.tariff.value);
}
void write(stored::Event::Builder event, const FareCharged& in) {
  auto out = event.initFareCharged();
  out.setJourney(in.journey.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const JourneyClosed& in) {
  auto out = event.initJourneyClosed();
  out.setJourney(in.journey.value);
  out.setExit(in.exit.value);
  write(out.initFare(), in.fare);
  out.setAt(number(in.at));
}
void write(stored::Event::Builder event, const JourneyIncomplete& in) {
  auto out = event.initJourneyIncomplete();
  out.setJourney(in.journey.value);
  out.setAt(number(in.at));
}
void write(stored::Event::Builder event, const MaximumFareCharged& in) {
  auto out = event.initMaximumFareCharged();
  out.setJourney(in.journey.value);
  write(out.initAmount(), in.amount);
}
void write(stored::Event::Builder event, const JourneyCorrected& in) {
  auto out = event.initJourneyCorrected();
  out.setJourney(in.journey.value);
  out.setExit(in.exit.value);
  write(out.initFare(), in.fare);
  out.setDesk(in.desk.value);
}
void write(stored::Event::Builder event, const FareAdjusted& in) {
  auto out = event.initFareAdjusted();
  out.setJourney(in.journey.value);
  write(out.initFrom(), in.from);
  write(out.initTo(), in.to);
}

std::optional<Event> read_places(stored::Event::Reader event) {
  switch (event.which()) {
    case stored::Event::ENTRY_VALIDATED:
      return read(event.getEntryValidated());
    case stored::Event::ENTRY_DENIED:
      return read(event.getEntryDenied());
    case stored::Event::PASS_BACK_DETECTED:
      return read(event.getPassBackDetected());
    case stored::Event::JOURNEY_OPENED:
      return read(event.getJourneyOpened());
    case stored::Event::EXIT_VALIDATED:
      return read(event.getExitValidated());
    case stored::Event::EXIT_DENIED:
      return read(event.getExitDenied());
    case stored::Event::FARE_CALCULATED:
      return read(event.getFareCalculated());
    case stored::Event::FARE_CHARGED:
      return read(event.getFareCharged());
    case stored::Event::JOURNEY_CLOSED:
      return read(event.getJourneyClosed());
    case stored::Event::JOURNEY_INCOMPLETE:
      return read(event.getJourneyIncomplete());
    case stored::Event::MAXIMUM_FARE_CHARGED:
      return read(event.getMaximumFareCharged());
    case stored::Event::JOURNEY_CORRECTED:
      return read(event.getJourneyCorrected());
    case stored::Event::FARE_ADJUSTED:
      return read(event.getFareAdjusted());
    default:
      return std::nullopt;
  }
}

}  // namespace obverse::wire
