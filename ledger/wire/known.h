// Which numbers an enumeration gives a name to, asked of the compiler: a number from outside is
// believed only if it has one, and no list must be kept beside the enumeration.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace obverse::wire {

// g++ and clang both print the value of a template argument by its name, and as a cast, "(Type)7",
// if it has none.
template <auto value>
constexpr bool has_name() {
  const std::string_view signature = __PRETTY_FUNCTION__;
  const std::size_t at = signature.rfind("value = ");
  return at != std::string_view::npos && signature.at(at + 8) != '(';
}

// Every enumeration read this way ends below: those of one byte are short.
template <class Enum>
inline constexpr std::size_t named_numbers_max = sizeof(Enum) == 1 ? 128 : 512;

template <class Enum, std::size_t... numbers>
constexpr std::array<bool, sizeof...(numbers)> names_of(std::index_sequence<numbers...>) {
  return {has_name<static_cast<Enum>(numbers)>()...};
}

template <class Enum>
constexpr bool is_named(std::size_t number) {
  constexpr auto names = names_of<Enum>(std::make_index_sequence<named_numbers_max<Enum>>());
  return number < names.size() && names[number];
}

}  // namespace obverse::wire
