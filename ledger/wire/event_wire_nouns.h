// The nouns that events share, to and from their stored form, and the checks on numbers, words and
// bytes. Reading trusts nothing and throws Malformed; writing asserts the same bounds, so that what
// is written can be read.
#pragma once

#include <array>
#include <cassert>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "ledger/model/events.h"
#include "ledger/model/limits.h"
#include "ledger/wire/known.h"
#include "schemas/events.capnp.h"

namespace obverse::wire {

// Inside this room only: decode_record makes a DecodeFault of it.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline constexpr std::size_t entries_max = 256;  // of one posting

// --- numbers
template <class Enum>
  requires std::is_enum_v<Enum>
auto number(Enum value) {
  const auto out = static_cast<std::underlying_type_t<Enum>>(value);
  assert(is_named<Enum>(static_cast<std::size_t>(out)));
  return out;
}
std::uint16_t number(Currency);
std::uint16_t number(Chart);
std::int64_t number(Instant);
std::int64_t number(Duration);

template <class Enum>
Enum known(std::underlying_type_t<Enum> number) {
  if (!is_named<Enum>(static_cast<std::size_t>(number))) throw Malformed("unknown code");
  return static_cast<Enum>(number);
}
Currency currency(std::uint16_t number);
Chart chart(std::uint16_t number);
Instant instant(std::int64_t ms);
Duration duration(std::int64_t ms);  // not negative
Duration offset(std::int64_t ms);    // at most a day, either way

// --- words and bytes
capnp::Text::Reader text(const Code&);
Code code(capnp::Text::Reader);

template <std::size_t size>
capnp::Data::Reader data(const std::array<std::uint8_t, size>& bytes) {
  return {bytes.data(), bytes.size()};
}
template <std::size_t size>
std::array<std::uint8_t, size> bytes(capnp::Data::Reader in) {
  if (in.size() != size) throw Malformed("wrong number of bytes");
  std::array<std::uint8_t, size> out{};
  std::copy(in.begin(), in.end(), out.begin());
  return out;
}

template <class Item>
unsigned count(const std::vector<Item>& items, std::size_t items_max) {
  assert(items.size() <= items_max);
  return static_cast<unsigned>(items.size());
}
template <class List>
List bounded(List list, std::size_t items_max) {
  if (list.size() > items_max) throw Malformed("too many");
  return list;
}

// --- what may be absent: a union {none, some}
inline std::uint64_t inner(std::uint64_t value) { return value; }
inline Score inner(Score value) { return value; }
inline std::int64_t inner(Instant value) { return number(value); }
template <class Tag>
std::uint64_t inner(Id<Tag, std::uint64_t> id) {
  return id.value;
}

template <class Group, class Value>
void write(Group out, const std::optional<Value>& in) {
  if (in)
    out.setSome(inner(*in));
  else
    out.setNone();
}
template <class Value, class Group>
std::optional<Value> maybe(Group in) {
  if (in.isNone()) return std::nullopt;
  if (!in.isSome()) throw Malformed("unknown alternative");
  if constexpr (std::is_same_v<Value, Instant>)
    return instant(in.getSome());
  else
    return Value{in.getSome()};
}

// --- the nouns
void write(stored::Money::Builder out, const Money& in);
void write(stored::Attempt::Builder out, const Attempt& in);
void write(stored::Party::Builder out, const Party& in);
void write(stored::Recognition::Builder out, const Recognition& in);
void write(capnp::List<stored::Entry>::Builder out, const Entries& in);
void write(stored::Policy::Builder out, const Policy& in);

Money read(stored::Money::Reader in);
Attempt read(stored::Attempt::Reader in);
Party read(stored::Party::Reader in);
Recognition read(stored::Recognition::Reader in);
Entries read(capnp::List<stored::Entry>::Reader in);
Policy read(stored::Policy::Reader in);

}  // namespace obverse::wire
