// Gates: who is on the way, since when, and what it costs when they come out, do not come out, or
// a desk corrects where they came out. Money moves only as wallets, holds and the book let it.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events/places.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/cards.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/acceptance.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"
#include "ledger/rules/places/caps.h"
#include "ledger/rules/places/fares.h"
#include "ledger/rules/places/passes.h"
#include "ledger/rules/places/traveller.h"

namespace obverse {

enum class JourneyStage : std::uint8_t { open = 1, incomplete, corrected };

struct Journey {
  RiderId rider;
  OperatorId transit;
  TariffVersion tariff;
  Category category = Category::adult;
  StationId entry;
  HoldId hold;
  Instant at;
  Instant deadline;
  JourneyStage stage = JourneyStage::open;
  Instant incomplete_at;  // once it is
  Money charged;          // the last effective fare, once it is incomplete
  // Once it is priced: what the rider would pay without caps, and what a sponsor pays.
  std::int64_t full_minor = 0;
  std::int64_t sponsored_minor = 0;
  std::optional<JourneyId> joined;  // the earlier one that it goes on with
  friend bool operator==(const Journey&, const Journey&) = default;
};

struct DueJourney {
  Instant deadline;
  JourneyId journey;
  friend constexpr auto operator<=>(const DueJourney&, const DueJourney&) = default;
};

// The journey that ended last, where another may go on with it or must not follow at once.
struct LastRide {
  JourneyId journey;  // the first of those that were joined
  TariffVersion tariff;
  Category category = Category::adult;
  StationId entry;
  StationId exit;
  Instant entered;
  Instant left;
  std::int64_t full_minor = 0;
  std::int64_t sponsored_minor = 0;
  friend bool operator==(const LastRide&, const LastRide&) = default;
};

struct Journeys {
  // Open, incomplete and corrected ones. One that was closed by an exit is finished, and forgotten.
  std::map<JourneyId, Journey> known;
  std::map<Traveller, JourneyId> open;
  std::set<DueJourney> due;
  std::map<Traveller, Rides> rides;    // of tariffs with caps
  std::map<Traveller, LastRide> last;  // of tariffs with interchanges, or without exits
  friend bool operator==(const Journeys&, const Journeys&) = default;
};

// All that a decision at a gate may look at.
struct GateView {
  const Parties& parties;
  const Enrolments& enrolments;
  const Fares& fares;
  const Book& book;
  const Holds& holds;
  const Wallets& wallets;
  const Passes& passes;
  const Cards& cards;
};

Decision decide(const Journeys&, const GateView&, const EnterGate&, const Moment&);
Decision decide(const Journeys&, const GateView&, const LeaveGate&, const Moment&);
Decision decide(const Journeys&, const GateView&, const ExpireJourney&, const Moment&);
Decision decide(const Journeys&, const GateView&, const CorrectJourney&, const Moment&);

void apply(Journeys&, const JourneyOpened&);
void apply(Journeys&, const FareCalculated&);
void apply(Journeys&, const FareSponsored&);
void apply(Journeys&, const OutOfStationInterchangeJoined&);
void apply(Journeys&, const Parties&, const Fares&, const JourneyClosed&);
void apply(Journeys&, const JourneyIncomplete&);
void apply(Journeys&, const Fares&, const MaximumFareCharged&);
void apply(Journeys&, const Parties&, const Fares&, const JourneyCorrected&);

bool is_travelling(const Journeys&, RiderId);
std::optional<DueJourney> next_due(const Journeys&);

}  // namespace obverse
