// What an operator watches, as plain counters. No name, no number of a person, no label that could
// become one.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace obverse {

enum class Count : std::uint8_t {
  logins,
  logins_refused,
  rollbacks_noticed,  // a client had seen more, or something else, than this log holds
  rollbacks_proven,   // the same, with this ledger's own mark: nobody is served any more
  probes_searched,
  probes_recognised,
  probes_unknown,
  probes_ambiguous,
  probes_invalid,
  captures_rejected,
  pins_checked,
  commands,
  commands_waiting,  // a gauge: submitted and not answered yet
  answers_repeated,
  refusals,
  busy,
  hurries,  // of them: a terminal asked more often than it may
  faces_enrolled,
  faces_removed,
  faces_missing,  // the log says enrolled, the vault has nothing that fits
  orphans_destroyed,
  sessions_revoked,
  probes_recorded,  // shown before, at another terminal
  keys_copied,      // a terminal spoke from two addresses at once
};
inline constexpr std::size_t counts_number = static_cast<std::size_t>(Count::keys_copied) + 1;

std::string_view name(Count);  // "probes_searched"

// Any thread.
class Metrics {
 public:
  void add(Count count, std::uint64_t much = 1) { at(count).fetch_add(much, order); }
  void take(Count count) { at(count).fetch_sub(1, order); }
  std::uint64_t value(Count count) const {
    return values_[static_cast<std::size_t>(count)].load(order);
  }
  std::vector<std::pair<std::string_view, std::uint64_t>> all() const;

 private:
  static constexpr auto order = std::memory_order_relaxed;
  std::atomic<std::uint64_t>& at(Count count) { return values_[static_cast<std::size_t>(count)]; }
  std::array<std::atomic<std::uint64_t>, counts_number> values_{};
};

}  // namespace obverse
