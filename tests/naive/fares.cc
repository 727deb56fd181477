#include "tests/naive/fares.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace obverse::naive {
namespace {

std::int64_t floored(std::int64_t value, std::int64_t unit) {
  std::int64_t quotient = value / unit;
  if (value % unit < 0) --quotient;
  return quotient;
}

// Half of it, rounded up to the unit.
std::int64_t half_rounded_up(std::int64_t amount, std::int64_t unit) {
  std::int64_t rounded = 0;
  while (2 * rounded < amount) rounded += unit;
  return rounded;
}

const Section& section_of(const Version& version, std::int64_t metres) {
  for (const Section& section : version.sections)
    if (!section.metres_max || metres <= *section.metres_max) return section;
  throw std::logic_error("the last section has a bound");
}

const Concession* concession_of(const Version& version, const std::string& category) {
  for (const Concession& each : version.concessions)
    if (each.category == category) return &each;
  return nullptr;
}

std::int64_t amount_for(const Amounts& amounts, const std::string& category) {
  return category == "child" ? amounts.child : amounts.adult;
}

bool is_incomplete(const Version& version, const Journey& journey) {
  return journey.exit.empty() || journey.left - journey.entered >= version.journey_window_ms;
}

Fare same_station_fare(const Version& version, const std::string& category, std::int64_t ms) {
  for (const SameStation& row : version.same_station) {
    if (row.seconds_max && ms > *row.seconds_max * 1000) continue;
    return {amount_for(row.maximum ? version.maximum : row.fare, category), 0};
  }
  return {0, 0};
}

const Pass* pass_at_entry(const Journey& journey) {
  for (const Pass& pass : journey.passes)
    if (journey.entered >= pass.from && journey.entered < pass.until) return &pass;
  return nullptr;
}

// A week begins on Monday; 1970-01-01 was a Thursday.
std::int64_t period_of(Period period, std::int64_t day) {
  if (period == Period::day) return day;
  if (period == Period::week) return floored(day + 3, 7);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return 12 * static_cast<int>(date.year()) + static_cast<int>(static_cast<unsigned>(date.month()));
}

// A journey with what became of it.
struct Ridden {
  Journey taps;
  Charge charge;
  // Of a through journey: where and when it began, and what was charged for it so far.
  std::string origin;
  std::int64_t began = 0;
  std::int64_t through_fare = 0;
  std::int64_t through_surcharge = 0;
  bool ended = false;
};

class Rider {
 public:
  explicit Rider(const NaiveTariff& tariff) : tariff_(tariff) {}

  Charge ride(const Journey& taps) {
    Ridden now;
    now.taps = taps;
    now.origin = taps.entry;
    now.began = taps.entered;
    const Version& version = in_force(tariff_, taps.transit, taps.entered);
    if (is_incomplete(version, taps)) {
      now.charge.maximum = true;
      now.charge.fare = amount_for(version.maximum, category_at_entry(taps));
      now.charge.charged = now.charge.fare;
    } else {
      complete(version, now);
    }
    ridden_.push_back(now);
    return now.charge;
  }

 private:
  void complete(const Version& at_entry, Ridden& now) {
    now.ended = true;
    const Ridden* before = joined_to(at_entry, now.taps);
    const Version* version = &at_entry;
    if (before != nullptr) {
      // The tariff of the first entry holds for the whole through journey.
      version = &in_force(tariff_, now.taps.transit, before->began);
      now.charge.through = true;
      now.origin = before->origin;
      now.began = before->began;
      now.charge.already = before->through_fare;
    }
    const std::string category = category_at_entry(now.taps);
    const Fare fare = whole_fare(*version, category, now);
    now.charge.fare = fare.total;
    now.charge.surcharge = fare.surcharge;
    now.through_fare = std::max(fare.total, now.charge.already);
    now.through_surcharge = fare.surcharge;
    std::int64_t due = now.through_fare - now.charge.already;
    if (const Concession* concession = concession_of(*version, category)) {
      const std::int64_t rider = std::min(now.through_fare, concession->flat) -
                                 std::min(now.charge.already, concession->flat);
      now.charge.sponsored = due - rider;
      due = rider;
    }
    give_benefit(at_entry, now, due);
    due -= now.charge.benefit;
    const std::int64_t capped = under_caps(*version, category, now, due);
    now.charge.cap_discount = due - capped;
    now.charge.charged = capped;
  }

  Fare whole_fare(const Version& version, const std::string& category, Ridden& now) const {
    if (now.taps.exit == now.origin && !version.flat)
      return same_station_fare(version, category, now.taps.left - now.began);
    const Pass* pass = pass_at_entry(now.taps);
    if (pass == nullptr) return fare_of(version, category, now.origin, now.taps.exit);
    now.charge.with_pass = true;
    return fare_with_pass(version, category, *pass, now.origin, now.taps.exit);
  }

  const Ridden* last_of(const std::string& transit) const {
    for (auto each = ridden_.rbegin(); each != ridden_.rend(); ++each)
      if (each->taps.transit == transit) return &*each;
    return nullptr;
  }

  const Ridden* joined_to(const Version& version, const Journey& taps) const {
    const Ridden* before = last_of(taps.transit);
    if (before == nullptr || !before->ended) return nullptr;
    if (pass_at_entry(taps) != nullptr || before->charge.with_pass) return nullptr;
    const std::int64_t walked = taps.entered - before->taps.left;
    for (const Interchange& each : version.interchanges) {
      const bool there = each.a == before->taps.exit && each.b == taps.entry;
      const bool back = each.b == before->taps.exit && each.a == taps.entry;
      if ((there || back) && walked >= 0 && walked <= each.seconds_max * 1000) return before;
    }
    return nullptr;
  }

  void give_benefit(const Version& version, Ridden& now, std::int64_t due) const {
    if (ridden_.empty() || !ridden_.back().ended) return;
    const Journey& before = ridden_.back().taps;
    const std::int64_t walked = now.taps.entered - before.left;
    for (const Benefit& benefit : version.benefits) {
      if (benefit.after != before.transit || walked < 0) continue;
      const bool soon = benefit.seconds_max && walked <= *benefit.seconds_max * 1000;
      const bool today =
          benefit.same_day && fare_day(tariff_, before.left) == fare_day(tariff_, now.taps.entered);
      if (!soon && !today) continue;
      now.charge.points = benefit.points;
      now.charge.benefit = std::min(benefit.discount, due);
      return;
    }
  }

  std::int64_t under_caps(const Version& version, const std::string& category, const Ridden& now,
                          std::int64_t due) const {
    std::int64_t out = due;
    for (const Period period : {Period::day, Period::week, Period::month})
      for (const Cap& cap : version.caps) {
        if (cap.period != period) continue;
        const std::int64_t most = amount_for(cap.most, category);
        const std::int64_t left = std::max<std::int64_t>(0, most - spent(now, period));
        out = std::min(out, left);
      }
    return out;
  }

  // By journeys that began in the same day, week or month, with the same operator.
  std::int64_t spent(const Ridden& now, Period period) const {
    std::int64_t sum = 0;
    for (const Ridden& each : ridden_) {
      if (each.charge.maximum || each.taps.transit != now.taps.transit) continue;
      if (period_of(period, fare_day(tariff_, each.began)) ==
          period_of(period, fare_day(tariff_, now.began)))
        sum += each.charge.charged;
    }
    return sum;
  }

  const NaiveTariff& tariff_;
  std::vector<Ridden> ridden_;
};

}  // namespace

const Version& in_force(const NaiveTariff& tariff, const std::string& transit, std::int64_t at) {
  const Version* found = nullptr;
  for (const Version& version : tariff.versions.at(transit))
    if (version.effective_from <= at) found = &version;
  if (found == nullptr) throw std::logic_error("no tariff of " + transit + " is in force");
  return *found;
}

std::string category_at_entry(const Journey& journey) {
  const bool expired = journey.category_until && journey.entered >= *journey.category_until;
  return expired ? "adult" : journey.category;
}

Fare adult_fare(const Version& version, const std::string& from, const std::string& to) {
  if (version.flat) return {version.flat->adult, 0};
  if (from == to) return {0, 0};
  const Distance way = version.network.between(from, to);
  return {section_of(version, way.metres).adult + way.surcharge, way.surcharge};
}

Fare child_fare(const Version& version, const std::string& from, const std::string& to) {
  if (version.flat) return {version.flat->child, 0};
  if (from == to) return {0, 0};
  const Distance way = version.network.between(from, to);
  const Section& section = section_of(version, way.metres);
  if (way.surcharge == 0) return {section.child, 0};
  const std::int64_t total = std::max(
      section.child, half_rounded_up(section.adult + way.surcharge, version.child_rounding));
  return {total, total - section.child};
}

Fare fare_of(const Version& version, const std::string& category, const std::string& from,
             const std::string& to) {
  return category == "child" ? child_fare(version, from, to) : adult_fare(version, from, to);
}

Fare fare_with_pass(const Version& version, const std::string& category, const Pass& pass,
                    const std::string& from, const std::string& to) {
  Fare best = fare_of(version, category, from, to);
  const std::vector<std::string> stations = version.network.on_the_way(pass.a, pass.b);
  for (const std::string& x : stations)
    for (const std::string& y : stations) {
      const Fare before = fare_of(version, category, from, x);
      const Fare after = fare_of(version, category, y, to);
      if (before.total + after.total < best.total)
        best = {before.total + after.total, before.surcharge + after.surcharge};
    }
  return best;
}

std::int64_t fare_day(const NaiveTariff& tariff, std::int64_t at) {
  return floored(at + tariff.clock_offset_ms - tariff.day_start_ms, 86'400'000);
}

std::vector<Charge> price_all(const std::vector<Journey>& journeys, const NaiveTariff& tariff) {
  std::vector<std::size_t> order(journeys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  // Of two that begin at once, the one that was named first.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{journeys[a].entered, a} < std::pair{journeys[b].entered, b};
  });
  std::vector<Charge> charges(journeys.size());
  Rider rider(tariff);
  for (const std::size_t i : order) charges[i] = rider.ride(journeys[i]);
  return charges;
}

Charge price(const Journey& taps, const NaiveTariff& tariff, const History& history) {
  std::vector<Journey> journeys;
  for (const Journey& journey : history)
    if (journey.entered <= taps.entered) journeys.push_back(journey);
  journeys.push_back(taps);
  return price_all(journeys, tariff).back();
}

}  // namespace obverse::naive
