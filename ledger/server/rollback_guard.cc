#include "ledger/server/rollback_guard.h"

#include <spdlog/spdlog.h>

namespace obverse {

std::optional<std::string> RollbackGuard::doubt(const Receipt& seen,
                                                std::span<const std::uint8_t> mark) {
  if (seen.position.value == 0) return std::nullopt;
  const Standing standing = ledger_.standing(seen);
  if (standing == Standing::same) return std::nullopt;
  metrics_.add(Count::rollbacks_noticed);
  std::string cause =
      standing == Standing::behind
          ? fmt::format(
                "this server's log ends at position {}, before position {} that this "
                "terminal was shown",
                ledger_.head().position.value, seen.position.value)
          : fmt::format(
                "this server's log has another history at position {} than the one that "
                "this terminal was shown",
                seen.position.value);
  if (!seal_.is_ours(seen.position, seen.chain, mark)) {
    spdlog::error("a terminal was turned away: {}; it has no mark of this ledger to prove it",
                  cause);
    return cause;
  }
  if (!is_proven_.exchange(true)) {
    metrics_.add(Count::rollbacks_proven);
    spdlog::critical(
        "out of service: {}, and bears this ledger's mark: the log was rolled back or replaced; "
        "stop the server and restore the newest copy of the log",
        cause);
  }
  return cause;
}

}  // namespace obverse
