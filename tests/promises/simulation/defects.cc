// Which defect is in, and those of the log.
#include "tests/promises/simulation/defects.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ledger/log/record.h"

namespace obverse::simulation {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 74> names{"log-is-not-synced",
                                                 "log-has-no-tail",
                                                 "log-loses-keys",
                                                 "log-finds-nothing",
                                                 "log-finds-another",
                                                 "log-tears-batches",
                                                 "log-hides-failures",
                                                 "log-hides-a-full-disk",
                                                 "log-stays-full",
                                                 "gallery-keeps-the-erased",
                                                 "gallery-keeps-the-suspended",
                                                 "follower-is-skipped",
                                                 "evidence-is-altered",
                                                 "template-is-logged",
                                                 "matcher-is-not-repeatable",
                                                 "kernels-differ",
                                                 "score-depends-on-others",
                                                 "attempts-are-not-remembered",
                                                 "attempt-is-dropped",
                                                 "dedup-is-blind",
                                                 "content-is-not-compared",
                                                 "content-is-never-the-same",
                                                 "refusals-are-forgotten",
                                                 "key-is-cut-short",
                                                 "reply-is-read-wrong",
                                                 "event-is-lost-on-reading",
                                                 "state-drifts",
                                                 "timers-never-run",
                                                 "snapshot-lacks-holds",
                                                 "snapshot-lacks-failures",
                                                 "receipt-has-another-chain",
                                                 "some-are-never-answered",
                                                 "followers-are-told-of-other-money",
                                                 "followers-are-told-of-too-much",
                                                 "money-is-not-posted",
                                                 "money-is-posted-twice",
                                                 "another-amount-is-told",
                                                 "hold-is-on-a-neighbour",
                                                 "hold-is-not-released",
                                                 "hold-is-not-captured",
                                                 "journey-is-not-closed",
                                                 "pin-failure-is-not-counted",
                                                 "pin-is-not-locked",
                                                 "refused-and-done",
                                                 "done-and-nothing-kept",
                                                 "reversal-gives-nothing-back",
                                                 "early-reversal-is-forgotten",
                                                 "erasure-leaves-the-face",
                                                 "consent-stays",
                                                 "category-is-wrong",
                                                 "evidence-is-not-kept",
                                                 "holds-are-not-counted",
                                                 "consent-is-ignored",
                                                 "consent-for-another-purpose",
                                                 "margin-is-ignored",
                                                 "age-is-ignored",
                                                 "terminal-is-ignored",
                                                 "wrong-pin-is-right",
                                                 "face-counts-as-pin",
                                                 "erasure-never-ends",
                                                 "erasure-comes-too-soon",
                                                 "hold-without-funds",
                                                 "hold-keeps-its-rest",
                                                 "hold-is-half-released",
                                                 "fare-above-the-maximum",
                                                 "maximum-fare-is-free",
                                                 "tariff-of-tomorrow",
                                                 "revoked-terminal-may",
                                                 "wallet-of-a-neighbour",
                                                 "threshold-is-not-asked",
                                                 "amounts-have-no-bound",
                                                 "trial-balance-drifts",
                                                 "refunds-are-not-counted",
                                                 "open-journey-is-not-noted"};

Defect chosen = Defect::none;
std::uint64_t turns = 0;

class DefectivePort final : public Port {
 public:
  using Port::Port;

  Appended append(Head& head, std::span<const NewEntry> batch,
                  std::vector<Digest>* chains = nullptr) override {
    if (was_full_ && is(Defect::log_stays_full)) return Appended::disk_full;
    if (is(Defect::log_tears_batches) && batch.size() > 1) return in_two(head, batch, chains);
    std::vector<NewEntry> entries(batch.begin(), batch.end());
    for (NewEntry& entry : entries)
      if (is_due(Defect::log_loses_keys, 8)) entry.key.reset();
    const Head before = head;
    const Appended outcome = Port::append(head, entries, chains);
    was_full_ = outcome == Appended::disk_full;
    const bool hides = (outcome == Appended::unknown && is(Defect::log_hides_failures)) ||
                       (outcome == Appended::disk_full && is(Defect::log_hides_a_full_disk));
    if (!hides) return outcome;
    head = before;
    advance(head, entries, chains);
    return Appended::committed;
  }

  std::optional<Position> find(const Digest& key) const override {
    const auto found = Port::find(key);
    if (found && is_due(Defect::log_finds_nothing, 8)) return std::nullopt;
    if (found && found->value > 1 && is_due(Defect::log_finds_another, 8))
      return Position{found->value - 1};
    return found;
  }

 private:
  bool was_full_ = false;

  Appended in_two(Head& head, std::span<const NewEntry> batch, std::vector<Digest>* chains) {
    Head whole = head;
    advance(whole, batch, chains);
    const Appended first = Port::append(head, batch.first(1));
    if (first != Appended::committed) return first;
    const Appended second = Port::append(head, batch.subspan(1));
    tried.clear();
    for (const NewEntry& entry : batch) tried.push_back(entry.payload);
    return second;
  }
};

}  // namespace

std::vector<std::string> defect_names() { return {names.begin(), names.end()}; }

void choose_defect(const std::string& name) {
  static_assert(names.size() + 1 == static_cast<std::size_t>(Defect::count));
  const auto found = std::ranges::find(names, name);
  const auto at = static_cast<std::size_t>(found - names.begin());
  chosen = found == names.end() ? Defect::none : static_cast<Defect>(at + 1);
  turns = 0;
}

void begin_defect() { turns = 0; }

bool is(Defect defect) { return chosen == defect; }

bool is_due(Defect defect, std::uint64_t every) { return chosen == defect && turns++ % every == 0; }

std::unique_ptr<Port> make_port(EventLog& log) {
  if (chosen == Defect::none) return std::make_unique<Port>(log);
  return std::make_unique<DefectivePort>(log);
}

}  // namespace obverse::simulation
