#include "ledger/gtfs/fares_v2.h"

#include <algorithm>
#include <span>

#include "ledger/gtfs/journey_v2.h"

namespace obverse::gtfs {
namespace {

enum class Holds { no, unsaid, yes };

// Without priorities an empty field means: what is not listed in its column. With them: anything.
bool field_holds(const std::string& field, const std::set<std::string>& of_the_leg,
                 const std::set<std::string>& listed, bool has_priority) {
  if (!field.empty()) return of_the_leg.contains(field);
  if (has_priority || of_the_leg.empty()) return true;
  return std::ranges::any_of(of_the_leg,
                             [&](const std::string& one) { return !listed.contains(one); });
}

std::set<std::string> areas_of(const FaresV2& book, const std::string& stop) {
  const Stop* place = book.places.stop(stop);
  return place == nullptr ? std::set<std::string>{} : place->areas;
}

std::set<std::string> network_of(const FaresV2& book, const Leg& leg) {
  const Route* route = book.places.route(leg.route);
  if (route == nullptr || route->network.empty()) return {};
  return {route->network};
}

Holds timeframe_holds(const FaresV2& book, const std::string& group,
                      const std::optional<LocalTime>& time) {
  if (group.empty()) return Holds::yes;
  if (!book.timeframes.contains(group)) return Holds::no;
  if (!time) return Holds::unsaid;
  return book.in_timeframe(group, *time) ? Holds::yes : Holds::no;
}

// Each of the joined legs must be of the rule's network.
Holds network_holds(const FaresV2& book, const LegRule& rule, std::span<const Leg> legs) {
  Holds out = Holds::yes;
  for (const Leg& leg : legs) {
    if (leg.route.empty()) {
      const bool any = rule.network.empty() && (book.has_priority || book.networks.empty());
      out = std::min(out, any ? Holds::yes : Holds::unsaid);
    } else if (!field_holds(rule.network, network_of(book, leg), book.networks,
                            book.has_priority)) {
      return Holds::no;
    }
  }
  return out;
}

Holds rule_holds(const FaresV2& book, const LegRule& rule, std::span<const Leg> legs) {
  if (!field_holds(rule.from_area, areas_of(book, legs.front().from), book.from_areas,
                   book.has_priority))
    return Holds::no;
  if (!field_holds(rule.to_area, areas_of(book, legs.back().to), book.to_areas, book.has_priority))
    return Holds::no;
  return std::min({network_holds(book, rule, legs),
                   timeframe_holds(book, rule.from_timeframe, legs.front().depart),
                   timeframe_holds(book, rule.to_timeframe, legs.back().arrive)});
}

// No empty field had to be filled in.
bool is_exact(const LegRule& rule) {
  return !rule.network.empty() && !rule.from_area.empty() && !rule.to_area.empty();
}

using Rules = std::vector<const LegRule*>;

// Of the rules that hold, those that count: the highest priority, or the exact ones before those
// with empty fields.
Rules that_count(const FaresV2& book, Rules rules) {
  if (rules.empty()) return rules;
  if (book.has_priority) {
    const auto most = (*std::ranges::max_element(rules, {}, &LegRule::priority))->priority;
    std::erase_if(rules, [&](const LegRule* rule) { return rule->priority < most; });
  } else if (std::ranges::any_of(rules, [](const LegRule* rule) { return is_exact(*rule); })) {
    std::erase_if(rules, [](const LegRule* rule) { return !is_exact(*rule); });
  }
  return rules;
}

bool serves_category(const FaresV2& book, const Product& product, const std::string& category) {
  if (product.category.empty() || product.category == category) return true;
  const auto found = book.categories.find(product.category);
  return category.empty() && found != book.categories.end() && found->second;
}

std::string line_of(const LegRule& rule) {
  return "fare_leg_rules.txt line " + std::to_string(rule.line);
}

Unknown missing_fact(const LegRule& rule, std::span<const Leg> legs) {
  const bool route = std::ranges::any_of(legs, [](const Leg& leg) { return leg.route.empty(); });
  const char* what = route                  ? "the route"
                     : !legs.front().depart ? "the time of departure"
                                            : "the time of arrival";
  return {Why::fact_missing, std::string(what) + ", which " + line_of(rule) + " asks for"};
}

std::vector<std::string> media_to_try(const FaresV2& book, const Ask& ask) {
  if (!ask.medium.empty()) return {ask.medium};
  std::vector<std::string> media = book.media;
  media.emplace_back();  // what needs none
  return media;
}

// A refusal that says more than another: what is missing can be said, a wrong feed mended.
int weight(Why why) {
  switch (why) {
    case Why::fact_missing:
    case Why::feed_contradicts:
    case Why::amount_unreadable:
    case Why::currencies_differ:
      return 3;
    case Why::not_with_medium:
      return 2;
    case Why::not_for_category:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

Offers offers(const FaresV2& book, const std::string& id, const std::string& medium,
              const std::string& category) {
  Offers out;
  const auto found = book.products.find(id);
  if (found == book.products.end()) return {{}, Why::feed_contradicts};
  bool for_category = false;
  for (const Product& product : found->second) {
    if (!serves_category(book, product, category)) continue;
    for_category = true;
    if (product.medium.empty() || product.medium == medium) out.all.push_back(&product);
  }
  out.why = for_category ? Why::not_with_medium : Why::not_for_category;
  return out;
}

std::vector<JoinedLeg> joined_legs(const FaresV2& book, const std::vector<Leg>& legs) {
  const auto is_at = [&](const std::string& stop, const std::string& place) {
    return stop == place || book.places.station_of(stop) == place;
  };
  const auto joins = [&](const JoinRule& rule, const Leg& before, const Leg& after) {
    if (!rule.from_network.empty() && !network_of(book, before).contains(rule.from_network))
      return false;
    if (!rule.to_network.empty() && !network_of(book, after).contains(rule.to_network))
      return false;
    if (rule.from_stop.empty() && rule.to_stop.empty())
      return book.places.station_of(before.to) == book.places.station_of(after.from);
    return is_at(before.to, rule.from_stop) && is_at(after.from, rule.to_stop);
  };
  std::vector<JoinedLeg> out;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const bool joined = i > 0 && std::ranges::any_of(book.join_rules, [&](const JoinRule& rule) {
                          return joins(rule, legs[i - 1], legs[i]);
                        });
    if (joined) {
      out.back().last = i;
    } else {
      out.push_back({i, i});
    }
  }
  return out;
}

Choices choices(const FaresV2& book, const std::vector<Leg>& legs, const JoinedLeg& leg,
                const std::string& medium, const std::string& category) {
  const auto part = std::span(legs).subspan(leg.first, leg.last - leg.first + 1);
  Rules sure;
  const LegRule* unsaid = nullptr;
  for (const LegRule& rule : book.leg_rules) {
    if (rule.transfer_only && leg.first == 0) continue;  // there is no change before it
    const Holds holds = rule_holds(book, rule, part);
    if (holds == Holds::yes) sure.push_back(&rule);
    const bool can_be_had = !offers(book, rule.product, medium, category).all.empty();
    if (holds == Holds::unsaid && can_be_had && unsaid == nullptr) unsaid = &rule;
  }
  Choices out;
  if (unsaid != nullptr) {
    out.why = missing_fact(*unsaid, part);
    return out;
  }
  out.why = Unknown{Why::no_rule, part.front().from + " to " + part.back().to};
  for (const LegRule* rule : that_count(book, std::move(sure))) {
    const Offers found = offers(book, rule->product, medium, category);
    if (found.all.empty() && weight(found.why) > weight(out.why->why))
      out.why = Unknown{found.why, "product " + rule->product + ", " + line_of(*rule)};
    for (const Product* product : found.all) {
      if (!product->price) {
        out.all.clear();
        out.why = Unknown{Why::amount_unreadable,
                          "fare_products.txt line " + std::to_string(product->line)};
        return out;
      }
      out.all.push_back({rule, *product->price});
    }
  }
  if (!out.all.empty()) out.why = std::nullopt;
  return out;
}

Answer price(const FaresV2& book, const Ask& ask) {
  if (const auto unknown = unaskable(book.places, ask.legs)) return *unknown;
  if (book.leg_rules.empty()) return Unknown{Why::no_fares, ""};
  if (!ask.medium.empty() && std::ranges::count(book.media, ask.medium) == 0)
    return Unknown{Why::unknown_medium, ask.medium};
  if (!ask.category.empty() && !book.categories.contains(ask.category))
    return Unknown{Why::unknown_category, ask.category};
  std::optional<Price> best;
  std::optional<Unknown> why;
  for (const std::string& medium : media_to_try(book, ask)) {
    const Answer answer = price_with(book, ask.legs, medium, ask.category);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
      if (!why || weight(unknown->why) > weight(why->why)) why = *unknown;
      continue;
    }
    const auto& found = std::get<Price>(answer);
    if (best && best->amount.currency != found.amount.currency)
      return Unknown{Why::currencies_differ, ""};
    if (!best || found.amount.minor < best->amount.minor) best = found;
  }
  // With another medium it could be less, were it known.
  if (why && weight(why->why) == 3) return *why;
  if (best) return *best;
  return why.value_or(Unknown{});
}

}  // namespace obverse::gtfs
