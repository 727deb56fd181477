#include "ledger/gtfs/fares.h"

#include "ledger/gtfs/places.h"

namespace obverse::gtfs {

std::string_view name(Why why) {
  switch (why) {
    case Why::no_fares:
      return "NO_FARES";
    case Why::no_legs:
      return "NO_LEGS";
    case Why::unknown_stop:
      return "UNKNOWN_STOP";
    case Why::unknown_route:
      return "UNKNOWN_ROUTE";
    case Why::unknown_medium:
      return "UNKNOWN_MEDIUM";
    case Why::unknown_category:
      return "UNKNOWN_CATEGORY";
    case Why::stop_without_zone:
      return "STOP_WITHOUT_ZONE";
    case Why::no_rule:
      return "NO_RULE";
    case Why::not_in_force:
      return "NOT_IN_FORCE";
    case Why::not_with_medium:
      return "NOT_WITH_MEDIUM";
    case Why::not_for_category:
      return "NOT_FOR_CATEGORY";
    case Why::fact_missing:
      return "FACT_MISSING";
    case Why::feed_contradicts:
      return "FEED_CONTRADICTS";
    case Why::amount_unreadable:
      return "AMOUNT_UNREADABLE";
    case Why::currencies_differ:
      return "CURRENCIES_DIFFER";
  }
  return "UNKNOWN";
}

std::string_view way_out(Why why) {
  switch (why) {
    case Why::no_fares:
      return "ask the operator for a feed with fare_attributes.txt or fare_leg_rules.txt";
    case Why::no_legs:
      return "ask for 1 to 32 legs";
    case Why::unknown_stop:
    case Why::unknown_route:
      return "name it by its id, as stops.txt and routes.txt have it";
    case Why::unknown_medium:
      return "name one of fare_media.txt, or none for the cheapest";
    case Why::unknown_category:
      return "name one of rider_categories.txt, or none for the default";
    case Why::stop_without_zone:
      return "name a platform that has a zone, or ask the operator to give it one";
    case Why::no_rule:
      return "the feed prices no such ride: check platforms and direction, or ask the operator";
    case Why::not_in_force:
      return "give the tariff that was in force then";
    case Why::not_with_medium:
      return "name another medium, or none for the cheapest";
    case Why::not_for_category:
      return "ask for the default category, or ask the operator";
    case Why::fact_missing:
      return "say it: --route, --arrive, --via or --at";
    case Why::feed_contradicts:
    case Why::amount_unreadable:
    case Why::currencies_differ:
      return "`obverse tariff check` says where the feed is wrong; ask the operator to mend it";
  }
  return "";
}

std::optional<Unknown> unaskable(const Places& places, const std::vector<Leg>& legs) {
  if (legs.empty() || legs.size() > legs_max)
    return Unknown{Why::no_legs, std::to_string(legs.size()) + " legs"};
  for (const Leg& leg : legs) {
    std::vector<std::string> stops = leg.passed.value_or(std::vector<std::string>{});
    stops.push_back(leg.from);
    stops.push_back(leg.to);
    for (const std::string& stop : stops)
      if (places.stop(stop) == nullptr) return Unknown{Why::unknown_stop, stop};
    if (!leg.route.empty() && places.route(leg.route) == nullptr)
      return Unknown{Why::unknown_route, leg.route};
  }
  return std::nullopt;
}

}  // namespace obverse::gtfs
