// The names are those of the enumeration, in its order.
#include "ledger/server/metrics.h"

namespace obverse {
namespace {

constexpr std::array<std::string_view, counts_number> names{
    "logins",
    "logins_refused",
    "rollbacks_noticed",
    "rollbacks_proven",
    "probes_searched",
    "probes_recognised",
    "probes_unknown",
    "probes_ambiguous",
    "probes_invalid",
    "captures_rejected",
    "pins_checked",
    "commands",
    "commands_waiting",
    "answers_repeated",
    "refusals",
    "busy",
    "hurries",
    "faces_enrolled",
    "faces_removed",
    "faces_missing",
    "orphans_destroyed",
    "sessions_revoked",
    "probes_recorded",
    "keys_copied",
};

}  // namespace

std::string_view name(Count count) { return names[static_cast<std::size_t>(count)]; }

std::vector<std::pair<std::string_view, std::uint64_t>> Metrics::all() const {
  std::vector<std::pair<std::string_view, std::uint64_t>> read;
  read.reserve(counts_number);
  for (std::size_t i = 0; i < counts_number; ++i)
    read.emplace_back(names[i], values_[i].load(order));
  return read;
}

}  // namespace obverse
