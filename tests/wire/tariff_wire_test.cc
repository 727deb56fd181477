// Every field of a tariff as a desk sends it arrives where it belongs.
#include "ledger/wire/tariff_wire.h"

#include <capnp/message.h>

#include <boost/test/unit_test.hpp>

namespace obverse {
namespace {

rpc::Tariff::Builder sent(capnp::MallocMessageBuilder& message) {
  auto out = message.initRoot<rpc::Tariff>();
  out.setCode("T-1");
  out.setEffectiveFrom(1);
  out.setCurrency(826);
  out.initStations(2).set(0, "A");
  out.getStations().set(1, "B");
  auto track = out.initTracks(1)[0];
  track.setA(0);
  track.setB(1);
  track.setMetres(2);
  track.setSurcharge(3);
  auto section = out.initSections(1)[0];
  section.setMetresMax(4);
  section.setAdult(5);
  section.setChild(6);
  out.setChildRounding(7);
  out.setMaximumAdult(8);
  out.setMaximumChild(9);
  out.setEntryMinimumAdult(10);
  out.setEntryMinimumChild(11);
  out.setJourneyWindowMs(12);
  out.setSameStationFreeMs(13);
  out.setTravelTimeMinMs(14);
  return out;
}

BOOST_AUTO_TEST_SUITE(tariff_wire)

BOOST_AUTO_TEST_CASE(every_field_arrives) {
  Tariff expected;
  expected.code = "T-1";
  expected.transit = {7};
  expected.effective_from = {1};
  expected.currency = Currency::gbp;
  expected.stations = {"A", "B"};
  expected.tracks = {{{0}, {1}, 2, 3}};
  expected.sections = {{4, 5, 6}};
  expected.child_rounding_minor = 7;
  expected.maximum_adult_minor = 8;
  expected.maximum_child_minor = 9;
  expected.entry_minimum_adult_minor = 10;
  expected.entry_minimum_child_minor = 11;
  expected.journey_window = {12};
  expected.same_station_free = {13};
  expected.travel_time_min = {14};
  capnp::MallocMessageBuilder message;
  BOOST_TEST((wire::tariff_of(sent(message).asReader(), {7}) == expected));
}

BOOST_AUTO_TEST_CASE(an_unknown_currency_is_no_silent_default) {
  capnp::MallocMessageBuilder message;
  auto tariff = sent(message);
  tariff.setCurrency(999);
  BOOST_TEST(!wire::tariff_of(tariff.asReader(), {7}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse
