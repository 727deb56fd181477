// Values that stand in the schema as they are declared: the same fields in the same order. Such a
// type needs no words of its own here; what is asked of every request has them (event_wire_*.h),
// since asking the schema at run time takes some 50 ns a field.
//
//   integer, bool               itself; an identity its number
//   enumeration                 its number, which must have a name
//   Instant, Duration           Int64, ms, within the bounds of limits.h; a duration not negative
//   Code, Label                 Text; array of bytes alone in a struct (Digest): Data
//   optional                    a union {none, some}
//   vector                      a List, at most plain_list_max items; any other struct a struct
//
// Reading trusts nothing and throws Malformed or kj::Exception.
#pragma once

#include <capnp/dynamic.h>

#include <boost/pfr.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/model/label.h"
#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {

inline constexpr std::size_t plain_list_max = 32'768;

// In order of declaration, whatever the ordinals. Of each schema once a thread: a type may stand in
// several, as money does on the log and in a request.
const std::vector<capnp::StructSchema::Field>& declared_fields(capnp::StructSchema);
capnp::StructSchema::Field field_named(capnp::StructSchema, kj::StringPtr name);

bool is_later(capnp::StructSchema::Field);  // a list that a later version has added

capnp::Text::Reader text(const Label&);
Label label(capnp::Text::Reader);

template <class T>
inline constexpr bool is_identity = false;
template <class Tag, class Number>
inline constexpr bool is_identity<Id<Tag, Number>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_maybe = false;
template <class T>
inline constexpr bool is_maybe<std::optional<T>> = true;

template <class T>
constexpr bool is_bytes_alone() {
  if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>)
    return requires(const T& value) { value.bytes.size(); };
  return false;
}
// What stands in its field as one value, without an inside.
template <class T>
inline constexpr bool is_scalar =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || is_identity<T> || std::is_same_v<T, Instant> ||
    std::is_same_v<T, Duration> || std::is_same_v<T, Code> || std::is_same_v<T, Label> ||
    is_bytes_alone<T>();

// --- writing
template <class T>
void put_fields(capnp::DynamicStruct::Builder out, const T& value);

template <class T>
capnp::DynamicValue::Reader scalar(const T& value) {
  if constexpr (std::is_arithmetic_v<T>)
    return value;
  else if constexpr (is_identity<T>)
    return value.value;
  else if constexpr (std::is_same_v<T, Code> || std::is_same_v<T, Label>)
    return text(value);
  else if constexpr (is_bytes_alone<T>())
    return data(value.bytes);
  else
    return number(value);
}

template <class T>
void put_items(capnp::DynamicList::Builder out, const std::vector<T>& items) {
  for (unsigned i = 0; i < items.size(); ++i) {
    if constexpr (is_scalar<T>)
      out.set(i, scalar(items[i]));
    else
      put_fields(out[i].as<capnp::DynamicStruct>(), items[i]);
  }
}

template <class T>
void put_field(capnp::DynamicStruct::Builder out, capnp::StructSchema::Field at, const T& value) {
  if constexpr (is_scalar<T>) {
    out.set(at, scalar(value));
  } else if constexpr (is_maybe<T>) {
    auto group = out.init(at).template as<capnp::DynamicStruct>();
    if (value)
      put_field(group, field_named(group.getSchema(), "some"), *value);
    else
      group.set("none", capnp::VOID);
  } else if constexpr (is_list<T>) {
    if (value.empty() && is_later(at)) return;
    put_items(out.init(at, count(value, plain_list_max)).template as<capnp::DynamicList>(), value);
  } else {
    put_fields(out.init(at).template as<capnp::DynamicStruct>(), value);
  }
}

template <class T>
void put_fields(capnp::DynamicStruct::Builder out, const T& value) {
  const auto& fields = declared_fields(out.getSchema());
  assert(fields.size() == boost::pfr::tuple_size_v<T>);
  boost::pfr::for_each_field(
      value, [&](const auto& each, std::size_t number) { put_field(out, fields[number], each); });
}

// --- reading
// What stands in a message as a name and in a value as a number. On the log there are only numbers.
struct NoNames {
  template <class T>
  T named(capnp::Text::Reader) const {
    throw Malformed("a name where a number belongs");
  }
  template <class T>
  T unsaid() const {
    throw Malformed("nothing where a number belongs");
  }
};

template <class T, class Names = NoNames>
void take_fields(capnp::DynamicStruct::Reader in, T& value, const Names& names = {});

template <class T, class Names>
void take_identity(const capnp::DynamicValue::Reader& in, T& value, const Names& names) {
  if (in.getType() == capnp::DynamicValue::TEXT)
    value = names.template named<T>(in.as<capnp::Text>());
  else if (in.getType() == capnp::DynamicValue::VOID)
    value = names.template unsaid<T>();
  else
    value.value = in.as<decltype(value.value)>();
}

template <class T, class Names>
void take_scalar(const capnp::DynamicValue::Reader& in, T& value, const Names& names) {
  if constexpr (std::is_arithmetic_v<T>)
    value = in.as<T>();
  else if constexpr (is_identity<T>)
    take_identity(in, value, names);
  else if constexpr (std::is_same_v<T, Code>)
    value = code(in.as<capnp::Text>());
  else if constexpr (std::is_same_v<T, Label>)
    value = label(in.as<capnp::Text>());
  else if constexpr (is_bytes_alone<T>())
    value.bytes = bytes<std::tuple_size_v<decltype(value.bytes)>>(in.as<capnp::Data>());
  else if constexpr (std::is_same_v<T, Instant>)
    value = instant(in.as<std::int64_t>());
  else if constexpr (std::is_same_v<T, Duration>)
    value = duration(in.as<std::int64_t>());
  else if constexpr (std::is_same_v<T, Currency>)
    value = currency(in.as<std::uint16_t>());
  else if constexpr (std::is_same_v<T, Chart>)
    value = chart(in.as<std::uint16_t>());
  else
    value = known<T>(in.as<std::underlying_type_t<T>>());
}

template <class T, class Names>
void take_field(capnp::DynamicStruct::Reader in, capnp::StructSchema::Field at, T& value,
                const Names& names) {
  if constexpr (is_scalar<T>) {
    take_scalar(in.get(at), value, names);
  } else if constexpr (is_maybe<T>) {
    if constexpr (is_identity<typename T::value_type>) {
      if (at.getType().isVoid())
        return take_identity<typename T::value_type>(in.get(at), value.emplace(), names);
    }
    const auto group = in.get(at).template as<capnp::DynamicStruct>();
    const auto some = field_named(group.getSchema(), "some");
    if (group.which() == kj::Maybe(some))
      take_field(group, some, value.emplace(), names);
    else if (group.which() == kj::Maybe(field_named(group.getSchema(), "none")))
      value.reset();
    else
      throw Malformed("unknown alternative");
  } else if constexpr (is_list<T>) {
    const auto items = bounded(in.get(at).template as<capnp::DynamicList>(), plain_list_max);
    value.resize(items.size());
    for (unsigned i = 0; i < items.size(); ++i) {
      if constexpr (is_scalar<typename T::value_type>)
        take_scalar(items[i], value[i], names);
      else
        take_fields(items[i].template as<capnp::DynamicStruct>(), value[i], names);
    }
  } else {
    take_fields(in.get(at).template as<capnp::DynamicStruct>(), value, names);
  }
}

template <class T, class Names>
void take_fields(capnp::DynamicStruct::Reader in, T& value, const Names& names) {
  const auto& fields = declared_fields(in.getSchema());
  assert(fields.size() == boost::pfr::tuple_size_v<T>);
  boost::pfr::for_each_field(
      value, [&](auto& each, std::size_t number) { take_field(in, fields[number], each, names); });
}

// --- one of several kinds, each under its own name in the schema's union: "JourneyOpened" is the
// alternative `journeyOpened`
template <class T>
std::string name_in_schema() {
  const std::string_view signature = __PRETTY_FUNCTION__;  // "... [with T = obverse::Foo; ..."
  std::size_t from = signature.find("T = ") + 4;
  const std::size_t to = signature.find_first_of(";]", from);
  from = std::max(from, signature.rfind("::", to) + 2);
  std::string out(signature.substr(from, to - from));
  out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

template <class T>
void put_kind(capnp::DynamicStruct::Builder out, const T& value) {
  static const std::string name = name_in_schema<T>();
  const auto field = field_named(out.getSchema(), name.c_str());
  put_fields(out.init(field).template as<capnp::DynamicStruct>(), value);
}

template <class Out, class Names>
using Take = void (*)(const capnp::DynamicValue::Reader&, Out&, const Names&);

template <class Out, class T, class Names>
void take_one_kind(const capnp::DynamicValue::Reader& in, Out& out, const Names& names) {
  T value{};
  take_fields(in.as<capnp::DynamicStruct>(), value, names);
  out = std::move(value);
}

// By discriminant; nothing where a kind has words of its own.
template <class Out, template <class> class IsPlain, class Names, std::size_t... number>
auto takers_of(capnp::StructSchema schema, std::index_sequence<number...>) {
  std::vector<Take<Out, Names>> out(schema.getUnionFields().size());
  const auto add = [&]<class T>(std::type_identity<T>) {
    if constexpr (IsPlain<T>::value) {
      const auto field = field_named(schema, name_in_schema<T>().c_str());
      out.at(field.getProto().getDiscriminantValue()) = &take_one_kind<Out, T, Names>;
    }
  };
  (add(std::type_identity<std::variant_alternative_t<number, typename Out::Kinds>>{}), ...);
  return out;
}

// Throws Malformed, in these words, if it is none of the kinds that are plain.
template <class Out, template <class> class IsPlain, class Names = NoNames>
Out take_kind(capnp::DynamicStruct::Reader in, const char* unknown, const Names& names = {}) {
  static const auto takers = takers_of<Out, IsPlain, Names>(
      in.getSchema(), std::make_index_sequence<std::variant_size_v<typename Out::Kinds>>());
  KJ_IF_MAYBE (field, in.which()) {
    const auto take = takers.at(field->getProto().getDiscriminantValue());
    if (take == nullptr) throw Malformed(unknown);
    Out out;
    take(in.get(*field), out, names);
    return out;
  }
  throw Malformed(unknown);
}

}  // namespace obverse::wire
