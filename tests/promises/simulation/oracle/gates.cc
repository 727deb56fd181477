// At the gates and between them (DOMAIN 2.3; S01, S04, S11, S12, S29, S37).
#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

std::int64_t maximum_of(const Tariff& tariff, Category category) {
  return category == Category::adult ? tariff.maximum_adult_minor : tariff.maximum_child_minor;
}
std::int64_t minimum_of(const Tariff& tariff, Category category) {
  return category == Category::adult ? tariff.entry_minimum_adult_minor
                                     : tariff.entry_minimum_child_minor;
}

// What is due where nobody saw the exit.
std::int64_t due_without_exit(const Books& books, std::uint64_t id) {
  const Journey& journey = books.journeys.at(id);
  if (books.broken("missed_exit_is_free")) return 0;
  return maximum_of(books.tariffs.at(journey.tariff), journey.category);
}

std::int64_t own_hold(const Books& books, std::uint64_t id) {
  return books.holds.contains(id) ? books.holds.at(id).amount.minor : 0;
}

// Other holds are other people's: what the rest of the wallet does not cover is the rider's debt.
std::int64_t from_wallet(const Books& books, std::uint64_t id, std::int64_t due) {
  const Journey& journey = books.journeys.at(id);
  const Currency currency = books.tariffs.at(journey.tariff).currency;
  return std::min(due, books.available(journey.rider, currency) + own_hold(books, id));
}

void end(Books& books, std::uint64_t id, Ride ride, std::int64_t due) {
  Journey& journey = books.journeys.at(id);
  const Currency currency = books.tariffs.at(journey.tariff).currency;
  const std::int64_t paid = from_wallet(books, id, due);
  books.unhold(id);
  const Account payable = payable_to(journey.transit, currency);
  books.move(wallet_of(journey.rider, currency), payable, paid);
  books.move(debt_of(journey.rider, currency), payable, due - paid);
  journey.ride = ride;
  books.open_rides.erase(id);
  journey.charged = due;
  books.did("journey " + std::to_string(id), -1);
}

struct Place {
  Trouble trouble;
  OperatorId transit;
  Code station;
};

Place place_of(const Books& books, TerminalId terminal) {
  Place place;
  place.trouble = ask_terminal(books, terminal, Role::gate);
  if (place.trouble.any()) return place;
  place.transit = books.terminals.at(terminal).transit;
  place.station = books.terminals.at(terminal).station;
  return place;
}

// What happens to somebody who is inside already and wants to enter again.
void ask_open_journey(Trouble& trouble, const Books& books, const Case& at, const Journey& journey,
                      const Place& place, const Tariff& tariff) {
  const bool elsewhere = journey.entry != place.station;
  trouble.if_not(elsewhere || books.broken("pass_back_ignored"), entitled,
                 Refusal::journey_must_not_be_open);
  if (elsewhere)
    trouble.if_not(
        at.now - journey.at >= tariff.travel_time_min || books.broken("travel_time_ignored"),
        entitled, Refusal::travel_must_be_possible);
}

}  // namespace

Expected expect(const Books& books, const Case& at, const EnterGate& asked) {
  const Place place = place_of(books, asked.terminal);
  if (place.trouble.any()) return refuse(place.trouble);
  const Seen who =
      look(books, at, asked.presence, asked.terminal, Purpose::transit, party_of(place.transit));
  Trouble trouble = who.trouble;
  const Tariff* tariff = books.tariff_at(place.transit, at.now);
  trouble.if_not(tariff != nullptr, entitled, Refusal::tariff_must_be_in_force);
  if (tariff != nullptr)
    trouble.if_not(station_called(*tariff, place.station).has_value(), entitled,
                   Refusal::station_must_be_in_tariff);
  if (trouble.any()) return refuse(trouble, who);
  const Person& person = *books.person(who.rider);
  trouble.add(ask_wallet(person, tariff->currency));
  const auto before = books.open_journey(who.rider, place.transit);
  std::int64_t due = 0;
  std::int64_t freed = 0;
  if (before) {
    ask_open_journey(trouble, books, at, books.journeys.at(*before), place, *tariff);
    due = due_without_exit(books, *before);
    freed = own_hold(books, *before) - from_wallet(books, *before, due);
  }
  const std::int64_t available = books.available(who.rider, tariff->currency) + freed;
  trouble.if_not(available >= minimum_of(*tariff, person.category), money,
                 Refusal::funds_must_cover_entry);
  if (trouble.any()) return refuse(trouble, who);
  const std::int64_t hold = std::min(maximum_of(*tariff, person.category), available);
  TariffVersion version;
  for (const auto& [each, published] : books.tariffs)
    if (&published == tariff) version = each;
  Journey journey{who.rider,
                  place.transit,
                  version,
                  person.category,
                  place.station,
                  at.now,
                  at.now + tariff->journey_window,
                  {},
                  0,
                  Ride::open};
  return agree(Entered{{at.position}, {available - hold, tariff->currency}}, [=](Books& now) {
    who.tell(now);
    if (before) {
      end(now, *before, Ride::incomplete, due);
      now.journeys.at(*before).incomplete_at = at.now;
    }
    now.journeys[at.position] = journey;
    now.open_rides.insert(at.position);
    now.did("journey " + std::to_string(at.position), 1);
    if (hold > 0) now.hold(at.position, {journey.rider, {hold, tariff->currency}, std::nullopt});
  });
}

namespace {

// The fare of an exit, or nothing if the tariff of the entry does not know the station.
std::optional<std::int64_t> fare_of_exit(const Books& books, const Journey& journey,
                                         const Code& exit, std::optional<Instant> at) {
  const Tariff* tariff = &books.tariffs.at(journey.tariff);
  if (books.broken("tariff_of_exit") && at && books.tariff_at(journey.transit, *at) != nullptr)
    tariff = books.tariff_at(journey.transit, *at);
  const auto from = station_called(*tariff, journey.entry);
  const auto to = station_called(*tariff, exit);
  if (!from || !to) return std::nullopt;
  if (from == to && at && *at - journey.at <= tariff->same_station_free &&
      !books.broken("same_station_is_charged"))
    return 0;
  const auto fare = fare_between(books, *tariff, journey.category, *from, *to);
  if (!fare) return std::nullopt;
  return fare->minor;
}

}  // namespace

Expected expect(const Books& books, const Case& at, const LeaveGate& asked) {
  const Place place = place_of(books, asked.terminal);
  if (place.trouble.any()) return refuse(place.trouble);
  // Nobody is kept inside for want of a consent: the face is not looked at without it, the PIN is.
  const bool by_pin = asked.presence.pin && !asked.presence.face;
  const auto purpose = by_pin ? std::nullopt : std::optional(Purpose::transit);
  const Seen who =
      look(books, at, asked.presence, asked.terminal, purpose, party_of(place.transit));
  Trouble trouble = who.trouble;
  if (trouble.any()) return refuse(trouble, who);
  const auto id = books.open_journey(who.rider, place.transit);
  trouble.if_not(id.has_value(), entitled, Refusal::journey_must_be_open);
  std::int64_t fare = 0;
  Currency currency = Currency::jpy;
  if (id) {
    const Journey& journey = books.journeys.at(*id);
    currency = books.tariffs.at(journey.tariff).currency;
    const auto price = fare_of_exit(books, journey, place.station, at.now);
    trouble.if_not(price.has_value(), entitled, Refusal::station_must_be_in_tariff);
    fare = price.value_or(0);
    trouble.if_not(from_wallet(books, *id, fare) >= fare, money, Refusal::funds_must_cover_fare);
  }
  if (trouble.any()) return refuse(trouble, who);
  const Money left{books.posted(who.rider, currency) - fare, currency};
  return agree(Left{{*id}, {fare, currency}, left}, [=](Books& now) {
    who.tell(now);
    end(now, *id, Ride::closed, fare);
    now.erase_if_nothing_is_open(who.rider);
  });
}

Expected expect(const Books& books, const Case& at, const CorrectJourney& asked) {
  Trouble trouble = ask_terminal(books, asked.desk, Role::operator_desk);
  trouble.if_not(books.policy.has_value(), who_asks, Refusal::policy_must_be_published);
  const auto found = books.journeys.find(asked.journey.value);
  const bool known = found != books.journeys.end() && found->second.ride != Ride::closed;
  trouble.if_not(known, who_asks, Refusal::journey_must_be_known);
  if (trouble.any()) return refuse(trouble);
  const Journey& journey = found->second;
  trouble.if_not(journey.ride == Ride::incomplete, entitled, Refusal::journey_must_be_incomplete);
  trouble.if_not(at.now - journey.incomplete_at <= books.policy->correction_window ||
                     books.broken("late_corrections"),
                 entitled, Refusal::correction_must_be_in_time);
  const auto fare = fare_of_exit(books, journey, asked.exit, std::nullopt);
  trouble.if_not(fare.has_value(), entitled, Refusal::station_must_be_in_tariff);
  const Tariff& tariff = books.tariffs.at(journey.tariff);
  const std::int64_t from = books.broken("corrections_start_from_the_maximum")
                                ? maximum_of(tariff, journey.category)
                                : journey.charged;
  const std::int64_t more = fare.value_or(0) - from;
  trouble.if_not(books.available(journey.rider, tariff.currency) >= more, money,
                 Refusal::funds_must_cover_amount);
  if (trouble.any()) return refuse(trouble);
  const Currency currency = tariff.currency;
  return agree(Corrected{asked.journey, {from, currency}, {*fare, currency}}, [=](Books& now) {
    Journey& ridden = now.journeys.at(asked.journey.value);
    const Account wallet = wallet_of(ridden.rider, currency);
    const Account payable = payable_to(ridden.transit, currency);
    if (more > 0) now.move(wallet, payable, more);
    // What is given back pays a debt first.
    const Account debt = debt_of(ridden.rider, currency);
    const std::int64_t owed = more < 0 ? std::min(now.balance(debt), -more) : 0;
    if (more < 0) now.move(payable, debt, owed);
    if (more < 0) now.move(payable, wallet, -more - owed);
    ridden.charged = *fare;
    now.did("journey " + std::to_string(asked.journey.value) + " corrected", 1 + *fare);
  });
}

Expected expect(const Books& books, const Case& at, const ExpireJourney& asked) {
  const std::uint64_t id = asked.journey.value;
  const auto found = books.journeys.find(id);
  if (found == books.journeys.end() || found->second.ride != Ride::open ||
      at.now < found->second.deadline)
    return refuse(Refusal::timer_must_be_due);
  const std::int64_t due = due_without_exit(books, id);
  return agree(Done{}, [=](Books& now) {
    end(now, id, Ride::incomplete, due);
    now.journeys.at(id).incomplete_at = now.journeys.at(id).deadline;  // however late it is seen
    now.erase_if_nothing_is_open(now.journeys.at(id).rider);
  });
}

}  // namespace obverse::oracle
