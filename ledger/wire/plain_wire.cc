// What the schema says of itself.
#include "ledger/wire/plain_wire.h"

#include <algorithm>

namespace obverse::wire {

std::vector<capnp::StructSchema::Field> declared_fields(capnp::StructSchema schema) {
  std::vector<capnp::StructSchema::Field> out;
  for (const auto field : schema.getFields()) out.push_back(field);
  std::ranges::sort(out, {}, [](const auto& field) { return field.getProto().getCodeOrder(); });
  return out;
}

capnp::StructSchema::Field field_named(capnp::StructSchema schema, kj::StringPtr name) {
  return schema.getFieldByName(name);
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
