// Passes: the sale, the days, the way back, and the price of a journey with one.
#include "ledger/rules/places/passes.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ledger/model/calendar.h"

namespace obverse {
namespace {

Decision refuse(Refusal refusal) { return {{}, Refused{refusal, {}}}; }

// The day before the same day of a later month; where that month has no such day, its last day.
std::int64_t last_day_of(std::int64_t first_day, unsigned months) {
  const Date first = date_of(first_day);
  const unsigned from_january = first.month - 1U + months;
  const std::int32_t year = first.year + static_cast<std::int32_t>(from_january / 12);
  const auto month = static_cast<std::uint8_t>(from_january % 12 + 1);
  const std::uint8_t length = days_in_month(year, month);
  if (first.day > length) return day_of({year, month, length});
  return day_of({year, month, first.day}) - 1;
}

const PassFare* price_of(const Tariff& tariff, std::uint16_t section, std::uint8_t months) {
  const auto found = std::ranges::find_if(tariff.passes, [&](const PassFare& pass) {
    return pass.section == section && pass.months == months;
  });
  return found == tariff.passes.end() ? nullptr : &*found;
}

std::int64_t fare_day(const Tariff& tariff, const Policy& policy, Instant at) {
  return day_number(at, policy.day_offset, tariff.fare_day_start);
}

Instant start_of(const Tariff& tariff, const Policy& policy, std::int64_t day) {
  return {day * days(1).ms + tariff.fare_day_start.ms - policy.day_offset.ms};
}

bool overlaps(const Passes& passes, const PassPurchased& sale) {
  const auto held = passes.held.find({sale.rider, sale.transit});
  if (held == passes.held.end()) return false;
  return std::ranges::any_of(held->second, [&](EntitlementId id) {
    const Pass& pass = passes.sold.at(id);
    return std::pair{pass.from, pass.to} == std::pair{sale.from, sale.to} &&
           sale.first_day <= pass.last_day && pass.first_day <= sale.last_day;
  });
}

// Everything about the pass but what it costs; the tariff in force on its first day prices it.
Outcome<PassPurchased> pass_of(const Fares& fares, const Policy& policy, const Rider& rider,
                               const SellPass& command, const Moment& moment) {
  const auto now = tariff_at(fares, command.transit, moment.now);
  if (!now) return std::unexpected(now.error());
  const std::int64_t today = fare_day((*now)->tariff, policy, moment.now);
  const std::int64_t ahead = (*now)->tariff.pass_sale_ahead.ms / days(1).ms;
  if (command.first_day < today || command.first_day - today > ahead)
    return std::unexpected(Refusal::pass_must_begin_in_time);
  const Instant begins = start_of((*now)->tariff, policy, command.first_day);
  const auto tariff = tariff_at(fares, command.transit, std::max(begins, moment.now));
  if (!tariff) return std::unexpected(tariff.error());
  const Tariff& terms = (*tariff)->tariff;
  const auto from = station_of(terms, command.from);
  if (!from) return std::unexpected(from.error());
  const auto to = station_of(terms, command.to);
  if (!to) return std::unexpected(to.error());
  if (*from == *to || terms.passes.empty()) return std::unexpected(Refusal::pass_must_be_sold);
  const Fare way = fare(**tariff, Category::adult, *from, *to, {});
  const PassFare* price = price_of(terms, way.section, command.months);
  if (price == nullptr) return std::unexpected(Refusal::pass_must_be_sold);
  const bool child = pays_child_fare(terms, rider.category);
  PassPurchased sale{.pass = {moment.position.value},
                     .rider = command.rider,
                     .transit = command.transit,
                     .tariff = (*tariff)->version,
                     .category = rider.category,
                     .from = std::min(*from, *to),
                     .to = std::max(*from, *to),
                     .first_day = command.first_day,
                     .last_day = last_day_of(command.first_day, command.months),
                     .price = {child ? price->child_minor : price->adult_minor, terms.currency}};
  return sale;
}

// The least that a station inside the pass adds to the way from or to `outside`.
Fare least_outside(const Priced& tariff, const std::vector<StationId>& inside, Category category,
                   StationId outside, bool leaving) {
  if (std::ranges::find(inside, outside) != inside.end())
    return {{0, tariff.tariff.currency}, 0, 0, 0, {}, 0};
  std::optional<Fare> least;
  for (const StationId station : inside) {
    const Fare part = leaving ? fare(tariff, category, station, outside, {})
                              : fare(tariff, category, outside, station, {});
    if (!least || part.amount.minor < least->amount.minor) least = part;
  }
  return *least;
}

bool is_good_on(const Pass& pass, std::int64_t day) {
  return pass.first_day <= day && day <= pass.last_day;
}

// When the next of its days will have been earned. Spread over the hour after the fare day begins.
Instant next_recognition(const Parties& parties, const Fares& fares, EntitlementId id,
                         const Pass& pass) {
  const auto policy = policy_in_force(parties);
  assert(policy);  // it was sold under one
  const Tariff& tariff = priced(fares, pass.tariff).tariff;
  const std::int64_t over = pass.first_day + pass.recognised_days + 1;
  return start_of(tariff, **policy, over) + seconds(static_cast<std::int64_t>(id.value % 3'600));
}

void forget(Passes& passes, EntitlementId id) {
  const Pass& pass = passes.sold.at(id);
  const auto held = passes.held.find({pass.rider, pass.transit});
  held->second.erase(id);
  if (held->second.empty()) passes.held.erase(held);
  passes.sold.erase(id);
}

void no_longer_due(Passes& passes, EntitlementId id) {
  passes.due.erase({passes.sold.at(id).due, id});
}

void due_at(Passes& passes, EntitlementId id, Instant at) {
  passes.sold.at(id).due = at;
  passes.due.insert({at, id});
}

// The pass's stations by the numbers of another version of the tariff; none where it lacks one.
std::vector<StationId> inside_of(const Fares& fares, const Priced& tariff, const Pass& pass) {
  const Tariff& own = priced(fares, pass.tariff).tariff;
  const auto from = station_of(tariff.tariff, own.stations[pass.from.value]);
  const auto to = station_of(tariff.tariff, own.stations[pass.to.value]);
  if (!from || !to) return {};
  return stations_between(tariff, *from, *to);
}

}  // namespace

std::int64_t earned_by(std::int64_t price_minor, std::int64_t days, std::int64_t day) {
  return price_minor * day / days;
}

Decision decide(const Passes& passes, const PassView& view, const SellPass& command,
                const Moment& moment) {
  const auto rider = must_be_registered(view.enrolments, command.rider);
  if (!rider) return refuse(rider.error());
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  auto sale = pass_of(view.fares, **policy, **rider, command, moment);
  if (!sale) return refuse(sale.error());
  if (overlaps(passes, *sale)) return refuse(Refusal::pass_must_not_overlap);
  const Currency currency = sale->price.currency;
  if (auto open = wallet_must_be_open(view.wallets, command.rider, currency); !open)
    return refuse(open.error());
  const std::int64_t free = available(view.book, view.holds, command.rider, currency).minor;
  if (free < sale->price.minor) return refuse(Refusal::funds_must_cover_amount);
  auto posted =
      make_posting(view.book, PostingReason::pass_purchased,
                   {{wallet_of(command.rider, currency), Side::debit, sale->price.minor},
                    {deferred_pass(sale->pass, currency), Side::credit, sale->price.minor}});
  if (!posted) return refuse(posted.error());
  // From here on it succeeds.
  const std::int64_t left =
      balance(view.book, wallet_of(command.rider, currency)) - sale->price.minor;
  const PassSold reply{sale->pass, sale->price, {left, currency}};
  return {{std::move(*sale), std::move(*posted)}, reply};
}

Decision decide(const Passes& passes, const PassView& view, const RefundPass& command,
                const Moment& moment) {
  const auto found = passes.sold.find(command.pass);
  if (found == passes.sold.end()) return refuse(Refusal::pass_must_be_known);
  const Pass& pass = found->second;
  const auto policy = policy_in_force(view.parties);
  if (!policy) return refuse(policy.error());
  const Tariff& tariff = priced(view.fares, pass.tariff).tariff;
  const std::int64_t today = fare_day(tariff, **policy, moment.now);
  if (today > pass.last_day) return refuse(Refusal::pass_must_not_be_over);
  const bool child = pays_child_fare(tariff, pass.category);
  // The months begun cost what single months cost.
  std::int64_t used = 0;
  const Fare way = fare(priced(view.fares, pass.tariff), Category::adult, pass.from, pass.to, {});
  const PassFare* month = price_of(tariff, way.section, 1);
  for (unsigned begun = 1; today >= pass.first_day; ++begun) {
    used = month == nullptr ? pass.price.minor
                            : begun * (child ? month->child_minor : month->adult_minor);
    if (last_day_of(pass.first_day, begun) >= today || month == nullptr) break;
  }
  const Currency currency = pass.price.currency;
  const std::int64_t rest = std::max<std::int64_t>(0, pass.price.minor - used);
  const std::int64_t fee = std::min(rest, tariff.pass_refund_fee_minor);
  const Money back{rest - fee, currency};
  const std::int64_t deferred = balance(view.book, deferred_pass(command.pass, currency));
  const Money to_rider{std::min(back.minor, deferred), currency};
  Entries entries{{deferred_pass(command.pass, currency), Side::debit, deferred}};
  if (to_rider.minor > 0)
    entries.push_back({wallet_of(pass.rider, currency), Side::credit, to_rider.minor});
  if (deferred > to_rider.minor)
    entries.push_back(
        {payable_to(pass.transit, currency), Side::credit, deferred - to_rider.minor});
  Events events{PassRefunded{command.pass, to_rider, {fee, currency}}};
  if (deferred > 0) {
    auto posted = make_posting(view.book, PostingReason::pass_refunded, std::move(entries));
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), PassReturned{command.pass, to_rider, {fee, currency}}};
}

Decision decide(const Passes& passes, const PassView& view, const RecognisePass& command,
                const Moment& moment) {
  const auto found = passes.sold.find(command.pass);
  if (found == passes.sold.end()) return refuse(Refusal::pass_must_be_known);
  const Pass& pass = found->second;
  if (moment.now < next_recognition(view.parties, view.fares, command.pass, pass))
    return refuse(Refusal::timer_must_be_due);
  const std::int64_t length = pass.last_day - pass.first_day + 1;
  const std::int64_t day = pass.recognised_days + 1;
  const std::int64_t minor =
      earned_by(pass.price.minor, length, day) - earned_by(pass.price.minor, length, day - 1);
  const Currency currency = pass.price.currency;
  Events events{PassRevenueRecognised{
      command.pass, pass.first_day + pass.recognised_days, {minor, currency}}};
  if (minor > 0) {
    auto posted = make_posting(view.book, PostingReason::pass_revenue_recognised,
                               {{deferred_pass(command.pass, currency), Side::debit, minor},
                                {payable_to(pass.transit, currency), Side::credit, minor}});
    if (!posted) return refuse(posted.error());
    events.push_back(std::move(*posted));
  }
  // From here on it succeeds.
  return {std::move(events), Done{}};
}

std::optional<PassPrice> price_with_pass(const Passes& passes, const Fares& fares,
                                         const Priced& tariff, Traveller traveller,
                                         Category category, StationId from, StationId to,
                                         const Fare& direct, std::int64_t day) {
  const auto held = passes.held.find(traveller);
  if (held == passes.held.end() || tariff.ways.empty()) return {};
  std::optional<PassPrice> best;
  for (const EntitlementId id : held->second) {
    const Pass& pass = passes.sold.at(id);
    if (!is_good_on(pass, day)) continue;
    const auto inside = inside_of(fares, tariff, pass);
    if (inside.empty()) continue;
    Fare price = least_outside(tariff, inside, category, from, false);
    const Fare after = least_outside(tariff, inside, category, to, true);
    price.amount.minor += after.amount.minor;
    price.surcharge_minor += after.surcharge_minor;
    price.sponsored_minor += after.sponsored_minor;
    price.sponsor = direct.sponsor;
    price.metres = direct.metres;
    price.section = direct.section;
    const std::int64_t least = best ? best->fare.amount.minor : direct.amount.minor;
    if (price.amount.minor < least) best = PassPrice{id, price};
  }
  return best;
}

bool has_pass_at(const Passes& passes, const Fares& fares, const Priced& tariff,
                 Traveller traveller, StationId station, std::int64_t day) {
  const auto held = passes.held.find(traveller);
  if (held == passes.held.end() || tariff.ways.empty()) return false;
  return std::ranges::any_of(held->second, [&](EntitlementId id) {
    const Pass& pass = passes.sold.at(id);
    if (!is_good_on(pass, day)) return false;
    const auto inside = inside_of(fares, tariff, pass);
    return std::ranges::find(inside, station) != inside.end();
  });
}

std::optional<DuePass> next_due(const Passes& passes) {
  if (passes.due.empty()) return {};
  return *passes.due.begin();
}

void apply(Passes& passes, const Parties& parties, const Fares& fares, const PassPurchased& event) {
  const Pass pass{.rider = event.rider,
                  .transit = event.transit,
                  .tariff = event.tariff,
                  .category = event.category,
                  .from = event.from,
                  .to = event.to,
                  .first_day = event.first_day,
                  .last_day = event.last_day,
                  .price = event.price,
                  .recognised_days = 0,
                  .due = {}};
  passes.sold.emplace(event.pass, pass);
  passes.held[{event.rider, event.transit}].insert(event.pass);
  due_at(passes, event.pass, next_recognition(parties, fares, event.pass, pass));
}

void apply(Passes& passes, const Parties& parties, const Fares& fares,
           const PassRevenueRecognised& event) {
  no_longer_due(passes, event.pass);
  Pass& pass = passes.sold.at(event.pass);
  ++pass.recognised_days;
  if (pass.recognised_days > pass.last_day - pass.first_day) return forget(passes, event.pass);
  due_at(passes, event.pass, next_recognition(parties, fares, event.pass, pass));
}

void apply(Passes& passes, const PassRefunded& event) {
  no_longer_due(passes, event.pass);
  forget(passes, event.pass);
}

}  // namespace obverse
