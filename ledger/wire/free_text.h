// The words that somebody has sent: every Code and Label of a plain value, wherever it stands in
// it.
#pragma once

#include <boost/pfr.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ledger/model/label.h"

namespace obverse {

// True if `is_wanted` says so of any of them.
template <class T, class Is>
bool any_text(const T& value, const Is& is_wanted) {
  if constexpr (std::same_as<T, std::string>) {
    return is_wanted(std::string_view(value));
  } else if constexpr (std::same_as<T, Label>) {
    return is_wanted(std::string_view(value.utf8));
  } else if constexpr (requires { value.has_value(); }) {
    return value.has_value() && any_text(*value, is_wanted);
  } else if constexpr (requires { value.begin(); }) {
    for (const auto& each : value)
      if (any_text(each, is_wanted)) return true;
    return false;
  } else if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>) {
    bool found = false;
    boost::pfr::for_each_field(
        value, [&](const auto& each) { found = found || any_text(each, is_wanted); });
    return found;
  } else {
    return false;  // a number
  }
}

}  // namespace obverse
