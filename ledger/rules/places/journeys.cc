// Gates, step by step: the checks first, one refusal a line, then what has happened.
#include "ledger/rules/places/journeys.h"

#include <algorithm>
#include <cassert>
#include <iterator>

#include "ledger/rules/places/charging.h"
#include "ledger/rules/places/journey_price.h"
#include "ledger/rules/places/ride_payment.h"
#include "ledger/rules/places/rides.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

void append(Events& events, Events more) { std::ranges::move(more, std::back_inserter(events)); }

// The denial names the person only where the evidence does.
Decision deny_entry(Events events, std::optional<RiderId> rider, TerminalId gate, Refusal refusal) {
  if (rider) events.push_back(EntryDenied{rider, gate, refusal});
  return {std::move(events), Refused{refusal, {}}};
}
Decision deny_exit(Events events, std::optional<RiderId> rider, TerminalId gate, Refusal refusal) {
  if (rider) events.push_back(ExitDenied{rider, gate, refusal});
  return {std::move(events), Refused{refusal, {}}};
}

bool has_other_journey(const Journeys& journeys, RiderId rider, JourneyId besides) {
  for (auto at = journeys.open.lower_bound({rider, {}});
       at != journeys.open.end() && at->first.rider == rider; ++at)
    if (at->second != besides) return true;
  return false;
}

Events erasure_after(const Journeys& journeys, const GateView& view, JourneyId ended) {
  const Journey& journey = journeys.known.at(ended);
  const bool open_after = has_other_journey(journeys, journey.rider, ended) ||
                          has_open_hold_besides(view.holds, journey.rider, journey.hold) ||
                          has_open_business(view.cards, journey.rider);
  return finish_erasure(view.enrolments, journey.rider, open_after);
}

// The journey has no exit: the maximum fare, and a debt for what the wallet cannot cover.
Outcome<Settled> close_as_incomplete(const Journeys& journeys, const GateView& view, JourneyId id,
                                     const Moment& moment) {
  const Journey& journey = journeys.known.at(id);
  const Money maximum = maximum_fare(priced(view.fares, journey.tariff).tariff, journey.category);
  auto settled = pay_ride(
      view, id, journey,
      {PostingReason::maximum_fare_charged, journey.rider, journey.transit, maximum, {}, 0, 0},
      moment);
  if (!settled) return settled;
  Events events{JourneyIncomplete{id, std::min(moment.now, journey.deadline)},
                MaximumFareCharged{id, maximum}};
  append(events, std::move(settled->events));
  settled->events = std::move(events);
  return settled;
}

// May the person come in here although a journey of theirs is open? Only if they can have got here
// since: then that one has lost its exit.
Outcome<void> must_have_missed_exit(const Journey& journey, const Priced& tariff,
                                    const Code& station, Instant now) {
  if (now >= journey.deadline) return {};
  if (tariff.tariff.stations[journey.entry.value] == station)
    return std::unexpected(Refusal::journey_must_not_be_open);
  if (now - journey.at < tariff.tariff.travel_time_min)
    return std::unexpected(Refusal::travel_must_be_possible);
  return {};
}

JourneyOpened opened(JourneyId id, const Journey& journey) {
  return {
      id,           journey.rider, journey.transit, journey.tariff, journey.category, journey.entry,
      journey.hold, journey.at,    journey.deadline};
}

std::optional<JourneyId> open_journey(const Journeys& journeys, Traveller traveller) {
  const auto found = journeys.open.find(traveller);
  if (found == journeys.open.end()) return {};
  return found->second;
}

// What is free once the old journey, if there is one, has been paid from its hold and the rest.
Money free_after(const Journeys& journeys, const GateView& view, RiderId rider, Currency currency,
                 std::optional<JourneyId> old, const Settled& closed) {
  Money free = available(view.book, view.holds, rider, currency);
  if (!old) return free;
  const Hold* hold = find(view.holds, journeys.known.at(*old).hold);
  if (hold != nullptr && hold->amount.currency == currency) free.minor += hold->amount.minor;
  free.minor -= closed.from_wallet;
  return free;
}

// A tariff without exits: in is all there is, and it is paid now. `before`: what led to it; `free`:
// what the wallet has left after that.
Decision ride_at_once(const Journeys& journeys, const GateView& view, const Policy& policy,
                      Events before, JourneyId id, const Journey& journey, TerminalId gate,
                      Money free, const std::optional<CardRideOpened>& on_card,
                      const Moment& moment) {
  const JourneyPrice price =
      price_of(journeys, view, policy, id, journey, journey.entry, journey.at);
  const Money charge{price.change(), price.fare.amount.currency};
  if (!on_card && free.minor < charge.minor) return refuse(Refusal::funds_must_cover_entry);
  const Owed owed{
      PostingReason::fare_charged, journey.rider, journey.transit, charge, price.fare.sponsor,
      price.fare.sponsored_minor};
  auto settled = pay_at_once(view, on_card, owed, moment);
  if (!settled) return refuse(settled.error());
  // From here on it succeeds.
  Events events = std::move(before);
  events.push_back(EntryValidated{journey.rider, gate, journey.entry});
  events.push_back(opened(id, journey));
  if (on_card) events.push_back(*on_card);
  append(events, words_of(price, id, journey));
  events.push_back(FareCharged{id, charge});
  append(events, std::move(settled->events));
  events.push_back(JourneyClosed{id, journey.entry, charge, journey.at});
  const std::int64_t left = on_card ? 0 : free.minor - charge.minor;
  return {std::move(events), Entered{id, {left, charge.currency}}};
}

// In again where nobody goes out: not at once.
std::optional<JourneyId> repeated(const Journeys& journeys, Traveller traveller,
                                  const Tariff& tariff, Instant now) {
  const auto last = journeys.last.find(traveller);
  if (!tariff.entry_only || last == journeys.last.end()) return {};
  if (now - last->second.entered >= tariff.travel_time_min) return {};
  return last->second.journey;
}

// Why the person may not come in here, and the journey that is in the way of it.
struct Barred {
  Refusal refusal;
  std::optional<JourneyId> pass_back;
};
std::optional<Barred> barred(const Journeys& journeys, const GateView& view, Traveller traveller,
                             const Tariff& tariff, const Code& station, Instant now) {
  if (const auto before = repeated(journeys, traveller, tariff, now))
    return Barred{Refusal::entry_must_not_repeat, before};
  const auto open = open_journey(journeys, traveller);
  if (!open) return {};
  const Journey& journey = journeys.known.at(*open);
  const auto missed =
      must_have_missed_exit(journey, priced(view.fares, journey.tariff), station, now);
  if (missed) return {};
  if (missed.error() == Refusal::journey_must_not_be_open) return Barred{missed.error(), open};
  return Barred{missed.error(), {}};
}

// The hold for a journey, which is the maximum fare or all there is; none where all is nothing and
// a pass is good here.
Outcome<Events> held_for(const GateView& view, const Policy& policy, Journey& journey, Money free,
                         HoldId hold) {
  const Priced& tariff = priced(view.fares, journey.tariff);
  const std::int64_t day = day_number(journey.at, policy.day_offset, tariff.tariff.fare_day_start);
  const bool has_pass = has_pass_at(view.passes, view.fares, tariff,
                                    {journey.rider, journey.transit}, journey.entry, day);
  if (!has_pass && free.minor < entry_minimum(tariff.tariff, journey.category).minor)
    return std::unexpected(Refusal::funds_must_cover_entry);
  const std::int64_t most = maximum_fare(tariff.tariff, journey.category).minor;
  const Money amount{std::min(free.minor, most), free.currency};
  if (amount.minor <= 0) return Events{};
  const auto placed = place_hold(view.book, view.holds, hold, journey.rider, amount, {});
  if (!placed) return std::unexpected(placed.error());
  journey.hold = hold;
  return Events{*placed};
}

Journey begun(const GateView& view, const Priced& tariff, RiderId rider, StationId entry,
              Instant now) {
  return {.rider = rider,
          .transit = tariff.tariff.transit,
          .tariff = tariff.version,
          .category = category_at(*find(view.enrolments, rider), now),
          .entry = entry,
          .hold = {},
          .at = now,
          .deadline = now + tariff.tariff.journey_window,
          .incomplete_at = {},
          .charged = {},
          .joined = {}};
}

Decision enter(const Journeys& journeys, const GateView& view, const Policy& policy,
               const Terminal& gate, Judged&& judged, const Moment& moment) {
  const RiderId rider = judged.verdict->rider;
  const Traveller traveller{rider, gate.transit};
  const auto deny = [&](Refusal refusal) {
    return deny_entry(std::move(judged.events), rider, gate.id, refusal);
  };
  const auto in_force = tariff_at(view.fares, gate.transit, moment.now);
  if (!in_force) return deny(in_force.error());
  const Tariff& tariff = (*in_force)->tariff;
  const auto station = station_of(tariff, gate.station);
  if (!station) return deny(station.error());
  if (const auto bar = barred(journeys, view, traveller, tariff, gate.station, moment.now)) {
    Decision denial = deny(bar->refusal);
    if (bar->pass_back) denial.events.push_back(PassBackDetected{rider, gate.id, *bar->pass_back});
    return denial;
  }
  const auto open = open_journey(journeys, traveller);
  Settled closed;
  if (open) {
    auto settled = close_as_incomplete(journeys, view, *open, moment);
    if (!settled) return deny(settled.error());
    closed = std::move(*settled);
  }
  const JourneyId id{moment.position.value};
  const auto card = card_for_ride(view.cards, rider, moment.now);
  if (!card) return deny(card.error());
  std::optional<CardRideOpened> on_card;
  if (*card) on_card = ride_on_card(view.cards, view.parties, id, rider, **card, moment.now);
  const auto wallet = wallet_must_be_open(view.wallets, rider, tariff.currency);
  if (!on_card && !wallet) return deny(wallet.error());
  Journey journey = begun(view, **in_force, rider, *station, moment.now);
  Money free = free_after(journeys, view, rider, tariff.currency, open, closed);
  if (tariff.entry_only) {
    Events before = judged.events;
    append(before, std::move(closed.events));
    Decision ride = ride_at_once(journeys, view, policy, std::move(before), id, journey, gate.id,
                                 free, on_card, moment);
    if (const auto* refused = std::get_if<Refused>(&ride.reply)) return deny(refused->refusal);
    return ride;
  }
  // Nothing is held for a ride on a card: it pays when the day is over.
  auto reserved = on_card ? Outcome<Events>(Events{*on_card})
                          : held_for(view, policy, journey, free, {moment.position.value});
  if (!reserved) return deny(reserved.error());
  // From here on it succeeds.
  if (const auto* hold =
          reserved->empty() ? nullptr : std::get_if<FundsReserved>(&reserved->front()))
    free.minor -= hold->amount.minor;
  Events events = std::move(judged.events);
  append(events, std::move(closed.events));
  events.push_back(EntryValidated{rider, gate.id, *station});
  events.push_back(opened(id, journey));
  append(events, std::move(*reserved));
  return {std::move(events), Entered{id, on_card ? Money{0, free.currency} : free}};
}

// One adjustment for each journey whose charge a cap moves, beside the one that is told itself.
void tell_adjusted(Events& events, const JourneyPrice& price, JourneyId told) {
  const Currency currency = price.fare.amount.currency;
  for (const Charge& each : price.charges)
    if (each.journey != told && each.from_minor != each.to_minor)
      events.push_back(
          FareAdjusted{each.journey, {each.from_minor, currency}, {each.to_minor, currency}});
}

Money charge_of(const JourneyPrice& price, JourneyId journey) {
  const auto own = std::ranges::find(price.charges, journey, &Charge::journey);
  return {own->to_minor - own->from_minor, price.fare.amount.currency};
}

// What is told of an exit, but for the money.
Events left_events(const JourneyPrice& price, JourneyId id, const Journey& journey, TerminalId gate,
                   StationId station) {
  Events events{ExitValidated{journey.rider, gate, station}};
  append(events, words_of(price, id, journey));
  if (!price.joined) events.push_back(FareCharged{id, charge_of(price, id)});
  tell_adjusted(events, price, id);
  return events;
}

Decision leave(const Journeys& journeys, const GateView& view, const Policy& policy,
               const Terminal& gate, Judged&& judged, const Moment& moment) {
  const RiderId rider = judged.verdict->rider;
  const auto deny = [&](Refusal refusal) {
    return deny_exit(std::move(judged.events), rider, gate.id, refusal);
  };
  const auto open = open_journey(journeys, {rider, gate.transit});
  if (!open) return deny(Refusal::journey_must_be_open);
  const Journey& journey = journeys.known.at(*open);
  if (moment.now >= journey.deadline) {
    // Its timer was due before: the same as if that had come first.
    auto closed = close_as_incomplete(journeys, view, *open, moment);
    if (!closed) return deny(closed.error());
    append(judged.events, std::move(closed->events));
    append(judged.events, erasure_after(journeys, view, *open));
    return deny(Refusal::journey_must_be_open);
  }
  const auto station = station_of(priced(view.fares, journey.tariff).tariff, gate.station);
  if (!station) return deny(station.error());
  const JourneyPrice price = price_of(journeys, view, policy, *open, journey, *station, moment.now);
  const Currency currency = price.fare.amount.currency;
  assert(price.change() >= 0);  // it was entered last, so no cap gives anything back
  const Money due{price.change(), currency};
  if (at_hand(view, *open, journey, currency).value_or(due.minor) < due.minor)
    return deny(Refusal::funds_must_cover_fare);
  auto settled =
      pay_ride(view, *open, journey,
               {price.joined ? PostingReason::fare_adjusted : PostingReason::fare_charged, rider,
                journey.transit, due, price.fare.sponsor,
                price.fare.sponsored_minor - price.sponsored_before},
               moment);
  if (!settled) return deny(settled.error());
  // From here on it succeeds.
  Events events = std::move(judged.events);
  append(events, left_events(price, *open, journey, gate.id, *station));
  append(events, std::move(settled->events));
  events.push_back(JourneyClosed{*open, *station, due, moment.now});
  append(events, erasure_after(journeys, view, *open));
  const std::int64_t left = balance(view.book, wallet_of(rider, currency)) - settled->from_wallet;
  return {std::move(events), Left{*open, due, {left, currency}}};
}

Demand demand_at(const Terminal& gate, bool leaving) {
  return {gate.id, Purpose::transit, party_of(gate.transit), leaving};
}

// What a cap took off an incomplete journey that was corrected, and who sponsors it now.
Events words_of_correction(const JourneyPrice& price, JourneyId id) {
  Events events;
  const Currency currency = price.fare.amount.currency;
  if (price.fare.sponsored_minor != price.sponsored_before)
    events.push_back(FareSponsored{id,
                                   price.fare.sponsor,
                                   {price.sponsored_before, currency},
                                   {price.fare.sponsored_minor, currency}});
  if (price.pass) events.push_back(PassUsed{id, *price.pass, price.direct});
  return events;
}

void no_longer_open(Journeys& journeys, JourneyId id) {
  const Journey& journey = journeys.known.at(id);
  journeys.open.erase({journey.rider, journey.transit});
  journeys.due.erase({journey.deadline, id});
}

}  // namespace

Decision decide(const Journeys& journeys, const GateView& view, const EnterGate& command,
                const Moment& moment) {
  const auto gate = may(view.parties, command.terminal, Role::gate);
  if (!gate) return refuse(gate.error());
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  Judged judged =
      judge(view.enrolments, **policy, command.presence, demand_at(**gate, false), moment);
  if (!judged.verdict)
    return deny_entry(std::move(judged.events), judged.rider, command.terminal,
                      judged.verdict.error());
  return enter(journeys, view, **policy, **gate, std::move(judged), moment);
}

Decision decide(const Journeys& journeys, const GateView& view, const LeaveGate& command,
                const Moment& moment) {
  const auto gate = may(view.parties, command.terminal, Role::gate);
  if (!gate) return refuse(gate.error());
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  Judged judged =
      judge(view.enrolments, **policy, command.presence, demand_at(**gate, true), moment);
  if (!judged.verdict)
    return deny_exit(std::move(judged.events), judged.rider, command.terminal,
                     judged.verdict.error());
  return leave(journeys, view, **policy, **gate, std::move(judged), moment);
}

Decision decide(const Journeys& journeys, const GateView& view, const ExpireJourney& command,
                const Moment& moment) {
  const auto found = journeys.known.find(command.journey);
  if (found == journeys.known.end()) return refuse(Refusal::timer_must_be_due);
  if (found->second.stage != JourneyStage::open) return refuse(Refusal::timer_must_be_due);
  if (moment.now < found->second.deadline) return refuse(Refusal::timer_must_be_due);
  auto closed = close_as_incomplete(journeys, view, command.journey, moment);
  if (!closed) return refuse(closed.error());
  // From here on it succeeds.
  append(closed->events, erasure_after(journeys, view, command.journey));
  return {std::move(closed->events), Done{}};
}

Decision decide(const Journeys& journeys, const GateView& view, const CorrectJourney& command,
                const Moment& moment) {
  const auto desk = may(view.parties, command.desk, Role::operator_desk);
  if (!desk) return refuse(desk.error());
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  const auto found = journeys.known.find(command.journey);
  if (found == journeys.known.end()) return refuse(Refusal::journey_must_be_known);
  const Journey& journey = found->second;
  if (journey.stage == JourneyStage::open) return refuse(Refusal::journey_must_be_incomplete);
  if (moment.now > journey.incomplete_at + (*policy)->correction_window)
    return refuse(Refusal::correction_must_be_in_time);
  const auto exit = station_of(priced(view.fares, journey.tariff).tariff, command.exit);
  if (!exit) return refuse(exit.error());
  const JourneyPrice price =
      corrected_price_of(journeys, view, **policy, command.journey, journey, *exit);
  const Currency currency = price.fare.amount.currency;
  const auto own = std::ranges::find(price.charges, command.journey, &Charge::journey);
  const Money to{own->to_minor, currency};
  auto posted = pay_change(view, command.journey, journey,
                           {PostingReason::fare_adjusted,
                            journey.rider,
                            journey.transit,
                            {price.change(), currency},
                            price.fare.sponsor,
                            price.fare.sponsored_minor - price.sponsored_before},
                           moment);
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{JourneyCorrected{command.journey, *exit, price.fare.amount, command.desk}};
  append(events, words_of_correction(price, command.journey));
  events.push_back(FareAdjusted{command.journey, journey.charged, to});
  tell_adjusted(events, price, command.journey);
  append(events, std::move(*posted));
  return {std::move(events), Corrected{command.journey, journey.charged, to}};
}

void apply(Journeys& journeys, const JourneyOpened& event) {
  journeys.known[event.journey] = {.rider = event.rider,
                                   .transit = event.transit,
                                   .tariff = event.tariff,
                                   .category = event.category,
                                   .entry = event.entry,
                                   .hold = event.hold,
                                   .at = event.at,
                                   .deadline = event.deadline,
                                   .stage = JourneyStage::open,
                                   .incomplete_at = {},
                                   .charged = {},
                                   .joined = {}};
  journeys.open[{event.rider, event.transit}] = event.journey;
  journeys.due.insert({event.deadline, event.journey});
}

void apply(Journeys& journeys, const FareCalculated& event) {
  journeys.known.at(event.journey).full_minor = event.fare.minor;
}

void apply(Journeys& journeys, const FareSponsored& event) {
  journeys.known.at(event.journey).sponsored_minor = event.to.minor;
}

void apply(Journeys& journeys, const OutOfStationInterchangeJoined& event) {
  journeys.known.at(event.journey).joined = event.joined;
}

void apply(Journeys& journeys, const Parties& parties, const Fares& fares,
           const JourneyClosed& event) {
  no_longer_open(journeys, event.journey);
  const Journey& journey = journeys.known.at(event.journey);
  const Tariff& tariff = priced(fares, journey.tariff).tariff;
  remember_ride(journeys, parties, fares, event.journey, journey, event.at);
  if (!tariff.interchanges.empty() || tariff.entry_only) remember_last(journeys, event, journey);
  journeys.known.erase(event.journey);
}

void apply(Journeys& journeys, const JourneyIncomplete& event) {
  no_longer_open(journeys, event.journey);
  Journey& journey = journeys.known.at(event.journey);
  journey.stage = JourneyStage::incomplete;
  journey.incomplete_at = event.at;
}

// Beside the caps, but a desk may yet make it a ride.
void apply(Journeys& journeys, const Fares& fares, const MaximumFareCharged& event) {
  Journey& journey = journeys.known.at(event.journey);
  journey.charged = event.amount;
  if (priced(fares, journey.tariff).tariff.caps.empty()) return;
  put_ride(
      journeys.rides[{journey.rider, journey.transit}],
      {event.journey, journey.at, journey.tariff, journey.category, false, 0, event.amount.minor});
}

void apply(Journeys& journeys, const Parties& parties, const Fares& fares,
           const JourneyCorrected& event) {
  Journey& journey = journeys.known.at(event.journey);
  journey.stage = JourneyStage::corrected;
  journey.full_minor = event.fare.minor;
  const auto charged = remember_ride(journeys, parties, fares, event.journey, journey, {});
  journey.charged = {charged.value_or(event.fare.minor), event.fare.currency};
}

bool is_travelling(const Journeys& journeys, RiderId rider) {
  return has_other_journey(journeys, rider, {});
}

std::optional<DueJourney> next_due(const Journeys& journeys) {
  if (journeys.due.empty()) return {};
  return *journeys.due.begin();
}

}  // namespace obverse
