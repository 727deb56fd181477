#include "ledger/wire/tariff_wire.h"

namespace obverse::wire {

std::optional<Tariff> tariff_of(rpc::Tariff::Reader from, OperatorId transit) {
  const auto currency = currency_of(from.getCurrency());
  if (!currency) return std::nullopt;
  Tariff tariff;
  tariff.code = from.getCode().cStr();
  tariff.transit = transit;
  tariff.effective_from = {from.getEffectiveFrom()};
  tariff.currency = *currency;
  for (const auto station : from.getStations()) tariff.stations.emplace_back(station.cStr());
  for (const auto track : from.getTracks())
    tariff.tracks.push_back(
        {{track.getA()}, {track.getB()}, track.getMetres(), track.getSurcharge()});
  for (const auto section : from.getSections())
    tariff.sections.push_back({section.getMetresMax(), section.getAdult(), section.getChild()});
  tariff.child_rounding_minor = from.getChildRounding();
  tariff.maximum_adult_minor = from.getMaximumAdult();
  tariff.maximum_child_minor = from.getMaximumChild();
  tariff.entry_minimum_adult_minor = from.getEntryMinimumAdult();
  tariff.entry_minimum_child_minor = from.getEntryMinimumChild();
  tariff.journey_window = {from.getJourneyWindowMs()};
  tariff.same_station_free = {from.getSameStationFreeMs()};
  tariff.travel_time_min = {from.getTravelTimeMinMs()};
  return tariff;
}

}  // namespace obverse::wire
