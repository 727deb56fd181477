// Values of any type of the model, field by field: `any` random and within the bounds (RapidCheck),
// `numbered` the same on every machine.
#pragma once

#include <rapidcheck.h>

#include <boost/pfr.hpp>

#include "ledger/model/limits.h"
#include "ledger/model/record.h"
#include "ledger/wire/known.h"

namespace obverse {

template <class Enum>
std::vector<Enum> all_of() {
  std::vector<Enum> out;
  for (unsigned number = 0; number < 10'000; ++number) {
    const auto value = static_cast<Enum>(number);
    if constexpr (std::is_same_v<Enum, Currency>) {
      if (currency_of(static_cast<std::uint16_t>(number))) out.push_back(value);
    } else if constexpr (std::is_same_v<Enum, Chart>) {
      if (is_known(value)) out.push_back(value);
    } else if (number < 256 && wire::is_named<Enum>(number)) {
      out.push_back(value);
    }
  }
  return out;
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t size>
struct IsArray<std::array<T, size>> : std::true_type {};
// A variant's own kinds, also of one that has a name (model/events.h).
template <class T>
struct KindsOf {
  using Type = T;
};
template <class T>
  requires requires { typename T::Kinds; }
struct KindsOf<T> {
  using Type = typename T::Kinds;
};
template <class T>
using Kinds = typename KindsOf<T>::Type;
template <class T>
struct IsVariant : std::false_type {};
template <class... Ts>
struct IsVariant<std::variant<Ts...>> : std::true_type {};

// Where the numbers come from: `pick(max)` gives 0..max, both included.
struct Random {
  static constexpr std::size_t enumerators_max = SIZE_MAX;
  std::uint64_t pick(std::uint64_t max) {
    if (max == UINT64_MAX) return *rc::gen::arbitrary<std::uint64_t>();
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint64_t>(0, max + 1));
  }
};
struct Counted {
  // As many refusals as version 1 began with: a new one changes none of the golden bytes.
  static constexpr std::size_t enumerators_max = 72;
  std::uint64_t next = 1;
  std::uint64_t pick(std::uint64_t max) {
    next = next * 6364136223846793005U + 1442695040888963407U;
    return max == UINT64_MAX ? next : (next >> 20) % (max + 1);
  }
};

template <class T, class Source>
T made(Source& source);

template <std::size_t number = 0, class Variant, class Source>
Variant alternative(std::size_t wanted, Source& source) {
  if constexpr (number + 1 < std::variant_size_v<Kinds<Variant>>)
    if (wanted != number) return alternative<number + 1, Variant>(wanted, source);
  return made<std::variant_alternative_t<number, Kinds<Variant>>>(source);
}

template <class T, class Source>
T made_container(Source& source) {
  T out{};
  if constexpr (IsOptional<T>::value) {
    if (source.pick(1) == 1) out = made<typename T::value_type>(source);
  } else if constexpr (IsVector<T>::value) {
    for (auto left = source.pick(4); left > 0; --left)
      out.push_back(made<typename T::value_type>(source));
  } else if constexpr (IsArray<T>::value) {
    for (auto& each : out) each = made<typename T::value_type>(source);
  } else {
    out = alternative<0, T>(source.pick(std::variant_size_v<Kinds<T>> - 1), source);
  }
  return out;
}

template <class T, class Source>
T made(Source& source) {
  T out{};
  if constexpr (std::is_same_v<T, bool>) {
    out = source.pick(1) == 1;
  } else if constexpr (std::is_integral_v<T>) {
    out = static_cast<T>(source.pick(UINT64_MAX));
  } else if constexpr (std::is_enum_v<T>) {
    const auto values = all_of<T>();
    out = values[source.pick(std::min(values.size(), Source::enumerators_max) - 1)];
  } else if constexpr (std::is_same_v<T, std::string>) {
    for (auto left = source.pick(code_length_max); left > 0; --left)
      out.push_back(static_cast<char>('!' + source.pick('~' - '!')));
  } else if constexpr (std::is_same_v<T, Instant>) {
    out.ms = static_cast<std::int64_t>(source.pick(static_cast<std::uint64_t>(instant_max.ms)));
  } else if constexpr (std::is_same_v<T, Duration>) {
    out.ms = static_cast<std::int64_t>(source.pick(static_cast<std::uint64_t>(days(1).ms)));
  } else if constexpr (IsOptional<T>::value || IsVector<T>::value || IsArray<T>::value ||
                       IsVariant<Kinds<T>>::value) {
    out = made_container<T>(source);
  } else {
    boost::pfr::for_each_field(
        out, [&](auto& field) { field = made<std::remove_reference_t<decltype(field)>>(source); });
  }
  return out;
}

// Inside a property.
template <class T>
T any() {
  Random random;
  return made<T>(random);
}

}  // namespace obverse
