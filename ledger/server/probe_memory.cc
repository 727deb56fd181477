// See the header.
#include "ledger/server/probe_memory.h"

#include <cstring>

#include "ledger/vault/hmac.h"

namespace obverse {

ProbeMemory::ProbeMemory(std::size_t remembered)
    : key_(SecretBytes::random(32)), traces_(remembered) {}

bool ProbeMemory::is_from_elsewhere(std::span<const std::byte> probe, TerminalId terminal) {
  const Digest digest = hmac(key_.bytes(), probe);
  std::uint64_t mark = 0, place = 0;
  std::memcpy(&mark, digest.bytes.data(), sizeof mark);
  std::memcpy(&place, digest.bytes.data() + sizeof mark, sizeof place);
  const Lock lock(mutex_);
  if (traces_.empty()) return false;
  Trace& trace = traces_[place % traces_.size()];
  if (trace.terminal != 0 && trace.mark == mark) return trace.terminal != terminal.value;
  trace = {mark, terminal.value};
  return false;
}

}  // namespace obverse
