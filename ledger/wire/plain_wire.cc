// What the schema says of itself.
#include "ledger/wire/plain_wire.h"

#include <algorithm>
#include <map>

namespace obverse::wire {

constexpr std::uint64_t later_annotation = 0xd1f3'a6b8'4c2e'7590;  // as in events.capnp

const std::vector<capnp::StructSchema::Field>& declared_fields(capnp::StructSchema schema) {
  thread_local std::map<std::uint64_t, std::vector<capnp::StructSchema::Field>> known;
  const auto [found, is_new] = known.try_emplace(schema.getProto().getId());
  if (!is_new) return found->second;
  auto& out = found->second;
  for (const auto field : schema.getFields()) out.push_back(field);
  std::ranges::sort(out, {}, [](const auto& field) { return field.getProto().getCodeOrder(); });
  return out;
}

capnp::StructSchema::Field field_named(capnp::StructSchema schema, kj::StringPtr name) {
  return schema.getFieldByName(name);
}

bool is_later(capnp::StructSchema::Field field) {
  for (const auto annotation : field.getProto().getAnnotations())
    if (annotation.getId() == later_annotation) return true;
  return false;
}

capnp::Text::Reader text(const Label& in) {
  assert(is_valid(in));
  return {in.utf8.c_str(), in.utf8.size()};
}

Label label(capnp::Text::Reader in) {
  Label out{{in.begin(), in.size()}};
  if (!is_valid(out)) throw Malformed("words not fit to be shown");
  return out;
}

}  // namespace obverse::wire
