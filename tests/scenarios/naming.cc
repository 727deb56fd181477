// Looks into every field of an event, however deep.
#include "tests/scenarios/naming.h"

#include <array>
#include <boost/pfr.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace obverse::scenarios {
namespace {

bool is_in(const std::string&, RiderId) { return false; }
bool is_in(RiderId value, RiderId rider) { return value == rider; }
bool is_in(const Account& account, RiderId rider) {
  const bool is_a_persons = account.chart == Chart::wallet ||
                            account.chart == Chart::wallet_bonus ||
                            account.chart == Chart::rider_debt;
  return is_a_persons && account.owner == rider.value;
}
template <class T>
bool is_in(const T& value, RiderId rider);

template <class T>
bool is_in(const std::optional<T>& value, RiderId rider) {
  return value && is_in(*value, rider);
}
template <class T>
bool is_in(const std::vector<T>& values, RiderId rider) {
  for (const T& value : values)
    if (is_in(value, rider)) return true;
  return false;
}
template <class T>
bool is_in(const T& value, RiderId rider) {
  bool found = false;
  if constexpr (std::is_aggregate_v<T> && !std::is_array_v<T>)
    boost::pfr::for_each_field(value,
                               [&](const auto& field) { found = found || is_in(field, rider); });
  return found;
}

}  // namespace

bool speaks_of(const Event& event, RiderId rider) {
  return std::visit([&](const auto& one) { return is_in(one, rider); },
                    static_cast<const EventKinds&>(event));
}

}  // namespace obverse::scenarios
