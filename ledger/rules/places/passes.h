// Commuter passes: sold between two stations for whole months, earned day by day, given back, and
// what a journey costs with one: only the part outside, never more than without (DOMAIN 2.2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/book.h"
#include "ledger/rules/money/holds.h"
#include "ledger/rules/money/wallets.h"
#include "ledger/rules/people/enrolments.h"
#include "ledger/rules/people/parties.h"
#include "ledger/rules/places/fares.h"
#include "ledger/rules/places/traveller.h"

namespace obverse {

struct Pass {
  RiderId rider;
  OperatorId transit;
  TariffVersion tariff;
  Category category = Category::adult;
  StationId from;
  StationId to;
  std::int64_t first_day = 0;  // fare days since 1970-01-01, both included
  std::int64_t last_day = 0;
  Money price;
  std::int64_t recognised_days = 0;  // so many of its days have been earned
  Instant due;                       // when the next will have been
  friend bool operator==(const Pass&, const Pass&) = default;
};
struct DuePass {
  Instant at;
  EntitlementId pass;
  friend constexpr auto operator<=>(const DuePass&, const DuePass&) = default;
};
struct Passes {
  std::map<EntitlementId, Pass> sold;  // until earned to the end, or given back
  std::map<Traveller, std::set<EntitlementId>> held;
  std::set<DuePass> due;
  friend bool operator==(const Passes&, const Passes&) = default;
};

// All that these decisions may look at.
struct PassView {
  const Parties& parties;
  const Enrolments& enrolments;
  const Fares& fares;
  const Book& book;
  const Holds& holds;
  const Wallets& wallets;
};

// From the wallet into 2050.DeferredPass; replies PassSold.
Decision decide(const Passes&, const PassView&, const SellPass&, const Moment&);
// To the wallet what is left after the months begun and the fee; the rest is the operator's.
Decision decide(const Passes&, const PassView&, const RefundPass&, const Moment&);  // PassReturned
// The timer: one more day has been earned.
Decision decide(const Passes&, const PassView&, const RecognisePass&, const Moment&);  // Done

// What the rider's own pass makes of a journey; nothing where none makes it cheaper.
struct PassPrice {
  EntitlementId pass;
  Fare fare;
};
std::optional<PassPrice> price_with_pass(const Passes&, const Fares&, const Priced&, Traveller,
                                         Category, StationId from, StationId to, const Fare& direct,
                                         std::int64_t fare_day);
// Whether a pass of the traveller is good at this station on this day.
bool has_pass_at(const Passes&, const Fares&, const Priced&, Traveller, StationId,
                 std::int64_t fare_day);

// Of a price over so many days, what has been earned once `day` of them (from 1) are over: the
// floor, so that the days' parts add up to the price.
std::int64_t earned_by(std::int64_t price_minor, std::int64_t days, std::int64_t day);

std::optional<DuePass> next_due(const Passes&);

void apply(Passes&, const Parties&, const Fares&, const PassPurchased&);
void apply(Passes&, const Parties&, const Fares&, const PassRevenueRecognised&);
void apply(Passes&, const PassRefunded&);

}  // namespace obverse
