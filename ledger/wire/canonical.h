// The canonical bytes of any plain value: fields in order of declaration, numbers little-endian.
// For digests and snapshots inside one version of the program, never for what must be read by
// another: that is events.capnp.
//
//   integer, enumeration, bool   its bytes, little-endian; bool 0 or 1
//   optional                     0, or 1 and the value
//   string, vector, set, map     u64 number of items, then the items (a map's as key, value); sets
//   and maps rising array, pair, struct          the items or fields, nothing between variant u32
//   index of the alternative, then its value
#pragma once

#include <array>
#include <boost/pfr.hpp>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace obverse {
namespace canonical_detail {

template <class T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;
template <class T>
concept Plain = std::is_aggregate_v<T> && !std::is_array_v<T> && !std::is_union_v<T>;
template <class T>
inline constexpr bool unsupported = false;

// One class per shape: bytes out, bytes in, and what the shape is called in a stamp. take() is
// false on bytes that put() never wrote.
template <class T>
struct Shape {
  static_assert(unsupported<T>, "no canonical form: use plain structs and ordered containers");
};

template <class T>
void put(std::string& out, const T& value) {
  Shape<T>::put(out, value);
}
template <class T>
bool take(std::string_view& in, T& value) {
  return Shape<T>::take(in, value);
}
// The name tells apart two types of the same shape; only ever compared with itself, by the same
// compiler.
template <class T>
std::string_view type_name() {
  const std::string_view signature = __PRETTY_FUNCTION__;
  const std::size_t from = signature.find("T = ") + 4;
  return signature.substr(from, signature.find_first_of(";]", from) - from);
}

template <Number T>
struct Shape<T> {
  static void put(std::string& out, T value) {
    const auto bits = static_cast<std::uint64_t>(value);
    std::array<char, sizeof(T)> bytes;
    for (unsigned i = 0; i < sizeof(T); ++i)
      bytes[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
    out.append(bytes.data(), bytes.size());
  }
  static bool take(std::string_view& in, T& value) {
    if (in.size() < sizeof(T)) return false;
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < sizeof(T); ++i)
      bits |= std::uint64_t{static_cast<unsigned char>(in[i])} << (8 * i);
    in.remove_prefix(sizeof(T));
    value = static_cast<T>(bits);
    return !std::is_same_v<T, bool> || bits <= 1;
  }
  static std::string stamp() {
    std::string out = std::is_enum_v<T> ? std::string(type_name<T>()) : "";
    return out + (std::is_signed_v<T> ? "i" : "u") + std::to_string(8 * sizeof(T));
  }
};

// Every item is at least one byte long, so a count never asks for more than the bytes can fill.
inline bool take_count(std::string_view& in, std::uint64_t& count) {
  return Shape<std::uint64_t>::take(in, count) && count <= in.size();
}

template <>
struct Shape<std::string> {
  static void put(std::string& out, const std::string& value) {
    Shape<std::uint64_t>::put(out, value.size());
    out += value;
  }
  static bool take(std::string_view& in, std::string& value) {
    std::uint64_t count = 0;
    if (!take_count(in, count)) return false;
    value.assign(in.substr(0, count));
    in.remove_prefix(count);
    return true;
  }
  static std::string stamp() { return "string"; }
};

template <class T>
struct Shape<std::optional<T>> {
  static void put(std::string& out, const std::optional<T>& value) {
    out.push_back(value ? '\1' : '\0');
    if (value) Shape<T>::put(out, *value);
  }
  static bool take(std::string_view& in, std::optional<T>& value) {
    bool present = false;
    if (!Shape<bool>::take(in, present)) return false;
    value.reset();
    return !present || Shape<T>::take(in, value.emplace());
  }
  static std::string stamp() { return "?" + Shape<T>::stamp(); }
};

template <class T>
struct Shape<std::vector<T>> {
  static void put(std::string& out, const std::vector<T>& value) {
    Shape<std::uint64_t>::put(out, value.size());
    for (const T& each : value) Shape<T>::put(out, each);
  }
  static bool take(std::string_view& in, std::vector<T>& value) {
    std::uint64_t count = 0;
    if (!take_count(in, count)) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i)
      if (!Shape<T>::take(in, value.emplace_back())) return false;
    return true;
  }
  static std::string stamp() { return "[" + Shape<T>::stamp() + "]"; }
};

template <class T, std::size_t size>
struct Shape<std::array<T, size>> {
  static void put(std::string& out, const std::array<T, size>& value) {
    for (const T& each : value) Shape<T>::put(out, each);
  }
  static bool take(std::string_view& in, std::array<T, size>& value) {
    for (T& each : value)
      if (!Shape<T>::take(in, each)) return false;
    return true;
  }
  static std::string stamp() { return "[" + Shape<T>::stamp() + "*" + std::to_string(size) + "]"; }
};

template <class T>
struct Shape<std::set<T>> {
  static void put(std::string& out, const std::set<T>& value) {
    Shape<std::uint64_t>::put(out, value.size());
    for (const T& each : value) Shape<T>::put(out, each);
  }
  static bool take(std::string_view& in, std::set<T>& value) {
    std::uint64_t count = 0;
    if (!take_count(in, count)) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      T each{};
      if (!Shape<T>::take(in, each)) return false;
      if (!value.empty() && !(*value.rbegin() < each)) return false;
      value.insert(value.end(), std::move(each));
    }
    return true;
  }
  static std::string stamp() { return "set(" + Shape<T>::stamp() + ")"; }
};

template <class Key, class T>
struct Shape<std::map<Key, T>> {
  static void put(std::string& out, const std::map<Key, T>& value) {
    Shape<std::uint64_t>::put(out, value.size());
    for (const auto& [key, each] : value) {
      Shape<Key>::put(out, key);
      Shape<T>::put(out, each);
    }
  }
  static bool take(std::string_view& in, std::map<Key, T>& value) {
    std::uint64_t count = 0;
    if (!take_count(in, count)) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      Key key{};
      if (!Shape<Key>::take(in, key)) return false;
      if (!value.empty() && !(value.rbegin()->first < key)) return false;
      const auto at = value.emplace_hint(value.end(), std::move(key), T{});
      if (!Shape<T>::take(in, at->second)) return false;
    }
    return true;
  }
  static std::string stamp() {
    return "map(" + Shape<Key>::stamp() + ":" + Shape<T>::stamp() + ")";
  }
};

template <class A, class B>
struct Shape<std::pair<A, B>> {
  static void put(std::string& out, const std::pair<A, B>& value) {
    Shape<A>::put(out, value.first);
    Shape<B>::put(out, value.second);
  }
  static bool take(std::string_view& in, std::pair<A, B>& value) {
    return Shape<A>::take(in, value.first) && Shape<B>::take(in, value.second);
  }
  static std::string stamp() { return "(" + Shape<A>::stamp() + "," + Shape<B>::stamp() + ")"; }
};

template <class... Ts>
struct Shape<std::variant<Ts...>> {
  static void put(std::string& out, const std::variant<Ts...>& value) {
    Shape<std::uint32_t>::put(out, static_cast<std::uint32_t>(value.index()));
    std::visit([&](const auto& each) { canonical_detail::put(out, each); }, value);
  }
  static bool take(std::string_view& in, std::variant<Ts...>& value) {
    std::uint32_t index = 0;
    if (!Shape<std::uint32_t>::take(in, index)) return false;
    return take_one(in, value, index, std::index_sequence_for<Ts...>());
  }
  static std::string stamp() { return "<" + ((Shape<Ts>::stamp() + "|") + ...) + ">"; }

 private:
  template <std::size_t... numbers>
  static bool take_one(std::string_view& in, std::variant<Ts...>& value, std::uint32_t index,
                       std::index_sequence<numbers...>) {
    return ((index == numbers && canonical_detail::take(in, value.template emplace<numbers>())) ||
            ...);
  }
};

// A variant with a name is written as the variant.
template <class T>
  requires requires { typename T::Kinds; }
struct Shape<T> : Shape<typename T::Kinds> {};

template <Plain T>
struct Shape<T> {
  static void put(std::string& out, const T& value) {
    boost::pfr::for_each_field(value,
                               [&](const auto& field) { canonical_detail::put(out, field); });
  }
  static bool take(std::string_view& in, T& value) {
    bool good = true;
    boost::pfr::for_each_field(
        value, [&](auto& field) { good = good && canonical_detail::take(in, field); });
    return good;
  }
  static std::string stamp() {
    return std::string(type_name<T>()) +
           fields(std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  }

 private:
  template <std::size_t... numbers>
  static std::string fields(std::index_sequence<numbers...>) {
    return "{" +
           (std::string() + ... + (Shape<boost::pfr::tuple_element_t<numbers, T>>::stamp() + ";")) +
           "}";
  }
};

}  // namespace canonical_detail

template <class T>
std::string canonical(const T& value) {
  std::string out;
  canonical_detail::put(out, value);
  return out;
}

// Nothing if these are not exactly the canonical bytes of a value (numbers of enumerations are not
// looked at).
template <class T>
std::optional<T> decode_canonical(std::string_view bytes) {
  T out{};
  if (!canonical_detail::take(bytes, out) || !bytes.empty()) return std::nullopt;
  return out;
}

// What the type looks like, in words: another order, number or type of fields anywhere inside gives
// another stamp. Not equal between compilers.
template <class T>
std::string stamp_of() {
  return canonical_detail::Shape<T>::stamp();
}

}  // namespace obverse
