// Fares that are ridden now and charged to a card when their day is over. A tab is what one card
// will be asked for one day: open while the day's journeys can still end, then asked of the rail,
// then paid, or declined and tried again on later days, at last written off. Who owes declined
// fares is denied at every gate, and never kept inside. What gates ask is in card_rides.h.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ledger/model/commands.h"
#include "ledger/model/events.h"
#include "ledger/model/record.h"
#include "ledger/rules/money/methods.h"

namespace obverse {

struct AfterSale;
struct Answered;
struct Book;
struct Cards;

enum class TabStage : std::uint8_t { open = 1, asked, waiting };

struct FareItem {
  JourneyId journey;
  OperatorId transit;
  std::int64_t minor = 0;
  FareBooks books = FareBooks::as_debt;
  bool maximum = false;
  friend bool operator==(const FareItem&, const FareItem&) = default;
};
struct TabKey {
  PaymentMethodId method;
  Currency currency = Currency::jpy;
  std::int64_t day = 0;
  bool maximum = false;
  friend constexpr auto operator<=>(const TabKey&, const TabKey&) = default;
};
struct Tab {
  RiderId rider;
  TabKey key;
  TabStage stage = TabStage::open;
  std::uint32_t declines = 0;
  Instant next;         // when it closes, is tried again or is written off; while asked, nothing
  Instant written_off;  // once it is closed
  std::vector<FareItem> items;
  friend bool operator==(const Tab&, const Tab&) = default;
};
// A journey that a card pays: under way, or without an exit and so to be corrected yet.
struct CardRide {
  RiderId rider;
  PaymentMethodId method;
  std::int64_t day = 0;
  std::optional<AggregationId> aggregation;  // the last that it was put on
  std::optional<RailRequestId> charged;      // what has paid for it
  bool written_off = false;
  friend bool operator==(const CardRide&, const CardRide&) = default;
};
struct RiderTab {
  RiderId rider;
  AggregationId aggregation;
  friend constexpr auto operator<=>(const RiderTab&, const RiderTab&) = default;
};
struct DeniedCard {
  CardKey card;
  RiderId rider;
  friend auto operator<=>(const DeniedCard&, const DeniedCard&) = default;
};
struct TabDue {
  Instant at;
  AggregationId aggregation;
  friend constexpr auto operator<=>(const TabDue&, const TabDue&) = default;
};

struct CardFares {
  std::map<AggregationId, Tab> tabs;  // not paid
  std::map<TabKey, AggregationId> open;
  std::set<RiderTab> by_rider;
  std::map<JourneyId, CardRide> rides;
  std::map<RiderId, PaymentMethodId> denied;
  std::set<DeniedCard> denied_cards;
  std::set<TabDue> due;
  friend bool operator==(const CardFares&, const CardFares&) = default;
};

// Of the rider's debt in the book, what a card is going to be asked for, or was and has not
// answered: no load recovers it.
std::int64_t debt_not_due(const CardFares&, RiderId, Currency);
// Of the rider's debt in the book, all that is on tabs.
std::int64_t debt_on_tabs(const CardFares&, RiderId, Currency);
// `minor` was recovered from the wallet by the decision with these events: what of it was for
// declined fares, and whether the person may ride again.
void fares_recovered(const Cards&, const Book&, RiderId, Money, Events&);
// Nothing declined would be left of the rider's without this tab.
bool would_clear(const CardFares&, RiderId, AggregationId without);

// The timer of a tab: it is closed, tried again or written off.
Decision decide(const AfterSale&, const AdvanceAggregation&, const Moment&);  // Done
Decision decide(const AfterSale&, const ClearDenyList&, const Moment&);       // Done

void fares_answered(const AfterSale&, const Answered&, const Moment&, Events&);
void fares_unanswered(const AfterSale&, RailRequestId, AggregationId, const Moment&, Events&);

void apply(Cards&, const AggregationOpened&);
void apply(Cards&, const FareAggregated&);
void apply(Cards&, const AggregationAdjusted&);
void apply(Cards&, const AggregationClosed&);
void apply(Cards&, const AggregationAuthorised&);
void apply(Cards&, const AggregationDeclined&);
void apply(Cards&, const AggregationPostponed&);
void apply(Cards&, const FirstRideRiskIncurred&);
void apply(Cards&, const FareDebtRecovered&);
void apply(Cards&, const DenyListed&);
void apply(Cards&, const DenyListCleared&);
void apply(Cards&, const DebtWrittenOff&);
void fares_asked(CardFares&, AggregationId);  // of RailRequested

}  // namespace obverse
