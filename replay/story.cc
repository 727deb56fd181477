#include "replay/story.h"

namespace obverse {
namespace {

template <class Map, class Key>
void add_from(const Map& map, const Key& key, std::set<RiderId>& people) {
  const auto found = map.find(key);
  if (found != map.end()) people.insert(found->second);
}

// The wallets and debts that a posting moves belong to people.
void add_owners(const Posted& posted, std::set<RiderId>& people) {
  for (const Entry& entry : posted.entries)
    if (entry.account.chart == Chart::wallet || entry.account.chart == Chart::rider_debt)
      people.insert(RiderId{entry.account.owner});
}

}  // namespace

std::set<RiderId> Story::people_of(const Record& record) {
  for (const Event& event : record.events) remember(event);
  std::set<RiderId> people;
  for (const Event& event : record.events) collect(event, people);
  return people;
}

void Story::remember(const Event& event) {
  if (const auto* opened = std::get_if<JourneyOpened>(&event))
    journeys_[opened->journey] = opened->rider;
  if (const auto* reserved = std::get_if<FundsReserved>(&event))
    holds_[reserved->hold] = reserved->rider;
  if (const auto* sale = std::get_if<PurchaseAuthorised>(&event))
    purchases_[sale->purchase] = sale->rider;
}

void Story::collect(const Event& event, std::set<RiderId>& people) const {
  std::visit(
      [&]<class E>(const E& e) {
        if constexpr (requires { RiderId(e.rider); })
          people.insert(e.rider);
        else if constexpr (requires { e.rider.has_value(); }) {
          if (e.rider) people.insert(*e.rider);
        } else if constexpr (requires { e.journey; })
          add_from(journeys_, e.journey, people);
        else if constexpr (requires { e.purchase; })
          add_from(purchases_, e.purchase, people);
        else if constexpr (requires { e.hold; })
          add_from(holds_, e.hold, people);
        if constexpr (std::is_same_v<E, Posted>) add_owners(e, people);
        if constexpr (std::is_same_v<E, FaceRecognised>) people.insert(e.evidence.rider);
      },
      event);
}

}  // namespace obverse
