#include "ledger/gtfs/fares_v1.h"

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>

#include "ledger/gtfs/amount.h"

namespace obverse::gtfs {
namespace {

// Whether a rule holds; `unsaid` where that depends on what was not said.
enum class Holds { no, unsaid, yes };

Holds both(Holds a, Holds b) { return std::min(a, b); }

std::optional<Money> price_of(const Table& table, const Row& row, Report& report) {
  const auto currency = currency_of(table.at(row, "currency_type"));
  if (!currency) {
    report.add(Weight::error, "unknown_currency", {table.file, row.line, "currency_type"},
               "\"" + table.at(row, "currency_type") +
                   "\" is no currency that this build knows: the fare is unknown");
    return std::nullopt;
  }
  const Amount amount = amount_of(table.at(row, "price"), *currency);
  if (!amount.odd.empty())
    report.add(amount.minor ? Weight::warning : Weight::error, "odd_amount",
               {table.file, row.line, "price"}, amount.odd);
  if (!amount.minor) return std::nullopt;
  if (*amount.minor < 0) {
    report.add(Weight::error, "odd_amount", {table.file, row.line, "price"},
               "is below 0: the fare is unknown");
    return std::nullopt;
  }
  return Money{*amount.minor, *currency};
}

// A number that may be left out; a text that is none makes the whole fare unknown.
std::optional<std::int64_t> number_of(const Table& table, const Row& row, const char* column,
                                      std::int64_t most, FareClass& fare, Report& report) {
  const std::string& words = table.at(row, column);
  if (words.empty()) return std::nullopt;
  const auto value = whole_number(words);
  if (value && *value >= 0 && *value <= most) return value;
  report.add(Weight::error, "odd_number", {table.file, row.line, column},
             "\"" + words + "\" is not one of its values: the fare is unknown");
  fare.price = std::nullopt;
  return 0;
}

void add_rules(const Feed& feed, FaresV1& out) {
  const Table& table = feed.table("fare_rules.txt");
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, std::size_t> with_zones;  // where in its fare's rules
  for (const Row& row : table.rows) {
    const std::string& fare = table.at(row, "fare_id");
    const std::string& contains = table.at(row, "contains_id");
    ZoneRule rule{table.at(row, "route_id"),
                  table.at(row, "origin_id"),
                  table.at(row, "destination_id"),
                  {},
                  row.line};
    std::vector<ZoneRule>& rules = out.rules[fare];
    if (!contains.empty()) {
      const Key key{fare, rule.route, rule.origin, rule.destination};
      const auto [at, is_new] = with_zones.emplace(key, rules.size());
      if (!is_new) {
        rules[at->second].contains.insert(contains);
        continue;
      }
      rule.contains.insert(contains);
    }
    rules.push_back(std::move(rule));
  }
}

// Some legs in a row, paid with one fare.
struct Stretch {
  const FaresV1& book;
  std::span<const Leg> legs;
  std::string origin;  // zones; empty where a stop has none
  std::string destination;
  std::set<std::string> zones;  // entered for certain
  bool zones_whole = true;      // and no others
};

Stretch stretch_of(const FaresV1& book, std::span<const Leg> legs) {
  const auto zone = [&](const std::string& stop) { return book.places.zone_of(stop).value_or(""); };
  Stretch out{book, legs, zone(legs.front().from), zone(legs.back().to), {}, true};
  for (const Leg& leg : legs) {
    out.zones_whole = out.zones_whole && leg.passed.has_value();
    std::vector<std::string> stops = leg.passed.value_or(std::vector<std::string>{});
    stops.push_back(leg.from);
    stops.push_back(leg.to);
    for (const std::string& stop : stops)
      if (const std::string passed = zone(stop); !passed.empty()) out.zones.insert(passed);
  }
  return out;
}

Holds zones_hold(const ZoneRule& rule, const Stretch& stretch) {
  if (rule.contains.empty()) return Holds::yes;
  if (!std::ranges::includes(rule.contains, stretch.zones)) return Holds::no;
  if (stretch.zones == rule.contains && stretch.zones_whole) return Holds::yes;
  return stretch.zones_whole ? Holds::no : Holds::unsaid;
}

Holds leg_holds(const std::vector<ZoneRule>& rules, const Stretch& stretch, const Leg& leg) {
  Holds best = Holds::no;
  for (const ZoneRule& rule : rules) {
    if (!rule.origin.empty() && rule.origin != stretch.origin) continue;
    if (!rule.destination.empty() && rule.destination != stretch.destination) continue;
    Holds route = Holds::yes;
    if (!rule.route.empty() && rule.route != leg.route)
      route = leg.route.empty() ? Holds::unsaid : Holds::no;
    best = std::max(best, both(route, zones_hold(rule, stretch)));
  }
  return best;
}

Holds agency_holds(const FareClass& fare, const Stretch& stretch) {
  if (fare.agency.empty() || stretch.book.places.agencies.size() <= 1) return Holds::yes;
  Holds holds = Holds::yes;
  for (const Leg& leg : stretch.legs) {
    const Route* route = stretch.book.places.route(leg.route);
    if (route == nullptr) {
      holds = both(holds, Holds::unsaid);
    } else if (route->agency != fare.agency) {
      return Holds::no;
    }
  }
  return holds;
}

Holds changes_hold(const FareClass& fare, const Stretch& stretch) {
  const auto changes = static_cast<std::int64_t>(stretch.legs.size()) - 1;
  if (fare.transfers && changes > *fare.transfers) return Holds::no;
  if (changes == 0 || !fare.transfer_seconds) return Holds::yes;
  const auto& first = stretch.legs.front().depart;
  const auto& last = stretch.legs.back().depart;
  if (!first || !last) return Holds::unsaid;
  return last->utc() - first->utc() <= *fare.transfer_seconds ? Holds::yes : Holds::no;
}

Holds holds(const FareClass& fare, const Stretch& stretch) {
  Holds out = both(changes_hold(fare, stretch), agency_holds(fare, stretch));
  const auto rules = stretch.book.rules.find(fare.id);
  if (rules == stretch.book.rules.end()) return out;
  for (const Leg& leg : stretch.legs) {
    if (out == Holds::no) break;
    out = both(out, leg_holds(rules->second, stretch, leg));
  }
  return out;
}

struct Paid {
  std::int64_t minor = 0;
  std::vector<std::string> fares;
};
using Payments = std::map<Currency, Paid>;

void keep_cheaper(Payments& payments, Currency currency, Paid paid) {
  const auto known = payments.find(currency);
  if (known == payments.end()) {
    payments.emplace(currency, std::move(paid));
  } else if (paid.minor < known->second.minor) {
    known->second = std::move(paid);
  }
}

// The legs in parts, each under one fare, at the lowest sum. `hopeful` counts what was not said,
// and fares that cannot be read, as well as could be.
Payments cheapest(const FaresV1& book, const std::vector<Leg>& legs, bool hopeful) {
  std::vector<Payments> up_to(legs.size() + 1);
  for (const FareClass& fare : book.fares)
    if (fare.price) up_to[0][fare.price->currency] = {};
  if (hopeful && up_to[0].empty()) up_to[0][Currency::jpy] = {};
  for (std::size_t first = 0; first < legs.size(); ++first)
    for (std::size_t last = first; last < legs.size(); ++last) {
      const auto stretch = stretch_of(book, std::span(legs).subspan(first, last - first + 1));
      for (const FareClass& fare : book.fares) {
        if (!hopeful && !fare.price) continue;
        const Holds fits = holds(fare, stretch);
        if (fits == Holds::no || (!hopeful && fits == Holds::unsaid)) continue;
        for (const auto& [currency, before] : up_to[first]) {
          if (fare.price && fare.price->currency != currency) continue;
          Paid paid = before;
          paid.minor += fare.price ? fare.price->minor : 0;
          paid.fares.push_back(fare.id);
          keep_cheaper(up_to[last + 1], currency, std::move(paid));
        }
      }
    }
  return up_to.back();
}

bool is_by_zone(const FaresV1& book) {
  return std::ranges::any_of(book.rules, [](const auto& of_fare) {
    return std::ranges::any_of(of_fare.second, [](const ZoneRule& rule) {
      return !rule.origin.empty() || !rule.destination.empty();
    });
  });
}

Unknown why_not(const FaresV1& book, const std::vector<Leg>& legs) {
  for (const Leg& leg : legs)
    for (const std::string& stop : {leg.from, leg.to})
      if (is_by_zone(book) && !book.places.zone_of(stop)) return {Why::stop_without_zone, stop};
  return {Why::no_rule, legs.front().from + " to " + legs.back().to};
}

// A price below the one found, or instead of none, could come of what is not known.
bool could_be_cheaper(const Payments& sure, const Payments& hopeful) {
  return std::ranges::any_of(hopeful, [&](const auto& each) {
    const auto known = sure.find(each.first);
    return known == sure.end() || each.second.minor < known->second.minor;
  });
}

Unknown what_is_missing(const FaresV1& book, const Paid& hopeful) {
  for (const std::string& id : hopeful.fares) {
    const auto fare = std::ranges::find(book.fares, id, &FareClass::id);
    if (fare != book.fares.end() && !fare->price)
      return {Why::amount_unreadable, "fare " + id + ", line " + std::to_string(fare->line)};
  }
  std::string fares;
  for (const std::string& id : hopeful.fares) fares += (fares.empty() ? "" : ", ") + id;
  return {Why::fact_missing, "whether fare " + fares +
                                 " counts: the route, the stops passed or "
                                 "the times were not said"};
}

}  // namespace

bool has_fares_v1(const Feed& feed) { return feed.has("fare_attributes.txt"); }

FaresV1 fares_v1_of(const Feed& feed, Report& report) {
  FaresV1 out;
  out.places = places_of(feed);
  const Table& table = feed.table("fare_attributes.txt");
  for (const Row& row : table.rows) {
    FareClass fare;
    fare.id = table.at(row, "fare_id");
    fare.line = row.line;
    fare.agency = table.at(row, "agency_id");
    fare.price = price_of(table, row, report);
    fare.transfers = number_of(table, row, "transfers", 2, fare, report);
    fare.transfer_seconds = number_of(table, row, "transfer_duration",
                                      std::numeric_limits<std::int32_t>::max(), fare, report);
    if (!table.column("transfers"))
      report.add(Weight::warning, "missing_column", {table.file, 1, "transfers"},
                 "is required; without it any number of changes is taken to be paid for");
    out.fares.push_back(std::move(fare));
  }
  add_rules(feed, out);
  return out;
}

Answer price(const FaresV1& book, const Ask& ask) {
  if (const auto unknown = unaskable(book.places, ask.legs)) return *unknown;
  if (book.fares.empty()) return Unknown{Why::no_fares, ""};
  if (!ask.medium.empty()) return Unknown{Why::unknown_medium, ask.medium};
  if (!ask.category.empty()) return Unknown{Why::unknown_category, ask.category};
  const Payments sure = cheapest(book, ask.legs, false);
  const Payments hopeful = cheapest(book, ask.legs, true);
  if (could_be_cheaper(sure, hopeful)) {
    for (const auto& [currency, paid] : hopeful) {
      const auto known = sure.find(currency);
      if (known == sure.end() || paid.minor < known->second.minor)
        return what_is_missing(book, paid);
    }
  }
  if (sure.empty()) return why_not(book, ask.legs);
  if (sure.size() > 1) return Unknown{Why::currencies_differ, ""};
  const auto& [currency, paid] = *sure.begin();
  const char* rule = ask.legs.size() == 1     ? "single"
                     : paid.fares.size() == 1 ? "through"
                                              : "separate";
  return Price{{paid.minor, currency}, paid.fares, "", rule};
}

Report check(const FaresV1& book) {
  Report report;
  std::set<std::string> with_fare;
  bool everywhere = false;
  std::map<std::tuple<std::string, std::string, std::string>, const FareClass*> priced;
  for (const FareClass& fare : book.fares) {
    const auto rules = book.rules.find(fare.id);
    if (rules == book.rules.end()) {
      everywhere = true;
      report.add(Weight::note, "fare_without_rule", {"fare_attributes.txt", fare.line, ""},
                 "fare " + fare.id + " has no rule: it counts everywhere");
      continue;
    }
    for (const ZoneRule& rule : rules->second) {
      with_fare.insert({rule.origin, rule.destination});
      with_fare.insert(rule.contains.begin(), rule.contains.end());
      if (rule.origin.empty() || rule.destination.empty() || !rule.contains.empty()) continue;
      const auto [at, is_new] =
          priced.emplace(std::tuple(rule.route, rule.origin, rule.destination), &fare);
      if (!is_new && at->second->price != fare.price)
        report.add(Weight::warning, "two_prices", {"fare_rules.txt", rule.line, ""},
                   rule.origin + " to " + rule.destination + " has fare " + at->second->id +
                       " and fare " + fare.id + ": the cheaper counts");
    }
  }
  if (everywhere || !is_by_zone(book)) return report;
  std::set<std::string> zones;
  for (const auto& [id, stop] : book.places.stops)
    if (!stop.zone.empty()) zones.insert(stop.zone);
  for (const std::string& zone : zones)
    if (!with_fare.contains(zone))
      report.add(Weight::warning, "zone_without_fare", {"stops.txt", 0, "zone_id"},
                 "zone " + zone + " has no fare: every fare from or to it is unknown");
  return report;
}

}  // namespace obverse::gtfs
