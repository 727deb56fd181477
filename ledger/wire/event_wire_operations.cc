#include "ledger/wire/event_wire_operations.h"

#include "ledger/wire/event_wire_nouns.h"

namespace obverse::wire {

using wire::read;

void write(stored::Event::Builder event, const PolicyPublished& in) {
  auto out = event.initPolicyPublished();
  out.setVersion(in.version.value);
  write(out.initPolicy(), in.policy);
}

std::optional<Event> read_operations(stored::Event::Reader event) {
  if (!event.isPolicyPublished()) return std::nullopt;
  const auto in = event.getPolicyPublished();
  PolicyPublished out{};
  out.version.value = in.getVersion();
  out.policy = read(in.getPolicy());
  return out;
}

}  // namespace obverse::wire
