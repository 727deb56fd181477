#include "ledger/rules/places/tariff_validity.h"

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <tuple>

#include "ledger/model/limits.h"
#include "ledger/rules/people/parties.h"

namespace obverse {
namespace {

constexpr std::int64_t open_ended = std::numeric_limits<std::int64_t>::max();
// Longer than any railway; a sum over every track cannot wrap.
constexpr std::int64_t track_metres_max = 1'000'000'000;

bool is_amount(std::int64_t minor) { return minor >= 0 && minor <= amount_minor_max; }

// A child never pays more than an adult, and nobody more than the maximum.
bool are_fares(const Tariff& tariff, std::int64_t adult_minor, std::int64_t child_minor) {
  return is_amount(adult_minor) && is_amount(child_minor) && child_minor <= adult_minor &&
         adult_minor <= tariff.maximum_adult_minor && child_minor <= tariff.maximum_child_minor;
}

bool is_station(const Tariff& tariff, StationId station) {
  return station.value < tariff.stations.size();
}

bool has_fit_stations(const Tariff& tariff) {
  if (tariff.stations.empty() || tariff.stations.size() > stations_max) return false;
  if (std::set<Code>(tariff.stations.begin(), tariff.stations.end()).size() !=
      tariff.stations.size())
    return false;
  return std::ranges::all_of(tariff.stations, [](const Code& code) { return is_valid_code(code); });
}

// No metres: two stations that are joined inside the gates.
bool has_fit_tracks(const Tariff& tariff) {
  if (tariff.tracks.size() > tracks_max) return false;
  return std::ranges::all_of(tariff.tracks, [&](const Track& track) {
    return is_station(tariff, track.a) && is_station(tariff, track.b) && track.a != track.b &&
           track.metres >= 0 && track.metres <= track_metres_max &&
           is_amount(track.surcharge_minor);
  });
}

bool has_fit_sections(const Tariff& tariff) {
  if (tariff.sections.empty() || tariff.sections.size() > sections_max) return false;
  std::int64_t metres_before = 0;
  for (const Section& section : tariff.sections) {
    if (section.metres_max <= metres_before) return false;
    // A surcharge is on top of the maximum, as it is on top of a section.
    if (!are_fares(tariff, section.adult_minor, section.child_minor)) return false;
    metres_before = section.metres_max;
  }
  return metres_before == open_ended;
}

bool has_fit_pairs(const Tariff& tariff) {
  if (tariff.pair_fares.empty() || tariff.pair_fares.size() > pair_fares_max) return false;
  const auto rises = [](const PairFare& a, const PairFare& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  };
  if (std::ranges::adjacent_find(tariff.pair_fares, [&](const auto& a, const auto& b) {
        return !rises(a, b);
      }) != tariff.pair_fares.end())
    return false;
  return std::ranges::all_of(tariff.pair_fares, [&](const PairFare& pair) {
    return are_fares(tariff, pair.adult_minor, pair.child_minor);
  });
}

bool has_fit_time_fares(const Tariff& tariff) {
  if (tariff.time_fares.empty() || tariff.time_fares.size() > time_fares_max) return false;
  Duration before;
  for (const TimeFare& row : tariff.time_fares) {
    if (row.within <= before || row.within > tariff.journey_window) return false;
    if (!are_fares(tariff, row.adult_minor, row.child_minor)) return false;
    before = row.within;
  }
  return true;
}

bool has_fit_prices(const Tariff& tariff) {
  if (tariff.entry_only && tariff.pricing != Pricing::flat) return false;
  switch (tariff.pricing) {
    case Pricing::sections:
      return has_fit_sections(tariff);
    case Pricing::flat:
      return are_fares(tariff, tariff.flat_adult_minor, tariff.flat_child_minor);
    case Pricing::zones:
      return tariff.zones.size() == tariff.stations.size() && has_fit_pairs(tariff);
    case Pricing::matrix:
      return has_fit_pairs(tariff);
    case Pricing::time:
      return has_fit_time_fares(tariff);
  }
  return false;
}

bool has_fit_amounts(const Tariff& tariff) {
  return is_amount(tariff.maximum_adult_minor) && is_amount(tariff.maximum_child_minor) &&
         tariff.maximum_adult_minor > 0 && tariff.maximum_child_minor > 0 &&
         tariff.maximum_child_minor <= tariff.maximum_adult_minor &&
         // A journey without anything held could not be told from one that pays nothing.
         tariff.entry_minimum_adult_minor > 0 && tariff.entry_minimum_child_minor > 0 &&
         tariff.entry_minimum_adult_minor <= tariff.maximum_adult_minor &&
         tariff.entry_minimum_child_minor <= tariff.maximum_child_minor &&
         tariff.child_rounding_minor > 0 && tariff.child_rounding_minor <= amount_minor_max;
}

bool has_fit_times(const Tariff& tariff) {
  return tariff.effective_from >= instant_min && tariff.effective_from <= instant_max &&
         tariff.journey_window > Duration{} && tariff.journey_window <= duration_max &&
         tariff.same_station_free >= Duration{} &&
         tariff.same_station_free < tariff.journey_window && tariff.travel_time_min >= Duration{} &&
         tariff.travel_time_min <= tariff.journey_window && tariff.fare_day_start >= Duration{} &&
         tariff.fare_day_start < days(1);
}

bool has_fit_categories(const Tariff& tariff) {
  if (tariff.categories.size() > category_terms_max) return false;
  std::set<Category> listed;
  return std::ranges::all_of(tariff.categories, [&](const CategoryTerms& terms) {
    // Adult and child are the columns themselves.
    return terms.category != Category::adult && terms.category != Category::child &&
           listed.insert(terms.category).second &&
           (!terms.flat_minor || is_amount(*terms.flat_minor));
  });
}

bool has_fit_interchanges(const Tariff& tariff) {
  return tariff.interchanges.size() <= interchanges_max &&
         std::ranges::all_of(tariff.interchanges, [&](const Interchange& each) {
           return is_station(tariff, each.a) && is_station(tariff, each.b) &&
                  each.within > Duration{} && each.within <= days(1);
         });
}

bool has_fit_caps(const Tariff& tariff) {
  if (tariff.caps.size() > caps_max) return false;
  const Cap* before = nullptr;
  for (const Cap& cap : tariff.caps) {
    if (before != nullptr && cap.period <= before->period) return false;
    if (!is_amount(cap.adult_minor) || !is_amount(cap.child_minor)) return false;
    if (cap.adult_minor == 0 || cap.child_minor > cap.adult_minor) return false;
    before = &cap;
  }
  return true;
}

bool has_fit_passes(const Tariff& tariff) {
  if (tariff.passes.size() > passes_max) return false;
  if (!tariff.passes.empty() && tariff.pricing != Pricing::sections) return false;
  if (tariff.pass_sale_ahead < Duration{} || tariff.pass_sale_ahead > duration_max) return false;
  if (!is_amount(tariff.pass_refund_fee_minor)) return false;
  std::set<std::pair<std::uint16_t, std::uint8_t>> listed;
  return std::ranges::all_of(tariff.passes, [&](const PassFare& pass) {
    return pass.section >= 1 && pass.section <= tariff.sections.size() && pass.months >= 1 &&
           pass.months <= 12 && listed.emplace(pass.section, pass.months).second &&
           is_amount(pass.adult_minor) && is_amount(pass.child_minor) && pass.adult_minor > 0 &&
           pass.child_minor > 0 && pass.child_minor <= pass.adult_minor;
  });
}

}  // namespace

bool is_valid_tariff(const Tariff& tariff) {
  return has_fit_stations(tariff) && has_fit_tracks(tariff) && has_fit_amounts(tariff) &&
         has_fit_times(tariff) && has_fit_prices(tariff) && has_fit_categories(tariff) &&
         has_fit_interchanges(tariff) && has_fit_caps(tariff) && has_fit_passes(tariff);
}

}  // namespace obverse
