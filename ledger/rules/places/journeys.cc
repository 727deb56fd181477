// Gates, step by step: the checks first, one refusal a line, then what has happened.
#include "ledger/rules/places/journeys.h"

#include <algorithm>
#include <cassert>
#include <iterator>

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

// How an amount owed for a journey is paid: from the wallet as far as hold and balance go.
struct Settled {
  Events events;
  std::int64_t from_wallet = 0;
};

// Captures the hold for as much as it covers, takes the rest from what is free, and makes a debt of
// what is still missing. An amount of nothing only lets the hold go.
Outcome<Settled> settle(const Journey& journey, const GateView& view, PostingReason reason,
                        Money amount) {
  const Hold* hold = find(view.holds, journey.hold);
  assert(hold != nullptr);
  if (amount.minor == 0) {
    const auto released = release_hold(view.holds, journey.hold);
    if (!released) return std::unexpected(released.error());
    return Settled{{*released}, 0};
  }
  const Money free = available(view.book, view.holds, journey.rider, amount.currency);
  const std::int64_t from_wallet = std::min(amount.minor, hold->amount.minor + free.minor);
  const Money from_hold{std::min(amount.minor, hold->amount.minor), amount.currency};
  auto captured = capture_hold(view.holds, journey.hold, from_hold);
  if (!captured) return std::unexpected(captured.error());
  Entries entries;
  const Currency currency = amount.currency;
  entries.push_back({wallet_of(journey.rider, currency), Side::debit, from_wallet});
  if (from_wallet < amount.minor)
    entries.push_back({debt_of(journey.rider, currency), Side::debit, amount.minor - from_wallet});
  entries.push_back({payable_to(journey.transit, currency), Side::credit, amount.minor});
  auto posted = make_posting(view.book, reason, std::move(entries));
  if (!posted) return std::unexpected(posted.error());
  Settled settled{std::move(*captured), from_wallet};
  settled.events.push_back(std::move(*posted));
  return settled;
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

CardGate card_gate(const GateView& view) { return {view.parties, view.book, view.cards}; }

// By a card, later; or from the wallet, now.
Outcome<Settled> settle(JourneyId id, const Journey& journey, const GateView& view,
                        PostingReason reason, Money amount, const Moment& moment) {
  if (!is_card_ride(view.cards, id)) return settle(journey, view, reason, amount);
  auto charged = charge_ride(card_gate(view), {id, journey.transit}, reason, amount, moment);
  if (!charged) return std::unexpected(charged.error());
  return Settled{std::move(*charged), 0};
}

// The journey has no exit: the maximum fare, and a debt for what the wallet cannot cover.
Outcome<Settled> close_as_incomplete(const Journeys& journeys, const GateView& view, JourneyId id,
                                     const Moment& moment) {
  const Journey& journey = journeys.known.at(id);
  const Money maximum = maximum_fare(priced(view.fares, journey.tariff).tariff, journey.category);
  auto settled = settle(id, journey, view, PostingReason::maximum_fare_charged, maximum, moment);
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

std::optional<JourneyId> open_journey(const Journeys& journeys, Traveller traveller) {
  const auto found = journeys.open.find(traveller);
  if (found == journeys.open.end()) return {};
  return found->second;
}

// Nothing is held: a card pays when the day is over.
Decision enter_on_card(const GateView& view, const Terminal& gate, Events events, RiderId rider,
                       const Priced& tariff, StationId station, PaymentMethodId card,
                       const Moment& moment) {
  const JourneyId journey{moment.position.value};
  const Category category = find(view.enrolments, rider)->category;
  events.push_back(EntryValidated{rider, gate.id, station});
  events.push_back(JourneyOpened{journey,
                                 rider,
                                 gate.transit,
                                 tariff.version,
                                 category,
                                 station,
                                 {},
                                 moment.now,
                                 moment.now + tariff.tariff.journey_window});
  events.push_back(ride_on_card(view.cards, view.parties, journey, rider, card, moment.now));
  return {std::move(events), Entered{journey, {0, tariff.tariff.currency}}};
}

Decision enter(const Journeys& journeys, const GateView& view, const Terminal& gate,
               Judged&& judged, const Moment& moment) {
  const RiderId rider = judged.verdict->rider;
  const auto deny = [&](Refusal refusal) {
    return deny_entry(std::move(judged.events), rider, gate.id, refusal);
  };
  const auto in_force = tariff_at(view.fares, gate.transit, moment.now);
  if (!in_force) return deny(in_force.error());
  const Tariff& tariff = (*in_force)->tariff;
  const auto station = station_of(tariff, gate.station);
  if (!station) return deny(station.error());
  const auto open = open_journey(journeys, {rider, gate.transit});
  Settled closed;
  if (open) {
    const Journey& journey = journeys.known.at(*open);
    const auto missed = must_have_missed_exit(journey, priced(view.fares, journey.tariff),
                                              gate.station, moment.now);
    if (!missed) {
      Decision denial = deny(missed.error());
      if (missed.error() == Refusal::journey_must_not_be_open)
        denial.events.push_back(PassBackDetected{rider, gate.id, *open});
      return denial;
    }
    auto settled = close_as_incomplete(journeys, view, *open, moment);
    if (!settled) return deny(settled.error());
    closed = std::move(*settled);
  }
  const auto card = card_for_ride(view.cards, rider, moment.now);
  if (!card) return deny(card.error());
  if (*card) {
    append(judged.events, std::move(closed.events));
    return enter_on_card(view, gate, std::move(judged.events), rider, **in_force, *station, **card,
                         moment);
  }
  const auto wallet = wallet_must_be_open(view.wallets, rider, tariff.currency);
  if (!wallet) return deny(wallet.error());
  // What is free once the old journey, if there is one, has been paid from its hold and the rest.
  Money free = available(view.book, view.holds, rider, tariff.currency);
  if (open && !is_card_ride(view.cards, *open)) {
    const Journey& journey = journeys.known.at(*open);
    const Money held = find(view.holds, journey.hold)->amount;
    if (held.currency == tariff.currency) free.minor += held.minor - closed.from_wallet;
  }
  const Category category = find(view.enrolments, rider)->category;
  if (free.minor < entry_minimum(tariff, category).minor)
    return deny(Refusal::funds_must_cover_entry);
  const HoldId hold{moment.position.value};
  const Money amount{std::min(free.minor, maximum_fare(tariff, category).minor), tariff.currency};
  const auto reserved = place_hold(view.book, view.holds, hold, rider, amount, {});
  if (!reserved) return deny(reserved.error());
  // From here on it succeeds.
  const JourneyId journey{moment.position.value};
  Events events = std::move(judged.events);
  append(events, std::move(closed.events));
  events.push_back(EntryValidated{rider, gate.id, *station});
  events.push_back(JourneyOpened{journey, rider, gate.transit, (*in_force)->version, category,
                                 *station, hold, moment.now, moment.now + tariff.journey_window});
  events.push_back(*reserved);
  return {std::move(events), Entered{journey, {free.minor - amount.minor, tariff.currency}}};
}

// What was priced, as the log keeps it.
FareCalculated calculated(JourneyId id, const Fare& fare, TariffVersion tariff) {
  return {id, fare.amount, fare.surcharge_minor, fare.metres, fare.section, tariff};
}

Decision leave(const Journeys& journeys, const GateView& view, const Terminal& gate,
               Judged&& judged, const Moment& moment) {
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
  const Priced& tariff = priced(view.fares, journey.tariff);
  const auto station = station_of(tariff.tariff, gate.station);
  if (!station) return deny(station.error());
  const Fare price =
      fare(tariff, journey.category, journey.entry, *station, moment.now - journey.at);
  const Currency currency = price.amount.currency;
  const Money free = available(view.book, view.holds, rider, currency);
  if (!is_card_ride(view.cards, *open) &&
      find(view.holds, journey.hold)->amount.minor + free.minor < price.amount.minor)
    return deny(Refusal::funds_must_cover_fare);
  auto settled = settle(*open, journey, view, PostingReason::fare_charged, price.amount, moment);
  if (!settled) return deny(settled.error());
  // From here on it succeeds.
  Events events = std::move(judged.events);
  events.push_back(ExitValidated{rider, gate.id, *station});
  events.push_back(calculated(*open, price, journey.tariff));
  events.push_back(FareCharged{*open, price.amount});
  append(events, std::move(settled->events));
  events.push_back(JourneyClosed{*open, *station, price.amount, moment.now});
  append(events, erasure_after(journeys, view, *open));
  const std::int64_t left = balance(view.book, wallet_of(rider, currency)) - settled->from_wallet;
  return {std::move(events), Left{*open, price.amount, {left, currency}}};
}

// The adjustment's posting. What comes back pays a debt of the rider first; what is missing is
// taken only as far as it is free. None if nothing changes.
Outcome<Events> adjust(const Journey& journey, const GateView& view, Money to) {
  const std::int64_t change = to.minor - journey.charged.minor;
  const Currency currency = to.currency;
  if (change == 0) return Events{};
  const Account wallet = wallet_of(journey.rider, currency);
  const Account debt = debt_of(journey.rider, currency);
  const Account payable = payable_to(journey.transit, currency);
  Entries entries;
  if (change > 0) {
    if (available(view.book, view.holds, journey.rider, currency).minor < change)
      return std::unexpected(Refusal::funds_must_cover_amount);
    entries = {{wallet, Side::debit, change}, {payable, Side::credit, change}};
  } else {
    const std::int64_t back = -change;
    // Of a debt that a card is going to pay, the card is asked for the whole.
    const std::int64_t others =
        balance(view.book, debt) - debt_on_tabs(view.cards.fares, journey.rider, currency);
    const std::int64_t to_debt = std::min(back, others);
    entries = {{payable, Side::debit, back}};
    if (to_debt > 0) entries.push_back({debt, Side::credit, to_debt});
    if (back > to_debt) entries.push_back({wallet, Side::credit, back - to_debt});
  }
  auto posted = make_posting(view.book, PostingReason::fare_adjusted, std::move(entries));
  if (!posted) return std::unexpected(posted.error());
  return Events{std::move(*posted)};
}

Demand demand_at(const Terminal& gate, bool leaving) {
  return {gate.id, Purpose::transit, party_of(gate.transit), leaving};
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
  return enter(journeys, view, **gate, std::move(judged), moment);
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
  return leave(journeys, view, **gate, std::move(judged), moment);
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
  const Priced& tariff = priced(view.fares, journey.tariff);
  const auto exit = station_of(tariff.tariff, command.exit);
  if (!exit) return refuse(exit.error());
  // Nobody knows when they left: out where they came in is the shortest journey, not a free one.
  const Duration stay{tariff.tariff.same_station_free.ms + 1};
  const Money to = fare(tariff, journey.category, journey.entry, *exit, stay).amount;
  auto posted = is_card_ride(view.cards, command.journey)
                    ? adjust_ride(card_gate(view), {command.journey, journey.transit},
                                  journey.charged, to, moment)
                    : adjust(journey, view, to);
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  Events events{JourneyCorrected{command.journey, *exit, to, command.desk},
                FareAdjusted{command.journey, journey.charged, to}};
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
                                   .charged = {}};
  journeys.open[{event.rider, event.transit}] = event.journey;
  journeys.due.insert({event.deadline, event.journey});
}

void apply(Journeys& journeys, const JourneyClosed& event) {
  no_longer_open(journeys, event.journey);
  journeys.known.erase(event.journey);
}

void apply(Journeys& journeys, const JourneyIncomplete& event) {
  no_longer_open(journeys, event.journey);
  Journey& journey = journeys.known.at(event.journey);
  journey.stage = JourneyStage::incomplete;
  journey.incomplete_at = event.at;
}

void apply(Journeys& journeys, const MaximumFareCharged& event) {
  journeys.known.at(event.journey).charged = event.amount;
}

void apply(Journeys& journeys, const JourneyCorrected& event) {
  Journey& journey = journeys.known.at(event.journey);
  journey.stage = JourneyStage::corrected;
  journey.charged = event.fare;
}

bool is_travelling(const Journeys& journeys, RiderId rider) {
  return has_other_journey(journeys, rider, {});
}

std::optional<DueJourney> next_due(const Journeys& journeys) {
  if (journeys.due.empty()) return {};
  return *journeys.due.begin();
}

}  // namespace obverse
