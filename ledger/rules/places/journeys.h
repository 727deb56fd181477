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
#include "ledger/rules/places/fares.h"

namespace obverse {

// One open journey a person and network.
struct Traveller {
  RiderId rider;
  OperatorId transit;
  friend constexpr auto operator<=>(const Traveller&, const Traveller&) = default;
};

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
  friend bool operator==(const Journey&, const Journey&) = default;
};

struct DueJourney {
  Instant deadline;
  JourneyId journey;
  friend constexpr auto operator<=>(const DueJourney&, const DueJourney&) = default;
};

struct Journeys {
  // Open, incomplete and corrected ones. One that was closed by an exit is finished, and forgotten.
  std::map<JourneyId, Journey> known;
  std::map<Traveller, JourneyId> open;
  std::set<DueJourney> due;
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
  const Cards& cards;
};

Decision decide(const Journeys&, const GateView&, const EnterGate&, const Moment&);
Decision decide(const Journeys&, const GateView&, const LeaveGate&, const Moment&);
Decision decide(const Journeys&, const GateView&, const ExpireJourney&, const Moment&);
Decision decide(const Journeys&, const GateView&, const CorrectJourney&, const Moment&);

void apply(Journeys&, const JourneyOpened&);
void apply(Journeys&, const JourneyClosed&);
void apply(Journeys&, const JourneyIncomplete&);
void apply(Journeys&, const MaximumFareCharged&);
void apply(Journeys&, const JourneyCorrected&);

bool is_travelling(const Journeys&, RiderId);
std::optional<DueJourney> next_due(const Journeys&);

}  // namespace obverse
